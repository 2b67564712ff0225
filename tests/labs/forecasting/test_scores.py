"""Measures of forecasts against values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.labs.forecasting import (
    average_by_row,
    measure_coverage,
    measure_pinball,
    measure_scale,
    measure_wape,
)

NAN = np.nan


def test_scale_is_the_mean_change_over_a_lag() -> None:
    series = np.array([[1.0, 2.0, 4.0, 1.0], [NAN, 3.0, NAN, 4.0], [5.0, 5.0, 5.0, 5.0]])
    assert measure_scale(series, 1) == pytest.approx([2.0, NAN, NAN], nan_ok=True)
    assert measure_scale(series, 2) == pytest.approx([2.0, 1.0, NAN], nan_ok=True)


def test_the_scaled_error_of_the_naive_forecast_on_its_own_history_is_1() -> None:
    series = np.random.default_rng(0).normal(size=(4, 30))
    off = np.abs(np.diff(series, axis=1))[None]
    assert average_by_row(off, measure_scale(series, 1)) == pytest.approx(np.ones(4))


def test_wape_weighs_rows_by_what_they_are() -> None:
    actual = np.array([[[10.0, 90.0]], [[NAN, 100.0]]])
    assert measure_wape(actual, np.array([[[20.0, 80.0]], [[7.0, 100.0]]])) == 20 / 200


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_twice_the_loss_at_the_median_is_the_absolute_error(came, said) -> None:
    loss = measure_pinball(np.full((1, 1, 1), came), np.full((1, 1, 1, 1), said), (0.5,))
    assert loss[0, 0, 0] == pytest.approx(abs(came - said))


def test_the_loss_is_least_at_the_quantile_itself() -> None:
    """What makes it a proper score: on a million draws no other value does better."""
    draws = np.random.default_rng(0).normal(size=(100_000, 1, 1))
    tried = np.linspace(-2, 0, 41)
    losses = [measure_pinball(draws, np.full((1, 1, 1, 1), q), (0.1,)).mean() for q in tried]
    assert tried[np.argmin(losses)] == pytest.approx(-1.2816, abs=0.05)


def test_coverage_counts_ends_and_leaves_out_what_is_missing() -> None:
    actual = np.array([[[1.0, 2.0, NAN, 4.0]]])
    low, high = np.full((2, 1, 1, 4), [[[[1.0]]], [[[3.0]]]])
    assert measure_coverage(actual, low, high) == 2 / 3
