"""Learning: what agents and centres make of series that they follow week by week."""

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
