"""What is learned, measured: rates of error, skill of forecasts."""

import numpy as np
import pytest

from catallax import (
    ChannelLaw,
    Contract,
    InputError,
    KnowledgeLaw,
    LineLaw,
    generate,
    market,
    us15,
)
from catallax.domains.production.experiments.learned import (
    Learned,
    elasticities_learned,
    taste_skill,
)
from catallax.domains.production.mechanisms import ai_planner


def test_the_rate_is_the_power_of_time() -> None:
    weeks = (13, 26, 52, 104)
    error = np.array([[c * w**-0.5 for w in weeks] for c in (1.0, 2.0, 4.0)])
    rate, error_of_rate = Learned(weeks, error).rate
    assert rate == pytest.approx(-0.5)
    assert error_of_rate == pytest.approx(0.0, abs=1e-9)


def test_elasticities_that_nobody_can_tell_are_learned_as_history_grows() -> None:
    """From answers to prices that waver, as they do where the line to the rows has noise."""
    noisy = ChannelLaw(centre=LineLaw(noise=0.05), measuring=0.0)
    contract = Contract(us15(), KnowledgeLaw(drift=0.0, tacit_sigma=1.0), noisy, weeks=106)
    found = elasticities_learned(contract, ai_planner(), (1, 2), (27, 53, 105))
    assert found.error.shape == (2, 3)
    rate, doubt = found.rate
    assert rate + 2 * doubt < -0.2


def test_who_holds_no_belief_is_refused() -> None:
    with pytest.raises(InputError, match="only the centre of ai_planner"):
        elasticities_learned(Contract(generate(3), weeks=3), market(), (1,), (1,))
    with pytest.raises(InputError, match="weeks: "):
        elasticities_learned(Contract(generate(3), weeks=3), ai_planner(), (1,), (3,))


def test_a_season_can_be_foretold_and_news_cannot() -> None:
    skill = {}
    for novelty in (0.0, 1.0):
        law = KnowledgeLaw(drift=0.03, novelty=novelty)
        contract = Contract(generate(3), law, weeks=208)
        skill[novelty] = taste_skill(contract, 1, "structural", 8, burn=104)
    assert skill[0.0] > 0.9
    assert -0.2 < skill[1.0] < 0.2


def test_skill_over_no_weeks_is_refused() -> None:
    with pytest.raises(InputError, match="ahead: 0 is out of range"):
        taste_skill(Contract(generate(3), weeks=60), 1, "ewma", 0)
