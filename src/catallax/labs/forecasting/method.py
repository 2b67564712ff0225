"""A panel of series forecast at once: rows x time in, quantiles out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.protocol.sealed import frozen

LEVELS = (0.025, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.975)
MEDIAN = 0.5


@final
@dataclass(frozen=True, eq=False)
class Forecast:
    """Quantiles of what is to come.

    levels : (q,) between 0 and 1, ascending, 0.5 among them
    values : (n, h, q) in the unit of the series, of rows, steps 1 to h and levels; ascending in q
    """

    levels: tuple[float, ...]
    values: Floats

    @property
    def point(self) -> Floats:
        """(n, h) medians: the forecast that a mean absolute error rewards."""
        return self.at(MEDIAN)

    def at(self, level: float) -> Floats:
        """(n, h) quantiles at one of the levels; InputError for another."""
        if level not in self.levels:
            known = ", ".join(f"{x:g}" for x in self.levels)
            raise InputError(f"forecast: no quantile {level:g}; there are {known}")
        return np.asarray(self.values[:, :, self.levels.index(level)])


class ForecastMethod(ABC):
    """A way of forecasting; settings only. Whoever uses it holds the whole panel."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The field's name for it."""

    @abstractmethod
    def least(self, horizon: int) -> int:
        """Values that every row needs for a forecast of `horizon` periods."""

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest level that it gives, both included."""
        return 0.0, 1.0

    @abstractmethod
    def quantiles(self, series: Floats, horizon: int, levels: Sequence[float]) -> Floats:
        """(n, h, q) of series (n, T), with NaN where a value is missing; ascending in q."""


def forecast(
    series: Floats, horizon: int, method: ForecastMethod, levels: Sequence[float] = LEVELS
) -> Forecast:
    """Quantiles of the `horizon` periods after a panel.

    series : (n, T) rows x time, NaN where a value is missing
    levels : between 0 and 1, ascending, 0.5 among them

    A missing value changes no belief and is no error. Raises InputError for another shape, an
    infinite value, a row with fewer values than the method needs, and levels that it cannot give.
    """
    x = np.array(series, dtype=np.float64, order="C")
    check_levels(method, levels)
    if horizon < 1:
        raise InputError(f"forecast: horizon is {horizon}, expected at least 1 period")
    check_series(x, method.least(horizon), method.name)
    values = method.quantiles(x, horizon, tuple(levels))
    return Forecast(tuple(levels), frozen(values))


def check_series(series: Floats, least: int, who: str, names: Sequence[str] | None = None) -> None:
    """Raise InputError for what no method, or not this one, can forecast."""
    if series.ndim != 2 or 0 in series.shape:
        raise InputError(
            f"{who}: series of shape {series.shape}, expected rows x time, at least one of each"
        )
    bad = np.argwhere(np.isinf(series))
    if len(bad):
        i, t = bad[0].tolist()
        raise InputError(
            f"{who}: {_name_row(i, names)}, period {t}: {series[i, t]} is not finite; "
            f"give NaN where a value is missing"
        )
    known = (~np.isnan(series)).sum(axis=1)
    short = np.flatnonzero(known < least)
    if len(short):
        i = int(short[0])
        raise InputError(
            f"{who}: {_name_row(i, names)} has {known[i]} values, expected at least {least}; "
            f"give a longer history, leave the row out or choose a simpler method"
        )


def check_levels(method: ForecastMethod, levels: Sequence[float]) -> None:
    """Raise InputError for levels that are out of order or that the method does not give."""
    low, high = method.span
    if MEDIAN not in levels or list(levels) != sorted(set(levels)):
        raise InputError(f"forecast: levels {levels}, expected ascending, with 0.5 among them")
    if not 0 < levels[0] <= levels[-1] < 1 or not low <= levels[0] <= levels[-1] <= high:
        raise InputError(
            f"{method.name}: levels from {levels[0]:g} to {levels[-1]:g}, expected within "
            f"{low:g} to {high:g}, ends of 0 and 1 left out"
        )


def _name_row(i: int, names: Sequence[str] | None) -> str:
    return f"row {i}" if names is None else f"row {names[i]!r}"
