"""Naive and smoothed forecasts of whole series; what is worked out stands in `forecast.passes`.

Shared shapes, all flat: values (n, T), NaN where nothing is known; points (n, h), h = `horizon`;
errors (n, h, P), NaN at first: of the last P = `keep` periods, seen from 1 to h periods before,
what came less what was expected. Where either is missing the error stays NaN.

first, stop : rows to do
"""

from typing import Any

import numpy as np

from catallax.kernels.jit import In, Out, Room, called, kernel


@called
def _last(values: Room, row: int, at: int, period: int) -> Any:
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
def seasonal(
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
            points[cell] = _last(values, row, length - 1 + k - back, period)
            for p in range(keep):
                t = length - keep + p
                errors[cell * keep + p] = values[row + t] - _last(values, row, t - back, period)


@kernel
def ewma_scores(
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
            young = 1.0 / (seen + 1.0)
            counts = 1.0 if seen > 0.0 else 0.0
            for g in range(size):
                e = v - level[row + g]
                scores[row + g] += counts * abs(e)
                level[row + g] += max(weights[g], young) * e
            seen += 1.0


@kernel
def ewma(
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
                level += max(weight[i], 1.0 / (seen + 1.0)) * (v - level)
                seen += 1.0
            for k in range(1, horizon + 1):
                p = t + k - (length - keep)
                if seen > 0.0 and 0 <= p < keep:
                    errors[(i * horizon + k - 1) * keep + p] = values[row + t + k] - level
        for k in range(horizon):
            points[i * horizon + k] = level


@kernel
def holt_scores(
    values: In,
    length: int,
    period: int,
    skip: int,
    start: In,
    season: In,
    options: In,
    room: Out,
    scores: Out,
    first: int,
    stop: int,
) -> None:
    """Sums of absolute one-step errors after the first `skip` periods, for every option.

    start (n, 2) level and slope at first, season (n, period), options (G, 4): weights of level,
    slope and season in the error, and what is left of the slope a period later; room (n, period)
    """
    size = len(options) // 4
    for i in range(first, stop):
        at = i * period
        for g in range(size):
            a, b = options[4 * g], options[4 * g + 1]
            c, damp = options[4 * g + 2], options[4 * g + 3]
            level, slope, total, j = start[2 * i], start[2 * i + 1], 0.0, 0
            for q in range(period):
                room[at + q] = season[at + q]
            for t in range(length):
                v = values[i * length + t]
                expected = level + damp * slope
                e = v - (expected + room[at + j]) if v == v else 0.0
                total += abs(e) if t >= skip else 0.0
                level = expected + a * e
                slope = damp * slope + b * e
                room[at + j] += c * e
                j = j + 1 if j + 1 < period else 0
            scores[i * size + g] = total


@kernel
def holt(
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
        a, b, c, damp = option[4 * i], option[4 * i + 1], option[4 * i + 2], option[4 * i + 3]
        level, slope, j = start[2 * i], start[2 * i + 1], 0
        for t in range(length):
            v = values[row + t]
            level += damp * slope
            slope *= damp
            if v == v:
                e = v - (level + season[at + j])
                level += a * e
                slope += b * e
                season[at + j] += c * e
            j = j + 1 if j + 1 < period else 0
            ahead, left, q = level, slope, j
            for k in range(1, horizon + 1):
                left *= damp
                ahead += left
                expected = ahead + season[at + q]
                q = q + 1 if q + 1 < period else 0
                p = t + k - (length - keep)
                if t + 1 >= skip and 0 <= p < keep:
                    errors[(i * horizon + k - 1) * keep + p] = values[row + t + k] - expected
                if t + 1 == length:
                    points[i * horizon + k - 1] = expected
