"""Forecasts of whole series, row by row of a panel.

What repeats or smooths gives points (n, h) and errors (n, h, P) of values (n, T): of the last
P = KEEP periods, what came less what was expected 1 to h periods before. What scores gives sums of
absolute one-step errors (n, G).
"""

import numpy as np

from catallax.arrays import Floats
from catallax.kernels import smoothing as kernels
from catallax.kernels.switch import operation
from catallax.kernels.threads import over
from catallax.learning.smoothing import move_toward, step_holt_winters, weigh_newest

KEEP = 104  # two years of weeks

Past = tuple[Floats, Floats]


def _make_empty(n: int, horizon: int, keep: int) -> Past:
    """No points and no errors yet."""
    return np.full((n, horizon), np.nan), np.full((n, horizon, keep), np.nan)


def _repeat_season_plainly(series: Floats, period: int, horizon: int) -> Past:
    n, length = series.shape
    keep = min(KEEP, length)
    last, same = np.full((2, n, length + 1), np.nan)  # the last column is that of no period
    for t in range(length):
        season_ago = same[:, t - period if t >= period else -1]
        last[:, t] = _fill_from(series[:, t], last[:, t - 1])
        same[:, t] = _fill_from(series[:, t], season_ago)
    known = _fill_from(same, last)
    points, errors = _make_empty(n, horizon, keep)
    for k in range(1, horizon + 1):
        back = period * -(-k // period)
        points[:, k - 1] = known[:, length - 1 + k - back]
        for t in range(max(length - keep, back), length):
            errors[:, k - 1, t - length + keep] = series[:, t] - known[:, t - back]
    return points, errors


def _fill_from(one: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(one), other, one)


@operation(_repeat_season_plainly)
def repeat_season(series: Floats, period: int, horizon: int) -> Past:
    """Points and errors of the last value of the same period of the season."""
    n, length = series.shape
    keep = min(KEEP, length)
    points, errors = _make_empty(n, horizon, keep)
    values, flat = series.ravel(), (points.ravel(), errors.ravel())

    def work(first: int, stop: int) -> None:
        kernels.repeat_season(values, length, period, horizon, keep, *flat, first, stop)

    over(n, errors.size, work)
    return points, errors


def _score_ewma_plainly(series: Floats, weights: Floats) -> Floats:
    level, scores = np.zeros((2, len(series), len(weights)))
    seen = np.zeros((len(series), 1))
    for v in series.T[:, :, None]:
        news = np.where(np.isnan(v), level, v)
        scores += np.where(seen > 0, np.abs(news - level), 0.0)
        level = move_toward(level, news, weigh_newest(weights, seen))
        seen += ~np.isnan(v)
    return scores


@operation(_score_ewma_plainly)
def score_ewma(series: Floats, weights: Floats) -> Floats:
    """Sums (n, G) of absolute one-step errors with each weight (G,)."""
    n, length = series.shape
    level, scores = np.zeros((2, n, len(weights)))
    values, flat = series.ravel(), (level.ravel(), scores.ravel())

    def work(first: int, stop: int) -> None:
        kernels.score_ewma(values, length, weights, *flat, first, stop)

    over(n, series.size * len(weights), work)
    return scores


def _smooth_ewma_plainly(series: Floats, weight: Floats, horizon: int) -> Past:
    n, length = series.shape
    level, seen = np.zeros((2, n))
    points, errors = _make_empty(n, horizon, min(KEEP, length))
    for t in range(length):
        v = series[:, t]
        level = move_toward(level, np.where(np.isnan(v), level, v), weigh_newest(weight, seen))
        seen += ~np.isnan(v)
        expected = np.where(seen > 0, level, np.nan)
        _note_errors(errors, series, t, [expected] * horizon)
    points[:] = level[:, None]
    return points, errors


def _note_errors(errors: Floats, series: Floats, t: int, ahead: list[Floats]) -> None:
    """Write down how far off it was what `t` expected of the periods after it."""
    length, keep = series.shape[1], errors.shape[2]
    for k, expected in enumerate(ahead, start=1):
        if length - keep <= t + k < length:
            errors[:, k - 1, t + k - length + keep] = series[:, t + k] - expected


@operation(_smooth_ewma_plainly)
def smooth_ewma(series: Floats, weight: Floats, horizon: int) -> Past:
    """Points and errors of exponential smoothing with each row's weight (n,)."""
    n, length = series.shape
    keep = min(KEEP, length)
    points, errors = _make_empty(n, horizon, keep)
    values, flat = series.ravel(), (points.ravel(), errors.ravel())

    def work(first: int, stop: int) -> None:
        kernels.smooth_ewma(values, length, weight, horizon, keep, *flat, first, stop)

    over(n, errors.size, work)
    return points, errors


def _score_holt_winters_plainly(
    series: Floats, skip: int, start: Floats, season: Floats, options: Floats
) -> Floats:
    scores, period = [], season.shape[1]
    for weight, trend, wave, damping in options:
        (level, slope), seasons, total = start.T, season.copy(), np.zeros(len(series))
        for t, v in enumerate(series.T):
            due, known = seasons[:, t % period], ~np.isnan(v)
            off = np.abs(v - (level + damping * slope + due))
            total += np.where(known, off, 0.0) if t >= skip else 0.0
            level, slope, seasons[:, t % period] = step_holt_winters(
                level, slope, due, v, known, (weight, trend, wave), damping
            )
        scores.append(total)
    return np.stack(scores, axis=1)


@operation(_score_holt_winters_plainly)
def score_holt_winters(
    series: Floats, skip: int, start: Floats, season: Floats, options: Floats
) -> Floats:
    """Sums (n, G) of absolute one-step errors after `skip` periods with each option (G, 4)."""
    n, length = series.shape
    scores = np.zeros((n, len(options)))
    given = series.ravel(), length, season.shape[1], skip, start.ravel(), season.ravel()
    rest = options.T.ravel(), scores.ravel()

    def work(first: int, stop: int) -> None:
        kernels.score_holt_winters(*given, *rest, first, stop)

    over(n, series.size * len(options), work)
    return scores


def _smooth_holt_winters_plainly(
    series: Floats, skip: int, start: Floats, season: Floats, option: Floats, horizon: int
) -> Past:
    weight, trend, wave, damping = option.T
    (level, slope), seasons = start.T, season.copy()
    points, errors = _make_empty(len(series), horizon, min(KEEP, series.shape[1]))
    period = season.shape[1]
    for t, v in enumerate(series.T):
        level, slope, seasons[:, t % period] = step_holt_winters(
            level, slope, seasons[:, t % period], v, ~np.isnan(v), (weight, trend, wave), damping
        )
        ahead = _look_ahead(level, slope, seasons, damping, t + 1, horizon)
        if t + 1 >= skip:
            _note_errors(errors, series, t, ahead)
    points[:] = np.stack(ahead, axis=1)
    return points, errors


def _look_ahead(
    level: Floats, slope: Floats, seasons: Floats, damping: Floats, begin: int, horizon: int
) -> list[Floats]:
    """What is expected of periods `begin` and on: the slope fades, the season comes round."""
    line, left, found = level, slope, []
    for t in range(begin, begin + horizon):
        left = damping * left
        line = line + left
        found.append(line + seasons[:, t % seasons.shape[1]])
    return found


@operation(_smooth_holt_winters_plainly)
def smooth_holt_winters(
    series: Floats, skip: int, start: Floats, season: Floats, option: Floats, horizon: int
) -> Past:
    """Points and errors of Holt and Winters with each row's option (n, 4)."""
    n, length = series.shape
    keep = min(KEEP, length)
    points, errors = _make_empty(n, horizon, keep)
    given = series.ravel(), length, season.shape[1], skip, start.ravel(), season.copy().ravel()
    rest = option.ravel(), horizon, keep, points.ravel(), errors.ravel()

    def work(first: int, stop: int) -> None:
        kernels.smooth_holt_winters(*given, *rest, first, stop)

    over(n, errors.size, work)
    return points, errors
