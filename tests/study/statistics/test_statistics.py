"""What is said to be beyond doubt is wrong no more often than it may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.errors import InputError
from catallax.study.statistics import (
    Estimate,
    cost,
    count_by_chance,
    estimate_mean,
    half_width,
    holm,
    look,
    next_look,
    verdicts,
)

P = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12).map(np.array)


def test_the_interval_is_students():
    # Student (1908), the ten patients of his table 1: extra sleep by drug 2 less drug 1.
    x = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    found = estimate_mean(x)
    assert found.mean == pytest.approx(1.58)
    assert found.p == pytest.approx(0.002833, abs=1e-6)
    assert found.high - found.mean == pytest.approx(float(half_width(x)))
    assert estimate_mean(x, 0.01).low < found.low
    assert not found.holds_zero


def test_one_seed_has_no_interval_and_no_spread_is_a_point():
    assert estimate_mean(np.array([0.3])).to_dict()["interval"] is None
    assert estimate_mean(np.array([0.3])).p == 1.0
    same = estimate_mean(np.full(4, 0.25))
    assert (same.low, same.high, same.p) == (0.25, 0.25, 0.0)
    assert estimate_mean(np.zeros(4)) == Estimate(0.0, 0.0, 0.0, 1.0, 4)
    with pytest.raises(InputError, match="0 differences"):
        estimate_mean(np.array([]))


def test_holm_steps_down():
    # The thresholds at 5 %: 0.0125, 0.0167, 0.025, 0.05.
    found = holm(np.array([0.01, 0.04, 0.03, 0.005]))
    assert found.decided.tolist() == [True, False, False, True]
    np.testing.assert_allclose(found.levels, [0.05 / 3, 0.025, 0.025, 0.0125])
    assert holm(np.array([0.01, 0.01])).decided.all()


@given(P)
def test_an_interval_shows_what_holm_decided(p):
    found = holm(p)
    assert np.array_equal(found.decided, p <= found.levels)
    plain = p <= 0.05 / len(p)
    assert np.all(found.decided >= plain)  # at least what Bonferroni decides


def test_holm_errs_at_its_level_in_any_cell():
    rng = np.random.default_rng(1)
    wrong = plain = 0
    for _ in range(400):
        cells = [("a", "b", rng.normal(size=6)) for _ in range(10)]
        wrong += any(v.decided for v in verdicts(cells))
        plain += any(estimate_mean(x).p <= 0.05 for _, _, x in cells)
    assert wrong / 400 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)
    assert plain / 400 > 0.3  # without a correction some cell has a winner by chance


def test_chance_tells_how_many_winners_are_luck():
    rng = np.random.default_rng(2)
    p = np.concatenate([np.full(20, 1e-6), rng.random(200)])
    found = count_by_chance(p)
    assert found.expected == pytest.approx(10.0, rel=0.25)  # 5 % of the 200
    assert found.share == pytest.approx(found.expected / found.winners)
    assert count_by_chance(np.full(5, 1e-6)).share == 0.0
    assert count_by_chance(np.ones(5)).to_dict() == {
        "winners": 0, "expected_by_chance": 0.25, "share": 0.0,
    }  # fmt: skip


def test_looks_stand_at_set_numbers_of_seeds_and_spend_no_more_than_the_level():
    assert [look(n) for n in (2, 4, 5, 8, 9, 16, 17)] == [1, 1, 2, 2, 3, 3, 4]
    assert [next_look(n, 20) for n in (0, 3, 4, 8, 16)] == [4, 4, 8, 16, 20]
    spent = np.cumsum([1 / cost(4 * 2**k) for k in range(40)])
    assert spent[0] == 0.5
    assert np.all(spent < 1.0)


def stopped_wrongly(cost_of) -> float:
    """Share of still series that are called decided at some look from 4 to 128 seeds."""
    rng, runs, wrong = np.random.default_rng(3), 3000, 0
    x = rng.normal(size=(runs, 128))
    left = np.ones(runs, dtype=bool)
    for n in (4, 8, 16, 32, 64, 128):
        p = np.array([estimate_mean(row[:n]).p for row in x[left]])
        decided = p * cost_of(n) <= 0.05
        wrong += int(decided.sum())
        left[left] = ~decided
    return wrong / runs


def test_stopping_when_it_is_clear_stays_valid():
    error = 3 * np.sqrt(0.05 * 0.95 / 3000)
    assert stopped_wrongly(cost) <= 0.05 + error
    assert stopped_wrongly(lambda n: 1) > 0.12  # plain intervals do not survive six looks


def test_a_verdict_names_the_winner_either_way_round():
    x = np.array([0.1, 0.11, 0.09, 0.1])
    found = verdicts([("a", "b", x), ("a", "b", -x), ("a", "b", x - x.mean())])
    assert [v.winner for v in found] == ["a", "b", None]
    assert [v.margin.holds_zero for v in found] == [False, False, True]
    late = verdicts([("a", "b", x)], looked=True)[0].margin
    assert late.level == pytest.approx(0.05 / 2)
