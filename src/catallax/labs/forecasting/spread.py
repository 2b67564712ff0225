"""Quantiles around points, from how far a method was off before.

A row's own past errors say how it spreads, but there are few of them; the panel's many, each row's
divided by its scale, say what the tails look like. The two sets of quantiles are averaged level by
level (Ratcliff 1979; Lichtendahl, Grushka-Cockayne and Winkler 2013), the row's own with weight
m/(m + OWN), m the number of its errors that do not overlap. So nothing is taken for normal, and
tails reach further than one short row shows (Hyndman and Athanasopoulos 2021, 5.5).
"""

from collections.abc import Sequence

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError

OWN = 20.0  # errors at which a row's own quantiles weigh as much as the panel's


def spread_around(points: Floats, errors: Floats, levels: Sequence[float]) -> Floats:
    """Quantiles (n, h, q) whose median is the point.

    points : (n, h)
    errors : (n, h, P) of the past, what came less what was expected, NaN where unknown

    Errors are taken about their median. Raises InputError for a row without any one-step error.
    """
    scaled = errors / np.where(scale := _measure_scale(errors), scale, np.nan)[:, None, None]
    own, count = _find_own_quantiles(scaled, levels)
    separate = count / np.arange(1.0, errors.shape[1] + 1)
    weight = (separate / (separate + OWN))[:, :, None]
    mixed = weight * own + (1.0 - weight) * _find_pooled_quantiles(scaled, levels)
    median = mixed[:, :, [list(levels).index(0.5)]]
    return np.asarray(points[:, :, None] + scale[:, None, None] * (mixed - median))


def _measure_scale(errors: Floats) -> Floats:
    """(n,) mean absolute one-step error of each row, 0 where it was never off."""
    one = errors[:, 0]
    count = (~np.isnan(one)).sum(axis=1)
    if not count.all():
        raise InputError(
            f"forecast: no forecast of row {int(count.argmin())} can be held against what came: "
            f"too few of its last {one.shape[1]} values are there; leave it out"
        )
    return np.asarray(np.abs(np.nan_to_num(one)).sum(axis=1) / count)


def _find_own_quantiles(x: Floats, levels: Sequence[float]) -> tuple[Floats, Floats]:
    """Quantiles (n, h, q) of the last axis, 0 where there is nothing, and how many it has.

    The k-th of m values stands at level k/(m + 1) (Weibull; the sixth kind of Hyndman and Fan
    1996): one more of the same kind lies below it that often, however few there are.
    """
    ordered = np.sort(x, axis=2)  # what is missing comes last
    count = (~np.isnan(x)).sum(axis=2)
    at = np.asarray(levels) * (count[:, :, None] + 1) - 1
    at = np.clip(at, 0, np.maximum(count - 1, 0)[:, :, None])
    low = np.floor(at).astype(np.intp)
    high = np.ceil(at).astype(np.intp)
    a, b = (np.take_along_axis(ordered, j, axis=2) for j in (low, high))
    return np.where(count[:, :, None] > 0, a + (at - low) * (b - a), 0.0), count.astype(float)


def _find_pooled_quantiles(x: Floats, levels: Sequence[float]) -> Floats:
    """Quantiles (h, q) of all rows together, 0 where no row was ever off."""
    steps = (x[:, k][~np.isnan(x[:, k])] for k in range(x.shape[1]))
    return np.stack([np.quantile(s, levels) if len(s) else np.zeros(len(levels)) for s in steps])
