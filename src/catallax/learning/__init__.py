"""Learning: series followed and forecast, and facts inferred from what was observed.

Agents and centres follow series week by week (`learning.follow`); whoever holds a whole panel
forecasts it at once, rows x time to quantiles (`learning.forecast`).
"""

from catallax.learning.elasticity import Slopes, mixes
from catallax.learning.follow import Ewma, Forecaster, HoltWinters, LastValue
from catallax.learning.inference import productivity, revealed_tastes
from catallax.learning.known import FORECASTERS, forecaster
from catallax.learning.structural import Bank, Structural
from catallax.learning.track import Bools, Followed, Track

__all__ = [
    "FORECASTERS",
    "Bank",
    "Bools",
    "Ewma",
    "Followed",
    "Forecaster",
    "HoltWinters",
    "LastValue",
    "Slopes",
    "Structural",
    "Track",
    "forecaster",
    "mixes",
    "productivity",
    "revealed_tastes",
]
