"""The passes over a panel's rows: compiled, on all cores, or in plain NumPy.

What they give is said in `labs.forecasting.plain`; errors are kept of the last KEEP periods.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.kernels import smoothing as kernels
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over
from catallax.labs.forecasting import plain
from catallax.labs.forecasting.plain import Past, make_empty

KEEP = 104  # two years of weeks


def repeat_season(series: Floats, period: int, horizon: int) -> Past:
    """Points and errors of the last value of the same period of the season."""
    n, length = series.shape
    keep = min(KEEP, length)
    if not compiled():
        return plain.repeat_season(series, period, horizon, keep)
    points, errors = make_empty(n, horizon, keep)
    values, flat = series.ravel(), (points.ravel(), errors.ravel())

    def work(first: int, stop: int) -> None:
        kernels.repeat_season(values, length, period, horizon, keep, *flat, first, stop)

    over(n, errors.size, work)
    return points, errors


def score_ewma(series: Floats, weights: Floats) -> Floats:
    """Sums (n, G) of absolute one-step errors with each weight (G,)."""
    if not compiled():
        return plain.score_ewma(series, weights)
    n, length = series.shape
    level, scores = np.zeros((2, n, len(weights)))
    values, flat = series.ravel(), (level.ravel(), scores.ravel())

    def work(first: int, stop: int) -> None:
        kernels.score_ewma(values, length, weights, *flat, first, stop)

    over(n, series.size * len(weights), work)
    return scores


def smooth_ewma(series: Floats, weight: Floats, horizon: int) -> Past:
    """Points and errors of exponential smoothing with each row's weight (n,)."""
    n, length = series.shape
    keep = min(KEEP, length)
    if not compiled():
        return plain.smooth_ewma(series, weight, horizon, keep)
    points, errors = make_empty(n, horizon, keep)
    values, flat = series.ravel(), (points.ravel(), errors.ravel())

    def work(first: int, stop: int) -> None:
        kernels.smooth_ewma(values, length, weight, horizon, keep, *flat, first, stop)

    over(n, errors.size, work)
    return points, errors


def score_holt_winters(
    series: Floats, skip: int, start: Floats, season: Floats, options: Floats
) -> Floats:
    """Sums (n, G) of absolute one-step errors after `skip` periods with each option (G, 4)."""
    if not compiled():
        return plain.score_holt_winters(series, skip, start, season, options)
    n, length = series.shape
    scores = np.zeros((n, len(options)))
    given = series.ravel(), length, season.shape[1], skip, start.ravel(), season.ravel()
    rest = options.T.ravel(), scores.ravel()

    def work(first: int, stop: int) -> None:
        kernels.score_holt_winters(*given, *rest, first, stop)

    over(n, series.size * len(options), work)
    return scores


def smooth_holt_winters(
    series: Floats, skip: int, start: Floats, season: Floats, option: Floats, horizon: int
) -> Past:
    """Points and errors of Holt and Winters with each row's option (n, 4)."""
    n, length = series.shape
    keep = min(KEEP, length)
    if not compiled():
        return plain.smooth_holt_winters(series, skip, start, season, option, horizon, keep)
    points, errors = make_empty(n, horizon, keep)
    given = series.ravel(), length, season.shape[1], skip, start.ravel(), season.copy().ravel()
    rest = option.ravel(), horizon, keep, points.ravel(), errors.ravel()

    def work(first: int, stop: int) -> None:
        kernels.smooth_holt_winters(*given, *rest, first, stop)

    over(n, errors.size, work)
    return points, errors
