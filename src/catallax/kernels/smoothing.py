"""Naive and smoothed forecasts of whole series; plain in `labs.forecasting.passes`.

What one period does to a level, a slope and a season is said in `kernels.tracks`.

Shared shapes, all flat: values (n, T), NaN where nothing is known; points (n, h), h = `horizon`;
errors (n, h, P), NaN at first: of the last P = `keep` periods, seen from 1 to h periods before,
what came less what was expected. Where either is missing the error stays NaN.

first, stop : rows to do
"""

from typing import Any

import numpy as np

from catallax.kernels.jit import In, Out, Room, called, kernel
from catallax.kernels.tracks import move_toward, step_holt_winters, weigh_newest


@called
def _find_last(values: Room, row: int, at: int, period: int) -> Any:
    """The last value known at `at` or whole seasons before it, else the last known; else NaN."""
    for back in (period, 1):
        t = at
        while t >= 0:
            v = values[row + t]
            if v == v:
                return v
            t -= back
    return np.nan


@kernel
def repeat_season(
    values: In,
    length: int,
    period: int,
    horizon: int,
    keep: int,
    points: Out,
    errors: Out,
    first: int,
    stop: int,
) -> None:
    """The last value of the same period of the season; with `period` 1, the last value."""
    for i in range(first, stop):
        row = i * length
        for k in range(1, horizon + 1):
            back = period * ((k + period - 1) // period)
            cell = i * horizon + k - 1
            points[cell] = _find_last(values, row, length - 1 + k - back, period)
            for p in range(keep):
                t = length - keep + p
                errors[cell * keep + p] = values[row + t] - _find_last(
                    values, row, t - back, period
                )


@kernel
def score_ewma(
    values: In, length: int, weights: In, level: Out, scores: Out, first: int, stop: int
) -> None:
    """Sums of absolute one-step errors, for every weight (G,) at once.

    level, scores : (n, G), zero at first
    """
    size = len(weights)
    for i in range(first, stop):
        row, seen = i * size, 0.0
        for t in range(length):
            v = values[i * length + t]
            if v != v:
                continue
            counts = 1.0 if seen > 0.0 else 0.0
            for g in range(size):
                scores[row + g] += counts * abs(v - level[row + g])
                gain = weigh_newest(weights[g], seen)
                level[row + g] = move_toward(level[row + g], v, gain)
            seen += 1.0


@kernel
def smooth_ewma(
    values: In,
    length: int,
    weight: In,
    horizon: int,
    keep: int,
    points: Out,
    errors: Out,
    first: int,
    stop: int,
) -> None:
    """Exponential smoothing with each row's own `weight` (n,)."""
    for i in range(first, stop):
        row, level, seen = i * length, 0.0, 0.0
        for t in range(length):
            v = values[row + t]
            if v == v:
                level = move_toward(level, v, weigh_newest(weight[i], seen))
                seen += 1.0
            for k in range(1, horizon + 1):
                p = t + k - (length - keep)
                if seen > 0.0 and 0 <= p < keep:
                    errors[(i * horizon + k - 1) * keep + p] = values[row + t + k] - level
        for k in range(horizon):
            points[i * horizon + k] = level


@called
def _score_period(
    state: Room,
    seasons: Room,
    options: Room,
    scores: Room,
    value: float,
    known: bool,
    counts: float,
) -> None:
    """One period of one row, all options (4, G) side by side; state (2, G): level and slope.

    seasons (G,) of this period, scores (G,); what is not `known` is given as 0 and counts 0
    """
    size = len(scores)
    for g in range(size):
        level, slope, damping = state[g], state[size + g], options[3 * size + g]
        scores[g] += counts * abs(value - (level + damping * slope + seasons[g]))
        state[g], state[size + g], seasons[g] = step_holt_winters(
            level, slope, seasons[g], value, known,
            options[g], options[size + g], options[2 * size + g], damping,
        )  # fmt: skip


@kernel
def score_holt_winters(
    values: In,
    length: int,
    period: int,
    skip: int,
    start: In,
    season: In,
    options: In,
    scores: Out,
    first: int,
    stop: int,
) -> None:
    """Sums of absolute one-step errors after the first `skip` periods, for every option.

    start (n, 2) level and slope at first, season (n, period), options (4, G): weights of level,
    slope and season, and what is left of the slope a period later; scores (n, G), zero at first
    """
    size = len(options) // 4
    state, seasons = np.empty(2 * size), np.empty(period * size)
    for i in range(first, stop):
        row = scores[i * size : (i + 1) * size]
        state[:size] = start[2 * i]
        state[size:] = start[2 * i + 1]
        for q in range(period):
            seasons[q * size : (q + 1) * size] = season[i * period + q]
        j = 0
        for t in range(length):
            v = values[i * length + t]
            known = v == v
            counts = 1.0 if known and t >= skip else 0.0
            due = seasons[j * size : (j + 1) * size]
            _score_period(state, due, options, row, v if known else 0.0, known, counts)
            j = j + 1 if j + 1 < period else 0


@kernel
def smooth_holt_winters(
    values: In,
    length: int,
    period: int,
    skip: int,
    start: In,
    season: Out,
    option: In,
    horizon: int,
    keep: int,
    points: Out,
    errors: Out,
    first: int,
    stop: int,
) -> None:
    """Level, slope and season with each row's own option (n, 4); `season` moves along.

    Errors are of what was expected after the first `skip` periods.
    """
    for i in range(first, stop):
        row, at = i * length, i * period
        weight, trend = option[4 * i], option[4 * i + 1]
        wave, damping = option[4 * i + 2], option[4 * i + 3]
        level, slope, j = start[2 * i], start[2 * i + 1], 0
        for t in range(length):
            v = values[row + t]
            level, slope, season[at + j] = step_holt_winters(
                level, slope, season[at + j], v, v == v, weight, trend, wave, damping
            )
            j = j + 1 if j + 1 < period else 0
            ahead, left, q = level, slope, j
            for k in range(1, horizon + 1):
                left *= damping
                ahead += left
                expected = ahead + season[at + q]
                q = q + 1 if q + 1 < period else 0
                p = t + k - (length - keep)
                if t + 1 >= skip and 0 <= p < keep:
                    errors[(i * horizon + k - 1) * keep + p] = values[row + t + k] - expected
                if t + 1 == length:
                    points[i * horizon + k - 1] = expected
