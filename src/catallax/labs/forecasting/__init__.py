"""Whole panels of series forecast at once, rows x time to quantiles, and methods side by side.

`forecast` runs a `Method`: `Last`, `SeasonalNaive`, `Ewma`, `HoltWinters`, or the `Choice` among
several by rolling origins; `forecast_bench` compares them (`catallax forecast-bench`). Rows of a
panel are pooled, so this is for whoever holds all of it.
"""

from catallax.labs.forecasting.bench import forecast_bench
from catallax.labs.forecasting.choice import SEEN, Choice, Chosen, choose, picked, records
from catallax.labs.forecasting.method import LEVELS, Forecast, Method, check, forecast
from catallax.labs.forecasting.methods import (
    CHOICE,
    DEFAULT,
    EVERY,
    METHODS,
    method_named,
    methods,
)
from catallax.labs.forecasting.naive import Last, SeasonalNaive
from catallax.labs.forecasting.panel import Panel, read_panel
from catallax.labs.forecasting.result import Bench, Chose, Scored
from catallax.labs.forecasting.rolling import came, origins, rolled
from catallax.labs.forecasting.scores import by_row, coverage, mean, pinball, scale, wape
from catallax.labs.forecasting.smoothing import Ewma, HoltWinters
from catallax.labs.forecasting.spread import around

__all__ = [
    "CHOICE",
    "DEFAULT",
    "EVERY",
    "LEVELS",
    "METHODS",
    "SEEN",
    "Bench",
    "Choice",
    "Chose",
    "Chosen",
    "Ewma",
    "Forecast",
    "HoltWinters",
    "Last",
    "Method",
    "Panel",
    "Scored",
    "SeasonalNaive",
    "around",
    "by_row",
    "came",
    "check",
    "choose",
    "coverage",
    "forecast",
    "forecast_bench",
    "mean",
    "method_named",
    "methods",
    "origins",
    "picked",
    "pinball",
    "read_panel",
    "records",
    "rolled",
    "scale",
    "wape",
]
