"""The choice of methods: it finds the right one where there is one, and else stays put."""

import numpy as np
import pytest

from catallax.labs.forecasting import (
    Choice,
    FittedEwma,
    Last,
    choose,
    choose_origins,
    collect_outcomes,
    forecast,
    record_errors,
    roll_forecasts,
)

MEAN = FittedEwma((0.0,))
BOTH = Choice((Last(), MEAN), seen=12)


def test_rows_that_walk_get_the_last_value_and_rows_of_noise_their_mean() -> None:
    r = np.random.default_rng(0)
    noise, walk = 10.0 * r.normal(size=(100, 80)), r.normal(size=(100, 80)).cumsum(axis=1)
    series = np.concatenate([noise, walk])
    found = forecast(series, 1, BOTH).point
    is_last = (found == series[:, -1:]).ravel()
    assert is_last[:100].mean() < 0.1
    assert is_last[100:].mean() > 0.9


def test_where_rows_are_alike_none_defects_by_luck() -> None:
    """300 rows of noise: many were better served by a short memory lately, and that was luck."""
    series = np.random.default_rng(4).normal(size=(300, 60))
    short, at = FittedEwma((0.2,)), choose_origins(60, 1, 12)
    actual, size = collect_outcomes(series, 1, at), np.ones(300)
    points = np.stack([roll_forecasts(series, m, 1, at, (0.5,))[..., 0] for m in (MEAN, short)])
    seen = record_errors(points, actual, size).mean(axis=1)
    lucky = seen[1] < seen[0]
    assert lucky.mean() > 0.15
    found = forecast(series, 1, Choice((MEAN, short), seen=12)).point
    defected = found == forecast(series, 1, short).point
    assert defected.sum() <= 0.1 * lucky.sum()


def record(true: np.ndarray, horizon: int, count: int, seed: int) -> np.ndarray:
    """Errors (2, o, n): of the second method more by `true` (n,) and noise shared by origins."""
    r = np.random.default_rng(seed)
    single = r.normal(size=(count + horizon - 1, len(true)))
    windows = np.stack([single[o : o + horizon].mean(axis=0) for o in range(count)])
    return np.stack([np.full(windows.shape, 5.0), 5.0 + true + windows])


@pytest.mark.parametrize(("horizon", "count"), [(1, 8), (4, 8), (8, 8), (8, 12)])
@pytest.mark.parametrize("between", [0.2, 1.0])
def test_a_rows_record_counts_as_much_as_it_predicts(horizon, count, between) -> None:
    """The weight is the slope of the truth on the record: what least squares would give it."""
    true = 0.5 + between * np.random.default_rng(9).normal(size=20_000)
    errors = record(true, horizon, count, seed=1)
    seen = (errors[1] - errors[0]).mean(axis=0)
    slope = np.cov(true, seen)[0, 1] / seen.var(ddof=1)
    assert choose(errors, horizon).weight[1] == pytest.approx(slope, abs=0.03)


def test_a_method_is_chosen_where_its_shrunk_difference_is_below_0() -> None:
    true = 0.3 + np.random.default_rng(9).normal(size=5_000)
    errors = record(true, 1, 8, seed=1)
    chosen = choose(errors, 1)
    seen = (errors[1] - errors[0]).mean(axis=0)
    shrunk = seen.mean() + chosen.weight[1] * (seen - seen.mean())
    assert chosen.best == 0
    assert np.array_equal(chosen.pick == 1, shrunk < 0)
    assert 0 < (chosen.pick == 1).sum() < (seen < 0).sum()


def test_of_equals_the_best_stands_and_then_the_first() -> None:
    same = np.ones((3, 4, 5))
    assert choose(same, 2).pick.tolist() == [0] * 5
    same[0] = 2.0
    assert choose(same, 2).pick.tolist() == [1] * 5


def test_rows_without_a_record_get_what_is_best_overall() -> None:
    errors = record(1.0 + np.random.default_rng(9).normal(size=50), 1, 8, seed=1)
    errors[1, :, 7] = -9.0
    assert choose(errors, 1).pick[7] == 1
    errors[1, 2, 7] = np.nan
    assert choose(errors, 1).pick[7] == 0
    assert choose(np.full((2, 3, 4), np.nan), 1).pick.tolist() == [0] * 4


def test_a_single_row_has_nothing_to_be_shrunk_towards_but_its_best() -> None:
    errors = record(np.array([-1.0]), 1, 8, seed=1)
    chosen = choose(errors, 1)
    assert chosen.pick.tolist() == [chosen.best] == [1]
    assert chosen.weight.tolist() == [0.0, 0.0]


def test_it_gives_what_all_of_its_methods_give_and_needs_what_the_longest_needs() -> None:
    assert BOTH.span == (0.0, 1.0)
    assert BOTH.least(3) == Last().least(3) + 3 + 11
