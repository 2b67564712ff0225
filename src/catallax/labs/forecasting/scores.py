"""How good forecasts were: measures of errors and of quantiles.

actual : (o, n, h) what came, by origin, row and step, NaN where nobody knows
values : (o, n, h, q) quantiles of it
"""

from collections.abc import Sequence
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.labs.forecasting.result import MethodScore
from catallax.labs.forecasting.rolling import RolledForecasts, collect_outcomes

INNER = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
ENDS = {0.8: (0.1, 0.9), 0.95: (0.025, 0.975)}


def measure_scale(series: Floats, lag: int) -> Floats:
    """(n,) mean absolute change over `lag` periods: the error of the naive forecast in (n, T).

    The denominator of the mean absolute scaled error (Hyndman and Koehler 2006). NaN for a row
    that never changes, or with no two values that far apart: it has no scale.
    """
    change = np.abs(series[:, lag:] - series[:, :-lag])
    count = (~np.isnan(change)).sum(axis=1)
    size = np.nan_to_num(change).sum(axis=1) / np.maximum(count, 1)
    return np.where(size > 0, size, np.nan)


def average_by_row(error: Floats, size: Floats) -> Floats:
    """(n,) mean of errors (o, n, h) over origins and steps, over each row's `size` (n,)."""
    return average_known(error.swapaxes(0, 1).reshape(len(size), -1), axis=1) / size


def measure_wape(actual: Floats, point: Floats) -> float:
    """Sum of absolute errors over the sum of absolute values; all rows in one unit."""
    known = ~np.isnan(actual)
    total = float(np.abs(actual[known]).sum())
    return float(np.abs(actual - point)[known].sum()) / total if total > 0 else float("nan")


def measure_pinball(actual: Floats, values: Floats, levels: Sequence[float]) -> Floats:
    """(o, n, h) mean over levels of twice the pinball loss (Gneiting and Raftery 2007).

    Twice, so that at the median alone it is the absolute error; over many levels it comes near
    the continuous ranked probability score.
    """
    p, error = np.asarray(levels), actual[..., None] - values
    return np.asarray(2.0 * np.maximum(p * error, (p - 1.0) * error).mean(axis=-1))


def measure_coverage(actual: Floats, low: Floats, high: Floats) -> float:
    """Share of what came that lies within, both ends included."""
    known = ~np.isnan(actual)
    inside = (actual >= low) & (actual <= high)
    return float(inside[known].mean()) if known.any() else float("nan")


def average_known(x: Floats, axis: int) -> Floats:
    """The mean of what is there; NaN where nothing is."""
    count = (~np.isnan(x)).sum(axis=axis)
    return np.asarray(np.nan_to_num(x).sum(axis=axis) / np.where(count, count, np.nan))


@final
class Judge:
    """Holds forecasts at the origins `at` against what came."""

    def __init__(self, series: Floats, horizon: int, at: range, period: int) -> None:
        self.at = at
        self.lag = period if at[0] >= 2 * period else 1
        self.size = measure_scale(series[:, : at[0]], self.lag)
        self.actual = collect_outcomes(series, horizon, at)

    def scored(self, run: RolledForecasts) -> MethodScore:
        """All measures of one method."""
        values = run.values[-len(self.at) :]
        point = values[..., run.levels.index(0.5)]
        off = np.abs(self.actual - point)
        inner = [run.levels.index(x) for x in INNER]
        return MethodScore(
            mase=average_by_row(off, self.size),
            pinball=average_by_row(
                measure_pinball(self.actual, values[..., inner], INNER), self.size
            ),
            steps=self._by_step(off),
            wape=measure_wape(self.actual, point),
            covered={share: self._covered(run, values, ends) for share, ends in ENDS.items()},
            seconds=run.seconds,
        )

    def _by_step(self, off: Floats) -> Floats:
        scaled = (off / self.size[:, None]).reshape(-1, off.shape[2])
        return average_known(scaled, axis=0)

    def _covered(
        self, run: RolledForecasts, values: Floats, ends: tuple[float, float]
    ) -> float | None:
        if not set(ends) <= set(run.levels):
            return None
        low, high = (values[..., run.levels.index(x)] for x in ends)
        return measure_coverage(self.actual, low, high)
