"""Panels of series forecast at once: rows x time to quantiles.

`forecast` runs a `Method`: `Last`, `SeasonalNaive`, `Ewma`, `HoltWinters`, or the `Choice` among
several by rolling origins. Rows of a panel are pooled, so this is for whoever holds all of it.
"""

from collections.abc import Callable, Mapping

from catallax.errors import unknown
from catallax.learning.forecast.choice import SEEN, Choice, Chosen, choose, picked, records
from catallax.learning.forecast.method import LEVELS, Forecast, Method, check, forecast
from catallax.learning.forecast.naive import Last, SeasonalNaive
from catallax.learning.forecast.panel import Panel
from catallax.learning.forecast.rolling import came, origins, rolled
from catallax.learning.forecast.scores import by_row, coverage, mean, pinball, scale, wape
from catallax.learning.forecast.smoothing import Ewma, HoltWinters
from catallax.learning.forecast.spread import around

__all__ = [
    "LEVELS",
    "METHODS",
    "SEEN",
    "Choice",
    "Chosen",
    "Ewma",
    "Forecast",
    "HoltWinters",
    "Last",
    "Method",
    "Panel",
    "SeasonalNaive",
    "around",
    "by_row",
    "came",
    "check",
    "choose",
    "coverage",
    "forecast",
    "mean",
    "method",
    "origins",
    "picked",
    "pinball",
    "records",
    "rolled",
    "scale",
    "wape",
]

METHODS: Mapping[str, Callable[[int], Method]] = {
    "last": lambda period: Last(),
    "seasonal_naive": SeasonalNaive,
    "ewma": lambda period: Ewma(),
    "holt_winters": HoltWinters,
}
"""Every method that needs no extra, by name: given the periods of a season."""


def method(name: str, period: int) -> Method:
    """The method called `name` with its default settings; InputError lists the known ones."""
    if name not in METHODS:
        raise unknown("forecasting method", name, METHODS)
    return METHODS[name](period)
