"""Forecasts of whole series, row by row of a panel.

`seasonal`, `ewma` and `holt` give points (n, h) and errors (n, h, P) of values (n, T): of the last
P = KEEP periods, what came less what was expected 1 to h periods before. The `_scores` are sums of
absolute one-step errors (n, G).
"""

import numpy as np

from catallax.arrays import Floats
from catallax.kernels import smoothing as kernels
from catallax.kernels.switch import operation
from catallax.kernels.threads import over

KEEP = 104  # two years of weeks

Past = tuple[Floats, Floats]


def _nothing(n: int, horizon: int, keep: int) -> Past:
    """No points and no errors yet."""
    return np.full((n, horizon), np.nan), np.full((n, horizon, keep), np.nan)


def _seasonal_plainly(series: Floats, period: int, horizon: int) -> Past:
    n, length = series.shape
    keep = min(KEEP, length)
    last, same = np.full((2, n, length + 1), np.nan)  # the last column is that of no period
    for t in range(length):
        season_ago = same[:, t - period if t >= period else -1]
        last[:, t] = _else(series[:, t], last[:, t - 1])
        same[:, t] = _else(series[:, t], season_ago)
    known = _else(same, last)
    points, errors = _nothing(n, horizon, keep)
    for k in range(1, horizon + 1):
        back = period * -(-k // period)
        points[:, k - 1] = known[:, length - 1 + k - back]
        for t in range(max(length - keep, back), length):
            errors[:, k - 1, t - length + keep] = series[:, t] - known[:, t - back]
    return points, errors


def _else(one: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(one), other, one)


@operation(_seasonal_plainly)
def seasonal(series: Floats, period: int, horizon: int) -> Past:
    """Points and errors of the last value of the same period of the season."""
    n, length = series.shape
    keep = min(KEEP, length)
    points, errors = _nothing(n, horizon, keep)
    values, flat = series.ravel(), (points.ravel(), errors.ravel())

    def work(first: int, stop: int) -> None:
        kernels.seasonal(values, length, period, horizon, keep, *flat, first, stop)

    over(n, errors.size, work)
    return points, errors


def _ewma_scores_plainly(series: Floats, weights: Floats) -> Floats:
    level, scores = np.zeros((2, len(series), len(weights)))
    seen = np.zeros((len(series), 1))
    for v in series.T[:, :, None]:
        e = np.where(np.isnan(v), 0.0, v - level)
        scores += np.where(seen > 0, np.abs(e), 0.0)
        level += np.maximum(weights, 1.0 / (seen + 1.0)) * e
        seen += ~np.isnan(v)
    return scores


@operation(_ewma_scores_plainly)
def ewma_scores(series: Floats, weights: Floats) -> Floats:
    """Sums (n, G) of absolute one-step errors with each weight (G,)."""
    n, length = series.shape
    level, scores = np.zeros((2, n, len(weights)))
    values, flat = series.ravel(), (level.ravel(), scores.ravel())

    def work(first: int, stop: int) -> None:
        kernels.ewma_scores(values, length, weights, *flat, first, stop)

    over(n, series.size * len(weights), work)
    return scores


def _ewma_plainly(series: Floats, weight: Floats, horizon: int) -> Past:
    n, length = series.shape
    level, seen = np.zeros((2, n))
    points, errors = _nothing(n, horizon, min(KEEP, length))
    for t in range(length):
        v = series[:, t]
        gain = np.maximum(weight, 1.0 / (seen + 1.0))
        level = np.where(np.isnan(v), level, level + gain * (v - level))
        seen += ~np.isnan(v)
        expected = np.where(seen > 0, level, np.nan)
        _err(errors, series, t, [expected] * horizon)
    points[:] = level[:, None]
    return points, errors


def _err(errors: Floats, series: Floats, t: int, ahead: list[Floats]) -> None:
    """Write down how far off it was what `t` expected of the periods after it."""
    length, keep = series.shape[1], errors.shape[2]
    for k, expected in enumerate(ahead, start=1):
        if length - keep <= t + k < length:
            errors[:, k - 1, t + k - length + keep] = series[:, t + k] - expected


@operation(_ewma_plainly)
def ewma(series: Floats, weight: Floats, horizon: int) -> Past:
    """Points and errors of exponential smoothing with each row's weight (n,)."""
    n, length = series.shape
    keep = min(KEEP, length)
    points, errors = _nothing(n, horizon, keep)
    values, flat = series.ravel(), (points.ravel(), errors.ravel())

    def work(first: int, stop: int) -> None:
        kernels.ewma(values, length, weight, horizon, keep, *flat, first, stop)

    over(n, errors.size, work)
    return points, errors


def _holt_scores_plainly(
    series: Floats, skip: int, start: Floats, season: Floats, options: Floats
) -> Floats:
    scores, period = [], season.shape[1]
    for a, b, c, damp in options:
        level, slope = start.T
        wave, total = season.copy(), np.zeros(len(series))
        for t, v in enumerate(series.T):
            expected = level + damp * slope
            e = np.where(np.isnan(v), 0.0, v - (expected + wave[:, t % period]))
            total += np.abs(e) if t >= skip else 0.0
            level, slope = expected + a * e, damp * slope + b * e
            wave[:, t % period] += c * e
        scores.append(total)
    return np.stack(scores, axis=1)


@operation(_holt_scores_plainly)
def holt_scores(
    series: Floats, skip: int, start: Floats, season: Floats, options: Floats
) -> Floats:
    """Sums (n, G) of absolute one-step errors after `skip` periods with each option (G, 4)."""
    n, length = series.shape
    scores, room = np.empty((n, len(options))), np.empty(season.size)
    given = series.ravel(), length, season.shape[1], skip, start.ravel(), season.ravel()
    rest = options.ravel(), room, scores.ravel()

    def work(first: int, stop: int) -> None:
        kernels.holt_scores(*given, *rest, first, stop)

    over(n, series.size * len(options), work)
    return scores


def _holt_plainly(
    series: Floats, skip: int, start: Floats, season: Floats, option: Floats, horizon: int
) -> Past:
    (a, b, c, damp), (level, slope), wave = option.T, start.T, season.copy()
    points, errors = _nothing(len(series), horizon, min(KEEP, series.shape[1]))
    period = season.shape[1]
    for t, v in enumerate(series.T):
        level, slope = level + damp * slope, damp * slope
        e = np.where(np.isnan(v), 0.0, v - (level + wave[:, t % period]))
        level, slope = level + a * e, slope + b * e
        wave[:, t % period] += c * e
        ahead = _ahead(level, slope, wave, damp, t + 1, horizon)
        if t + 1 >= skip:
            _err(errors, series, t, ahead)
    points[:] = np.stack(ahead, axis=1)
    return points, errors


def _ahead(
    level: Floats, slope: Floats, wave: Floats, damp: Floats, begin: int, horizon: int
) -> list[Floats]:
    """What is expected of periods `begin` and on: the slope fades, the season comes round."""
    line, left, found = level, slope, []
    for t in range(begin, begin + horizon):
        left = damp * left
        line = line + left
        found.append(line + wave[:, t % wave.shape[1]])
    return found


@operation(_holt_plainly)
def holt(
    series: Floats, skip: int, start: Floats, season: Floats, option: Floats, horizon: int
) -> Past:
    """Points and errors of Holt and Winters with each row's option (n, 4)."""
    n, length = series.shape
    keep = min(KEEP, length)
    points, errors = _nothing(n, horizon, keep)
    given = series.ravel(), length, season.shape[1], skip, start.ravel(), season.copy().ravel()
    rest = option.ravel(), horizon, keep, points.ravel(), errors.ravel()

    def work(first: int, stop: int) -> None:
        kernels.holt(*given, *rest, first, stop)

    over(n, errors.size, work)
    return points, errors
