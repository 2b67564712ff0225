"""Whole panels of series forecast at once, rows x time to quantiles, and methods side by side.

`forecast` runs a `ForecastMethod`: `Last`, `SeasonalNaive`, `FittedEwma`, `FittedHoltWinters`, or
the `Choice` among several by rolling origins; `forecast_bench` compares them, as the command
`catallax forecast-bench` does. Rows are pooled, so this is for whoever holds the whole panel.
"""

from catallax.labs.forecasting.bench import forecast_bench
from catallax.labs.forecasting.choice import SEEN, Choice, MethodChoice, choose, pick, record_errors
from catallax.labs.forecasting.method import (
    LEVELS,
    Forecast,
    ForecastMethod,
    check_series,
    forecast,
)
from catallax.labs.forecasting.methods import (
    CHOICE,
    DEFAULT,
    EVERY,
    METHODS,
    make_method,
    make_methods,
)
from catallax.labs.forecasting.naive import Last, SeasonalNaive
from catallax.labs.forecasting.panel import Panel, read_panel
from catallax.labs.forecasting.result import BenchResult, ChoiceSummary, MethodScore
from catallax.labs.forecasting.rolling import choose_origins, collect_outcomes, roll_forecasts
from catallax.labs.forecasting.scores import (
    average_by_row,
    average_known,
    measure_coverage,
    measure_pinball,
    measure_scale,
    measure_wape,
)
from catallax.labs.forecasting.smoothing import FittedEwma, FittedHoltWinters
from catallax.labs.forecasting.spread import spread_around
from catallax.renamed import hand_out_old_names

__all__ = [
    "CHOICE",
    "DEFAULT",
    "EVERY",
    "LEVELS",
    "METHODS",
    "SEEN",
    "BenchResult",
    "Choice",
    "ChoiceSummary",
    "FittedEwma",
    "FittedHoltWinters",
    "Forecast",
    "ForecastMethod",
    "Last",
    "MethodChoice",
    "MethodScore",
    "Panel",
    "SeasonalNaive",
    "average_by_row",
    "average_known",
    "check_series",
    "choose",
    "choose_origins",
    "collect_outcomes",
    "forecast",
    "forecast_bench",
    "make_method",
    "make_methods",
    "measure_coverage",
    "measure_pinball",
    "measure_scale",
    "measure_wape",
    "pick",
    "read_panel",
    "record_errors",
    "roll_forecasts",
    "spread_around",
]

hand_out_old_names(__name__)
