"""The forecasts of whole series in plain NumPy, against which the kernels are tested.

What forecasts returns points (n, h) and errors (n, h, P) of values (n, T), what scores returns sums
of absolute one-step errors (n, G): `kernels.smoothing` says more.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.learning.smoothing import move_toward, smooth_season, weigh_newest

Past = tuple[Floats, Floats]


def repeat_season(values: Floats, period: int, horizon: int, keep: int) -> Past:
    """The last value of the same period of the season, else the last known."""
    n, length = values.shape
    last, same = np.full((2, n, length + 1), np.nan)  # the last column is that of no period
    for t in range(length):
        season_ago = same[:, t - period if t >= period else -1]
        last[:, t] = _fill_from(values[:, t], last[:, t - 1])
        same[:, t] = _fill_from(values[:, t], season_ago)
    known = _fill_from(same, last)
    points, errors = make_empty(n, horizon, keep)
    for k in range(1, horizon + 1):
        back = period * -(-k // period)
        points[:, k - 1] = known[:, length - 1 + k - back]
        for t in range(max(length - keep, back), length):
            errors[:, k - 1, t - length + keep] = values[:, t] - known[:, t - back]
    return points, errors


def score_ewma(values: Floats, weights: Floats) -> Floats:
    """Of exponential smoothing with every weight (G,)."""
    level, scores = np.zeros((2, len(values), len(weights)))
    seen = np.zeros((len(values), 1))
    for v in values.T[:, :, None]:
        news = np.where(np.isnan(v), level, v)
        scores += np.where(seen > 0, np.abs(news - level), 0.0)
        level = move_toward(level, news, weigh_newest(weights, seen))
        seen += ~np.isnan(v)
    return scores


def smooth_ewma(values: Floats, weight: Floats, horizon: int, keep: int) -> Past:
    """Exponential smoothing, each row with its own weight (n,)."""
    n, length = values.shape
    level, seen = np.zeros((2, n))
    points, errors = make_empty(n, horizon, keep)
    for t in range(length):
        v = values[:, t]
        level = move_toward(level, np.where(np.isnan(v), level, v), weigh_newest(weight, seen))
        seen += ~np.isnan(v)
        expected = np.where(seen > 0, level, np.nan)
        _note_errors(errors, values, t, [expected] * horizon)
    points[:] = level[:, None]
    return points, errors


def score_holt_winters(
    values: Floats, skip: int, start: Floats, season: Floats, options: Floats
) -> Floats:
    """Of Holt and Winters with every option (G, 4), from a level and slope (n, 2) and a season."""
    scores, period = [], season.shape[1]
    for *weights, damping in options:
        (level, slope), seasons, total = start.T, season.copy(), np.zeros(len(values))
        for t, v in enumerate(values.T):
            due, known = seasons[:, t % period], ~np.isnan(v)
            off = np.abs(v - (level + damping * slope + due))
            total += np.where(known, off, 0.0) if t >= skip else 0.0
            level, slope, seasons[:, t % period] = smooth_season(
                level, slope, due, v, known, tuple(weights), damping
            )
        scores.append(total)
    return np.stack(scores, axis=1)


def smooth_holt_winters(
    values: Floats,
    skip: int,
    start: Floats,
    season: Floats,
    option: Floats,
    horizon: int,
    keep: int,
) -> Past:
    """Holt and Winters, each row with its own option (n, 4)."""
    (*weights, damping), (level, slope), seasons = option.T, start.T, season.copy()
    points, errors = make_empty(len(values), horizon, keep)
    period = season.shape[1]
    for t, v in enumerate(values.T):
        level, slope, seasons[:, t % period] = smooth_season(
            level, slope, seasons[:, t % period], v, ~np.isnan(v), tuple(weights), damping
        )
        ahead = _look_ahead(level, slope, seasons, damping, t + 1, horizon)
        if t + 1 >= skip:
            _note_errors(errors, values, t, ahead)
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


def _note_errors(errors: Floats, values: Floats, t: int, ahead: list[Floats]) -> None:
    """Write down how far off it was what `t` expected of the periods after it."""
    length, keep = values.shape[1], errors.shape[2]
    for k, expected in enumerate(ahead, start=1):
        if length - keep <= t + k < length:
            errors[:, k - 1, t + k - length + keep] = values[:, t + k] - expected


def make_empty(n: int, horizon: int, keep: int) -> Past:
    """No points and no errors yet."""
    return np.full((n, horizon), np.nan), np.full((n, horizon, keep), np.nan)


def _fill_from(one: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(one), other, one)
