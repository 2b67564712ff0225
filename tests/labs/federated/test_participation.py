"""Who takes part: shares as asked for, each fate independent of the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import InputError
from catallax.labs.federated import Participation
from catallax.streams import Streams

S = Streams(3)


@given(st.integers(1, 50), st.floats(0.01, 1.0), st.integers(0, 20))
def test_a_fixed_share_is_asked(count, share, t):
    drawn = Participation(share).draw(count, 5, S, t)
    assert drawn.asked.sum() == max(1, round(share * count))
    assert np.array_equal(drawn.steps, 5 * drawn.asked)
    assert np.array_equal(drawn.arrives, drawn.asked)


def test_by_coin_every_client_has_the_same_chance():
    """5 standard errors of a binomial; a fixed share has no variance of its number."""
    draws = [Participation(0.3, by_coin=True).draw(40, 5, S, t).asked for t in range(500)]
    share = np.mean(draws, axis=0)
    assert np.abs(share - 0.3).max() < 5 * np.sqrt(0.21 / 500)
    assert np.var(np.sum(draws, axis=1)) == pytest.approx(40 * 0.21, rel=0.3)


def test_stragglers_do_a_part_and_drop_outs_do_not_arrive():
    rule = Participation(0.5, stragglers=0.4, dropout=0.2)
    all_ = [rule.draw(100, 5, S, t) for t in range(100)]
    asked = np.concatenate([d.asked for d in all_])
    steps = np.concatenate([d.steps for d in all_])
    arrives = np.concatenate([d.arrives for d in all_])
    assert not steps[~asked].any()
    assert not arrives[~asked].any()
    assert set(steps[asked]) == {1, 2, 3, 4, 5}
    tolerance = 5 * np.sqrt(0.25 / asked.sum())
    assert (steps[asked] < 5).mean() == pytest.approx(0.4, abs=tolerance)
    assert arrives[asked].mean() == pytest.approx(0.8, abs=tolerance)


def test_of_one_step_there_is_no_part():
    drawn = Participation(stragglers=1.0).draw(4, 1, S, 0)
    assert not drawn.steps.any()
    assert not drawn.arrives.any()


def test_clients_at_the_end_change_no_fate_but_for_a_fixed_share():
    rule = Participation(by_coin=True, share=0.5, stragglers=0.3, dropout=0.3)
    few, many = rule.draw(5, 7, S, 2), rule.draw(9, 7, S, 2)
    for name in ("asked", "steps", "arrives"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[:5])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Participation(0.0), "share: 0.0 is out of range"),
        (lambda: Participation(stragglers=1.5), "stragglers: 1.5 is out of range"),
        (lambda: Participation(dropout=-1), "dropout: -1 is out of range"),
    ],
)
def test_bad_settings_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
