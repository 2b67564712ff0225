"""Forecasts held against what came."""

from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.labs.forecasting.result import Scored
from catallax.labs.forecasting.runs import Run
from catallax.learning.forecast import by_row, came, coverage, mean, pinball, scale, wape

INNER = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
ENDS = {0.8: (0.1, 0.9), 0.95: (0.025, 0.975)}


@final
class Judge:
    """Holds forecasts at the origins `at` against what came."""

    def __init__(self, series: Floats, horizon: int, at: range, period: int) -> None:
        self.at = at
        self.lag = period if at[0] >= 2 * period else 1
        self.size = scale(series[:, : at[0]], self.lag)
        self.actual = came(series, horizon, at)

    def scored(self, run: Run) -> Scored:
        """All measures of one method."""
        values = run.values[-len(self.at) :]
        point = values[..., run.levels.index(0.5)]
        off = np.abs(self.actual - point)
        inner = [run.levels.index(x) for x in INNER]
        return Scored(
            mase=by_row(off, self.size),
            pinball=by_row(pinball(self.actual, values[..., inner], INNER), self.size),
            steps=self._by_step(off),
            wape=wape(self.actual, point),
            covered={share: self._covered(run, values, ends) for share, ends in ENDS.items()},
            seconds=run.seconds,
        )

    def _by_step(self, off: Floats) -> Floats:
        scaled = (off / self.size[:, None]).reshape(-1, off.shape[2])
        return mean(scaled, axis=0)

    def _covered(self, run: Run, values: Floats, ends: tuple[float, float]) -> float | None:
        if not set(ends) <= set(run.levels):
            return None
        low, high = (values[..., run.levels.index(x)] for x in ends)
        return coverage(self.actual, low, high)
