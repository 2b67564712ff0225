"""Which method for which row: by past errors, each row's shrunk towards the panel's.

A row's own record is short and lucky methods abound, so most of a difference between two methods
in one row is noise. How much is not is estimated from the panel (empirical Bayes; Efron and Morris
1973): a row whose record would not repeat itself stays with the method that is best overall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.labs.forecasting.method import ForecastMethod
from catallax.labs.forecasting.rolling import choose_origins, collect_outcomes, roll_forecasts
from catallax.labs.forecasting.scores import average_known, measure_scale

SEEN = 8  # origins that a choice looks at


@final
@dataclass(frozen=True, eq=False)
class MethodChoice:
    """Which method each row is given.

    best   : the method that is best over all rows, and that of rows without a record
    pick   : (n,) index of the method of each row
    weight : (m,) what each row's own record counts against the panel's, 0 to 1, for the
             difference of each method from the best; 0 for the best
    """

    best: int
    pick: npt.NDArray[np.intp]
    weight: Floats


@final
@dataclass(frozen=True)
class Choice(ForecastMethod):
    """Each row by the method of `methods` that its own past and the panel's speak for.

    seen : origins that are looked at, the last whose horizon is over, >= 2
    """

    methods: tuple[ForecastMethod, ...]
    seen: int = SEEN

    def __post_init__(self) -> None:
        if not self.methods or self.seen < 2:
            raise InputError(
                f"choice: {len(self.methods)} methods and {self.seen} origins, expected at least "
                f"1 method and 2 origins"
            )

    @property
    def name(self) -> str:
        """`choice`."""
        return "choice"

    @property
    def span(self) -> tuple[float, float]:
        """Levels that all of the methods give."""
        lows, highs = zip(*(m.span for m in self.methods), strict=True)
        return max(lows), min(highs)

    def least(self, horizon: int) -> int:
        """What the most demanding method needs at the first origin, and all that comes after."""
        return max(m.least(horizon) for m in self.methods) + horizon + self.seen - 1

    def quantiles(self, series: Floats, horizon: int, levels: Sequence[float]) -> Floats:
        """The forecasts of the methods chosen."""
        at = choose_origins(series.shape[1], horizon, self.seen)
        actual = collect_outcomes(series, horizon, at)
        past = [roll_forecasts(series, m, horizon, at, (0.5,))[..., 0] for m in self.methods]
        size = measure_scale(series[:, : at[0]], 1)
        chosen = choose(record_errors(np.stack(past), actual, size), horizon)
        all_ = np.stack([m.quantiles(series, horizon, levels) for m in self.methods])
        return pick(all_, chosen.pick)


def record_errors(points: Floats, actual: Floats, size: Floats) -> Floats:
    """(m, o, n) mean scaled error of each method at each origin, NaN where there is none.

    points : (m, o, n, h); actual : (o, n, h); size : (n,) scale of each row
    """
    return average_known(np.abs(points - actual), axis=3) / size


def choose(record: Floats, horizon: int) -> MethodChoice:
    """The method of each row from errors (m, o, n) at origins one period apart.

    The difference d of a method from the best one in a row is shrunk to that over all rows, D:
    D + w (d - D), with w = v / (v + s/o'), v its variance between rows, s that within rows, and
    o' the number of origins less what their periods overlap. A row gets the method for which
    this is lowest, of equals the one that stands first; for the best it is 0.
    """
    known = ~np.isnan(record).any(axis=(0, 1))
    pick = np.zeros(record.shape[2], dtype=np.intp)
    if not known.any():
        return MethodChoice(0, pick, np.zeros(len(record)))
    best = int(record[:, :, known].mean(axis=(1, 2)).argmin())
    apart = record[:, :, known] - record[best][:, known]
    row = apart.mean(axis=1)
    weight = _weigh_records(apart, horizon)
    overall = row.mean(axis=1)[:, None]
    shrunk = overall + weight[:, None] * (row - overall)
    pick[:] = best
    pick[known] = shrunk.argmin(axis=0)
    return MethodChoice(best, pick, weight)


def pick(values: Floats, pick: npt.NDArray[np.intp]) -> Floats:
    """(n, ...) of each row what the method of its own says in `values` (m, n, ...)."""
    return np.asarray(values[pick, np.arange(len(pick))])


def _weigh_records(apart: Floats, horizon: int) -> Floats:
    """(m,) what a row's own mean difference counts, from differences (m, o, n).

    Forecasts from origins l apart share the share 1 - l/horizon of their periods; errors of single
    periods are taken to be independent, so that is their correlation.
    """
    _, count, rows = apart.shape
    lags = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    alike = np.maximum(0.0, 1.0 - lags / horizon)
    shared = (alike.sum() - count) / (count * (count - 1))  # mean correlation of two origins
    if rows < 2 or shared == 1.0:
        return np.zeros(len(apart))
    within = apart.var(axis=1, ddof=1).mean(axis=1) / (1.0 - shared)
    noise = within * (1.0 + (count - 1) * shared) / count
    total = apart.mean(axis=1).var(axis=1, ddof=1)
    return np.asarray(np.maximum(total - noise, 0.0) / np.where(total > 0, total, 1.0))
