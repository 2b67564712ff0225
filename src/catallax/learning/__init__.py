"""Learning: forecasting from reports, and facts inferred from what was observed."""

from catallax.learning.forecast import (
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
