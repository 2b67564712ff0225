"""Learning: series followed and forecast, and facts inferred from what was observed.

Agents and centres follow series week by week (`learning.follow`); whoever holds a whole panel
forecasts it at once, rows x time to quantiles (`learning.forecast`).
"""

from catallax.learning.follow import (
    FORECASTERS,
    Ewma,
    Forecaster,
    HoltWinters,
    LastValue,
    forecaster,
)
from catallax.learning.inference import productivity, revealed_tastes
from catallax.learning.track import Bools, Track

__all__ = [
    "FORECASTERS",
    "Bools",
    "Ewma",
    "Forecaster",
    "HoltWinters",
    "LastValue",
    "Track",
    "forecaster",
    "productivity",
    "revealed_tastes",
]
