"""Exponential smoothing of every row with weights of its own.

The weights are the best of a grid by the mean absolute error one step ahead, and one row's history
is short: what its weights cost it is averaged with what they cost the panel (`choose_options`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.labs.forecasting import passes
from catallax.labs.forecasting.method import ForecastMethod
from catallax.labs.forecasting.naive import check_period
from catallax.labs.forecasting.spread import spread_around

SHRINK = 20.0  # one-step errors at which a row counts as much as the panel
EARLY = 5  # periods of each stretch from which level and slope begin where there is no season
AFTER = 8  # periods after two seasons without which no season is fitted


@final
@dataclass(frozen=True)
class FittedEwma(ForecastMethod):
    """Simple exponential smoothing (Brown 1956; Muth 1960): flat ahead.

    weights : of the newest value, tried for each row, in [0, 1]; 0 is the mean of all values.
              A weight is never less than 1 over the number of values so far.
    """

    weights: tuple[float, ...] = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)

    def __post_init__(self) -> None:
        _check_weights(self.name, "weights", self.weights)

    @property
    def name(self) -> str:
        """`ewma`."""
        return "ewma"

    def least(self, horizon: int) -> int:
        """One error of the longest step, and one more."""
        return horizon + 2

    def quantiles(self, series: Floats, horizon: int, levels: Sequence[float]) -> Floats:
        """The level, and the spread of past errors."""
        known = (~np.isnan(series)).sum(axis=1)
        weights = np.array(self.weights)
        row = weights[choose_options(passes.score_ewma(series, weights), known - 1.0)]
        return spread_around(*passes.smooth_ewma(series, row, horizon), levels)


@final
@dataclass(frozen=True)
class FittedHoltWinters(ForecastMethod):
    """Level, slope that may fade, and season (Holt 1957; Winters 1960; Gardner and McKenzie 1985).

    Additive.

    period  : periods of a season; a season is fitted where two of them and eight periods and the
              horizon more are there, and the method is without one elsewhere
    levels  : weights of the level that are tried, in [0, 1]
    slopes  : weights of the change of the level in the slope, in [0, 1]
    seasons : weights of what the level leaves in the season, in [0, 1]
    damping : what is left of a slope a period later, in [0, 1]; 0 is no slope
    """

    period: int
    levels: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4, 0.7)
    slopes: tuple[float, ...] = (0.0, 0.1, 0.3)
    seasons: tuple[float, ...] = (0.0, 0.1, 0.3)
    damping: tuple[float, ...] = (0.0, 0.9, 1.0)

    def __post_init__(self) -> None:
        check_period(self.name, self.period)
        for what in ("levels", "slopes", "seasons", "damping"):
            _check_weights(self.name, what, getattr(self, what))

    @property
    def name(self) -> str:
        """`holt_winters`."""
        return "holt_winters"

    def least(self, horizon: int) -> int:
        """Two stretches to begin from, one error of the longest step, and one more."""
        return 2 * EARLY + horizon + 2

    def quantiles(self, series: Floats, horizon: int, levels: Sequence[float]) -> Floats:
        """Level, slope and season carried on, and the spread of past errors."""
        enough = series.shape[1] >= 2 * self.period + AFTER + horizon
        period = self.period if enough else 1
        options = np.array(sorted(set(self._options(period))))
        start, season, skip = estimate_start(series, period)
        scores = passes.score_holt_winters(series, skip, start, season, options)
        known = (~np.isnan(series[:, skip:])).sum(axis=1)
        row = options[choose_options(scores, known)]
        return spread_around(
            *passes.smooth_holt_winters(series, skip, start, season, row, horizon), levels
        )

    def _options(self, period: int) -> Iterator[tuple[float, float, float, float]]:
        """What is tried: weights of level, slope and season, and damping; what is alike once."""
        for a in self.levels:
            for c in self.seasons if period > 1 else (0.0,):
                for damp in self.damping:
                    for b in self.slopes if damp > 0 else (0.0,):
                        yield a, b if a > 0 else 0.0, c if a < 1 else 0.0, damp


def choose_options(scores: Floats, count: Floats) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """(n,) the option of each row; the first of equals.

    scores : (n, G) sums of absolute errors of each option
    count  : (n,) errors in each sum

    Each row's mean errors are divided by their average over options, and averaged with those of
    the panel, which count as SHRINK errors.
    """
    mean = scores / np.maximum(count, 1.0)[:, None]
    size = mean.mean(axis=1, keepdims=True)
    ratio = np.divide(mean, size, out=np.ones_like(mean), where=size > 0)
    own = (count / (count + SHRINK))[:, None]
    return np.asarray((own * ratio + (1.0 - own) * ratio.mean(axis=0)).argmin(axis=1))


def estimate_start(values: Floats, period: int) -> tuple[Floats, Floats, int]:
    """Level and slope (n, 2) before the first period, season (n, period), and periods used.

    The slope is that between the means of the first two seasons, the season what each of its
    periods is off that line on average; without a season the stretches are EARLY long.
    """
    n, span = len(values), period if period > 1 else EARLY
    cycles = values[:, : 2 * span].reshape(n, 2, span)
    one, two = _mean(cycles, axis=2).T
    slope = np.nan_to_num((two - one) / span)
    level = np.nan_to_num(np.where(np.isnan(one), two, one)) - slope * (span + 1) / 2
    if period == 1:
        return np.stack([level, slope], axis=1), np.zeros((n, 1)), 2 * span
    line = level[:, None] + slope[:, None] * np.arange(1.0, 2 * span + 1)
    season = np.nan_to_num(_mean(cycles - line.reshape(n, 2, span), axis=1))
    return np.stack([level, slope], axis=1), season, 2 * span


def _mean(x: Floats, axis: int) -> Floats:
    """The mean of what is there; NaN where nothing is."""
    count = (~np.isnan(x)).sum(axis=axis)
    return np.asarray(np.nan_to_num(x).sum(axis=axis) / np.where(count, count, np.nan))


def _check_weights(who: str, what: str, weights: tuple[float, ...]) -> None:
    if not weights or not all(0 <= w <= 1 for w in weights):
        raise InputError(f"{who}: {what} are {weights}, expected at least one, each from 0 to 1")
