"""Learning: forecasting from reports, and facts inferred from what was observed."""

from catallax.learning.elasticity import Slopes, mixes
from catallax.learning.forecast import Ewma, Forecaster, HoltWinters, LastValue
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
