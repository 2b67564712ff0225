"""Learning: series followed and forecast.

Agents and centres follow series week by week (`learning.follow`); whoever holds a whole panel
forecasts it at once, rows x time to quantiles (`learning.forecast`).
"""

from catallax.learning.follow import Ewma, Forecaster, HoltWinters, LastValue
from catallax.learning.known import FORECASTERS, forecaster
from catallax.learning.structural import Bank, Structural
from catallax.learning.track import Followed, Track

__all__ = [
    "FORECASTERS",
    "Bank",
    "Ewma",
    "Followed",
    "Forecaster",
    "HoltWinters",
    "LastValue",
    "Structural",
    "Track",
    "forecaster",
]
