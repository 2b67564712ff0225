"""How good forecasts were: measures of errors and of quantiles.

actual : (o, n, h) what came, by origin, row and step, NaN where nobody knows
values : (o, n, h, q) quantiles of it
"""

from collections.abc import Sequence

import numpy as np

from catallax.arrays import Floats


def scale(series: Floats, lag: int) -> Floats:
    """(n,) mean absolute change over `lag` periods: the error of the naive forecast in (n, T).

    The denominator of the mean absolute scaled error (Hyndman and Koehler 2006). NaN for a row
    that never changes, or with no two values that far apart: it has no scale.
    """
    change = np.abs(series[:, lag:] - series[:, :-lag])
    count = (~np.isnan(change)).sum(axis=1)
    size = np.nan_to_num(change).sum(axis=1) / np.maximum(count, 1)
    return np.where(size > 0, size, np.nan)


def by_row(error: Floats, size: Floats) -> Floats:
    """(n,) mean of errors (o, n, h) over origins and steps, over each row's `size` (n,)."""
    return mean(error.swapaxes(0, 1).reshape(len(size), -1), axis=1) / size


def wape(actual: Floats, point: Floats) -> float:
    """Sum of absolute errors over the sum of absolute values; all rows in one unit."""
    known = ~np.isnan(actual)
    total = float(np.abs(actual[known]).sum())
    return float(np.abs(actual - point)[known].sum()) / total if total > 0 else float("nan")


def pinball(actual: Floats, values: Floats, levels: Sequence[float]) -> Floats:
    """(o, n, h) mean over levels of twice the pinball loss (Gneiting and Raftery 2007).

    Twice, so that at the median alone it is the absolute error; over many levels it comes near
    the continuous ranked probability score.
    """
    p, error = np.asarray(levels), actual[..., None] - values
    return np.asarray(2.0 * np.maximum(p * error, (p - 1.0) * error).mean(axis=-1))


def coverage(actual: Floats, low: Floats, high: Floats) -> float:
    """Share of what came that lies within, both ends included."""
    known = ~np.isnan(actual)
    inside = (actual >= low) & (actual <= high)
    return float(inside[known].mean()) if known.any() else float("nan")


def mean(x: Floats, axis: int) -> Floats:
    """The mean of what is there; NaN where nothing is."""
    count = (~np.isnan(x)).sum(axis=axis)
    return np.asarray(np.nan_to_num(x).sum(axis=axis) / np.where(count, count, np.nan))
