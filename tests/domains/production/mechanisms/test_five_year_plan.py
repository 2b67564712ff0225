"""The plan of the old school: what it hears, when it speaks and what its balances say."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from catallax import (
    ChannelLaw,
    Contract,
    InputError,
    LineLaw,
    assess,
    five_year_plan,
    generate,
    simulate,
    tin,
)
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.mechanisms import FiveYearPlan
from catallax.domains.production.network import Inbox, Table
from catallax.domains.production.run import Setup
from catallax.streams import Streams

CALM = KnowledgeLaw(dispersion=0.0, drift=0.0)
CLEAR = LineLaw(delay=0.0, noise=0.0, resolution=0)
ECONOMY = generate(3)


def office(seed: int = 0, **settings: Any):
    """A centre, its first memory and a message that says `supply`."""
    setup = Setup(tin(ECONOMY), five_year_plan(), seed)
    plain: dict[str, Any] = {"delegation": "in_kind", "taut": 0.0}
    centre = FiveYearPlan(**(plain | settings))
    memory = centre.start(setup.public, Streams(seed).generator("centre"))

    def heard(supply: np.ndarray) -> Inbox:
        age = np.where(ECONOMY.technology.supply > 0, 0.0, np.inf)
        return Inbox(Table({"supply": supply}), Table({"supply": age}))

    return centre, memory, heard


def test_with_perfect_knowledge_of_a_still_economy_the_plan_is_optimal() -> None:
    contract = Contract(
        ECONOMY, CALM, ChannelLaw(line=CLEAR, centre=CLEAR, measuring=0.0), weeks=104, settle=0
    )
    path = assess(simulate(contract, five_year_plan(delegation="in_kind", taut=0.0), 0))
    assert path.efficiency == pytest.approx(1.0, abs=1e-6)


def test_directives_come_once_a_year_in_a_week_drawn_by_seed() -> None:
    weeks = []
    for seed in range(6):
        centre, memory, heard = office(seed)
        said = []
        for t in range(104):
            plan, memory = centre.decide(heard(ECONOMY.technology.supply), t, memory)
            said += [t] if plan is not None else []
        assert len(said) == 2
        assert said[1] - said[0] == 52
        weeks.append(said[0])
    assert len(set(weeks)) > 2


def test_a_plan_asks_for_no_more_of_an_endowment_than_was_reported() -> None:
    centre, memory, heard = office(period=1, smoothing=1.0)
    supply = ECONOMY.technology.supply.copy()
    supply[ECONOMY.network.row("ore")] *= 0.5
    plan, _ = centre.decide(heard(supply), 0, memory)
    ends = ECONOMY.network.endowments
    asked = ECONOMY.network.orders(plan.link["ask"])[ends]
    assert np.all(asked <= supply[ends] * (1 + 1e-5))
    assert asked[1] == pytest.approx(supply[1], rel=1e-5)


def test_a_plan_keeps_to_base_year_norms() -> None:
    centre, memory, heard = office(period=1, smoothing=1.0)
    supply = 0.8 * ECONOMY.technology.supply
    plan, _ = centre.decide(heard(supply), 0, memory)
    rows, norm = ECONOMY.network.rows, ECONOMY.technology.norm
    per_norm = plan.link["use"] / norm
    low, high = (f(per_norm, rows.good_first[rows.row_first[rows.buyers]]) for f in REDUCED)
    plants = ECONOMY.network.kind[rows.buyers] == 1
    assert high[plants] == pytest.approx(low[plants], rel=1e-9)


REDUCED = (np.minimum.reduceat, np.maximum.reduceat)


def test_reports_are_smoothed_by_the_weight_set() -> None:
    centre, memory, heard = office(smoothing=0.25)
    _, after = centre.decide(heard(0.5 * ECONOMY.technology.supply), memory.phase + 1, memory)
    ends = ECONOMY.network.endowments
    ratio = after.supply[ends] / memory.supply[ends]
    assert ratio == pytest.approx(0.5**0.25, rel=1e-12)


def test_the_weight_is_that_of_a_week_however_many_rounds_it_has() -> None:
    contract = replace(tin(ECONOMY), channel=ChannelLaw(rounds=4))
    public, centre = Setup(contract, five_year_plan(), 0).public, FiveYearPlan(smoothing=0.25)
    memory = start = centre.start(public, Streams(0).generator("centre"))
    ends = ECONOMY.network.endowments
    age = np.where(public.base.supply > 0, 0.0, np.inf)
    inbox = Inbox(Table({"supply": 0.5 * public.base.supply}), Table({"supply": age}))
    for tick in range(4):
        supply = memory.supply[ends]
        _, memory = centre.decide(inbox, 4 * (start.phase + 1) + tick, memory)
        gap = np.log(0.5 * public.base.supply[ends] / supply)
        assert np.log(memory.supply[ends] / supply) == pytest.approx(gap / 16, rel=1e-9)


def test_what_was_never_reported_stays_at_the_base_year() -> None:
    centre, memory, _ = office()
    silence = np.full(ECONOMY.network.n, np.inf)
    inbox = Inbox(Table({"supply": 0.1 * memory.supply}), Table({"supply": silence}))
    _, after = centre.decide(inbox, memory.phase + 1, memory)
    assert np.array_equal(after.supply, memory.supply)


def test_a_plan_that_never_answers_feels_tin_less_than_one_that_does() -> None:
    """The awkward finding of the documents, so that it is noticed if it goes."""
    contract = replace(tin(generate(5)), weeks=208)
    answers, silent = (
        assess(simulate(contract, five_year_plan(period=p, delegation="in_kind"), 0))
        for p in (52, 10_000)
    )
    assert silent.mean(silent.efficiency, 104) > answers.mean(answers.efficiency, 104)


@pytest.mark.parametrize("settings", [{"period": 0}, {"period": 1.5}, {"smoothing": 0.0}])
def test_a_setting_out_of_range_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(
        InputError, match=f"five_year_plan:{next(iter(settings))}: .* is (out of range|not a whole)"
    ):
        five_year_plan(**settings)
