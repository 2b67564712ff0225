"""Forecasts against what is known of each method: exact cases, gaps, laws, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catallax.errors import InputError
from catallax.labs.forecasting import (
    LEVELS,
    METHODS,
    Choice,
    FittedEwma,
    FittedHoltWinters,
    Last,
    SeasonalNaive,
    forecast,
    make_method,
)
from catallax.labs.forecasting.smoothing import estimate_start

EVERY = [*(make(4) for make in METHODS.values()), Choice((Last(), FittedEwma()))]
named = pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.name)


def noisy(rows: int, length: int, seed: int = 0) -> np.ndarray:
    r = np.random.default_rng(seed)
    return 50.0 + r.normal(size=(rows, length)).cumsum(axis=1) + r.normal(size=(rows, length))


@named
def test_a_constant_is_forecast_exactly_and_is_certain(rule) -> None:
    found = forecast(np.full((3, 40), 0.7), 5, rule)
    assert found.values == pytest.approx(np.full((3, 5, len(LEVELS)), 0.7), abs=1e-12)


@given(st.integers(2, 12), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_a_pure_season_is_forecast_exactly_by_the_season_before(period, horizon, seed) -> None:
    wave = np.random.default_rng(seed).normal(size=(3, period))
    series = np.tile(wave, (1, 40))[:, : 39 * period + period // 2]
    ahead = np.arange(series.shape[1], series.shape[1] + horizon) % period
    found = forecast(series, horizon, SeasonalNaive(period))
    assert np.array_equal(found.point, wave[:, ahead])


@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_a_line_with_a_season_is_forecast_exactly_by_holt_and_winters(seed, horizon) -> None:
    r = np.random.default_rng(seed)
    wave, slope = r.normal(size=(3, 6)), r.normal(size=(3, 1))
    t = np.arange(60 + horizon)
    truth = 5.0 + slope * t + wave[:, t % 6]
    found = forecast(truth[:, :60], horizon, FittedHoltWinters(6))
    assert found.point == pytest.approx(truth[:, 60:], abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_a_line_is_forecast_exactly_by_holt(seed, horizon) -> None:
    r = np.random.default_rng(seed)
    truth = r.normal(size=(3, 1)) + r.normal(size=(3, 1)) * np.arange(40.0 + horizon)
    found = forecast(truth[:, :40], horizon, FittedHoltWinters(52))
    assert found.point == pytest.approx(truth[:, 40:], abs=1e-9)


@pytest.mark.parametrize("period", [1, 6])
@given(seed=st.integers(0, 2**32 - 1))
def test_level_slope_and_season_of_a_line_are_known_from_the_first_two_seasons(period, seed):
    r = np.random.default_rng(seed)
    level, slope, wave = r.normal(size=(3, 1)), r.normal(size=(3, 1)), r.normal(size=(3, period))
    wave -= wave.mean(axis=1, keepdims=True)
    t = np.arange(1.0, 31.0)
    start, season, used = estimate_start(
        level + slope * t + wave[:, np.arange(30) % period], period
    )
    assert used == (10 if period == 1 else 12)
    assert start == pytest.approx(np.hstack([level, slope]), abs=1e-12)
    assert season == pytest.approx(wave, abs=1e-12)


def test_a_stretch_without_values_says_nothing_of_the_slope() -> None:
    series = np.full((1, 20), 3.0)
    series[0, :5] = np.nan
    start, season, _ = estimate_start(series, 1)
    assert (start.tolist(), season.tolist()) == ([[3.0, 0.0]], [[0.0]])


def test_the_last_value_is_the_last_that_is_known() -> None:
    series = noisy(3, 20)
    series[1, -2:] = np.nan
    found = forecast(series, 2, Last()).point
    assert np.array_equal(found, np.repeat(series[[0, 1, 2], [19, 17, 19]], 2).reshape(3, 2))


def test_smoothing_averages_what_only_has_noise_and_follows_what_walks() -> None:
    r = np.random.default_rng(3)
    noise, walk = r.normal(size=(200, 80)), r.normal(size=(200, 80)).cumsum(axis=1)
    level = forecast(noise, 1, FittedEwma()).point[:, 0]
    assert np.sqrt((level**2).mean()) < 0.25
    assert np.abs(forecast(walk, 1, FittedEwma()).point[:, 0] - walk[:, -1]).mean() < 0.25


@named
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), gaps=st.sampled_from([0.0, 0.1]))
def test_quantiles_ascend(rule, seed, gaps) -> None:
    series = noisy(6, 50, seed)
    series[np.random.default_rng(seed).random(series.shape) < gaps] = np.nan
    found = forecast(series, 4, rule)
    assert np.all(np.diff(found.values, axis=2) >= 0)
    assert np.isfinite(found.values).all()
    assert not found.values.flags.writeable


@named
@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-3, 7.0, 1e5]))
def test_units_do_not_matter(rule, seed, unit) -> None:
    series = noisy(4, 45, seed)
    one, other = forecast(series, 3, rule), forecast(unit * series, 3, rule)
    np.testing.assert_allclose(other.values, unit * one.values, rtol=1e-8)


@pytest.mark.parametrize("rule", [Last(), FittedEwma()], ids=lambda rule: rule.name)
@pytest.mark.parametrize("length", [40, 120])
def test_a_random_walk_is_covered_as_often_as_claimed(rule, length) -> None:
    """1,000 walks of different size: shares within three points of 80 and of 95 per cent."""
    r = np.random.default_rng(1)
    walk = r.normal(size=(1000, length + 4)).cumsum(axis=1) * r.lognormal(size=(1000, 1))
    found, came = forecast(walk[:, :length], 4, rule), walk[:, length:]
    for share, low, high in ((0.8, 0.1, 0.9), (0.95, 0.025, 0.975)):
        inside = (came >= found.at(low)) & (came <= found.at(high))
        assert inside.mean() == pytest.approx(share, abs=0.03)


def test_intervals_grow_with_the_horizon_as_a_random_walks_do() -> None:
    walk = np.random.default_rng(2).normal(size=(500, 120)).cumsum(axis=1)
    found = forecast(walk, 9, Last())
    width = (found.at(0.9) - found.at(0.1)).mean(axis=0)
    assert width[8] / width[0] == pytest.approx(3.0, rel=0.1)


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (np.ones(30), r"series of shape \(30,\), expected rows x time"),
        (np.ones((0, 30)), "at least one of each"),
        (np.full((2, 30), np.inf), r"row 0, period 0: inf is not finite; give NaN"),
        (np.where(np.arange(30) < 27, np.nan, np.ones((2, 30))), "row 0 has 3 values, expected at"),
    ],
)
def test_panels_that_cannot_be_forecast_are_refused(series, said) -> None:
    with pytest.raises(InputError, match=said):
        forecast(series, 3, Last())


def test_a_row_that_nothing_can_be_held_against_is_refused() -> None:
    series = noisy(3, 140)
    series[1, 30:] = np.nan
    with pytest.raises(InputError, match="no forecast of row 1 can be held against what came"):
        forecast(series, 1, Last())


def test_wrong_settings_are_refused() -> None:
    for levels in ((0.1, 0.9), (0.5, 0.1), (0.5, 0.5)):
        with pytest.raises(InputError, match=r"expected ascending, with 0\.5 among them"):
            forecast(noisy(2, 30), 1, Last(), levels)
    with pytest.raises(InputError, match="expected within 0 to 1, ends of 0 and 1 left out"):
        forecast(noisy(2, 30), 1, Last(), (0.5, 1.0))
    with pytest.raises(InputError, match="horizon is 0, expected at least 1"):
        forecast(noisy(2, 30), 0, Last())
    with pytest.raises(InputError, match=r"no quantile 0\.25; there are 0\.5"):
        forecast(noisy(2, 30), 1, Last(), (0.5,)).at(0.25)
    with pytest.raises(InputError, match=r"ewma: weights are .2,., expected at least one, each"):
        FittedEwma((2,))
    with pytest.raises(InputError, match=r"holt_winters: damping are .-1,."):
        FittedHoltWinters(4, damping=(-1,))
    with pytest.raises(InputError, match="seasonal_naive: period is 0, expected at least 1"):
        SeasonalNaive(0)
    with pytest.raises(InputError, match=r"unknown forecasting method 'ewna'\. Did you mean 'ewma"):
        make_method("ewna", 52)
    with pytest.raises(InputError, match="0 methods and 8 origins"):
        Choice(())
