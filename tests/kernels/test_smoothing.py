"""Compiled forecasts of whole series against plain ones, with gaps, and their limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catallax.labs.forecasting import FittedEwma, FittedHoltWinters, Last, SeasonalNaive, forecast

METHODS = [
    Last(),
    SeasonalNaive(3),
    SeasonalNaive(7),
    FittedEwma(),
    FittedHoltWinters(1),
    FittedHoltWinters(4),
]


@pytest.mark.parametrize(
    "method", METHODS, ids=lambda method: f"{method.name}{METHODS.index(method)}"
)
@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32 - 1),
    length=st.sampled_from([40, 75, 120]),
    horizon=st.integers(1, 9),
    gaps=st.sampled_from([0.0, 0.15]),
)
def test_panels(alike, method, seed, length, horizon, gaps) -> None:
    r = np.random.default_rng(seed)
    walk, noise = r.normal(size=(2, 5, length))
    series = 0.1 * np.arange(5)[:, None] * walk.cumsum(axis=1) + noise
    series *= 10.0 ** r.integers(-3, 4, (5, 1))
    series[r.random(series.shape) < gaps] = np.nan
    series[:, -20:-16] = 1.0  # something is known
    series[0] = 3.0  # and one row never changes
    alike(lambda: forecast(series, horizon, method).values, rel=1e-12)


@pytest.mark.parametrize("kernel", ["ewma", "holt"])
@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_scores_are_the_errors_that_the_pass_itself_makes(alike, kernel, seed) -> None:
    """The sum of one-step errors that chooses a row's weights is that of the forecasts made."""
    from catallax.labs.forecasting import passes

    r = np.random.default_rng(seed)
    series = r.normal(size=(4, 40)).cumsum(axis=1)
    series[r.random(series.shape) < 0.1] = np.nan
    if kernel == "ewma":
        weights = np.array([0.0, 0.3, 1.0])
        scores = passes.score_ewma(series, weights)
        made = [passes.smooth_ewma(series, np.full(4, w), 3)[1] for w in weights]
    else:
        start, season = r.normal(size=(4, 2)), r.normal(size=(4, 6))
        options = np.array([[0.3, 0.1, 0.2, 0.9], [1.0, 0.0, 0.0, 0.0], [0.2, 0.2, 0.0, 1.0]])
        scores = passes.score_holt_winters(series, 10, start, season, options)
        each = [np.tile(option, (4, 1)) for option in options]
        made = [
            passes.smooth_holt_winters(series, 10, start, season, option, 3)[1] for option in each
        ]
    sums = [np.nansum(np.abs(errors[:, 0]), axis=1) for errors in made]
    np.testing.assert_allclose(scores, np.stack(sums, axis=1), rtol=1e-12)
