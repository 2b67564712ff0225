"""Forecasts that repeat what was: the yardsticks of every other method (Makridakis 1982)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.labs.forecasting import passes
from catallax.labs.forecasting.method import ForecastMethod
from catallax.labs.forecasting.spread import spread_around


@final
@dataclass(frozen=True)
class Last(ForecastMethod):
    """Everything stays as it last was: the best that can be said of a random walk."""

    @property
    def name(self) -> str:
        """`last`."""
        return "last"

    def least(self, horizon: int) -> int:
        """One error of the longest step, and one more."""
        return horizon + 2

    def quantiles(self, series: Floats, horizon: int, levels: Sequence[float]) -> Floats:
        """The last value known, and the spread of past changes."""
        return spread_around(*passes.repeat_season(series, 1, horizon), levels)


@final
@dataclass(frozen=True)
class SeasonalNaive(ForecastMethod):
    """Everything is as it was a season ago.

    period : periods of a season, >= 1

    A missing value is taken from the season before, and where there is none, from the last value
    known before it.
    """

    period: int

    def __post_init__(self) -> None:
        check_period(self.name, self.period)

    @property
    def name(self) -> str:
        """`seasonal_naive`."""
        return "seasonal_naive"

    def least(self, horizon: int) -> int:
        """One error of the longest step, and one more."""
        return self.period * -(-horizon // self.period) + 2

    def quantiles(self, series: Floats, horizon: int, levels: Sequence[float]) -> Floats:
        """The values of the last season, and the spread of past changes between seasons."""
        return spread_around(*passes.repeat_season(series, self.period, horizon), levels)


def check_period(who: str, period: int) -> None:
    """Raise InputError for a season that is none."""
    if period < 1:
        raise InputError(f"{who}: period is {period}, expected at least 1 period in a season")
