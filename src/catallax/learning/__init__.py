"""Learning: what agents and centres make of series that they follow week by week."""

from collections.abc import Callable, Mapping
from typing import Any

from catallax.errors import unknown
from catallax.learning.follow import Ewma, Forecaster, HoltWinters, LastValue
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

FORECASTERS: Mapping[str, Callable[[], Forecaster[Any]]] = {
    "last": LastValue,
    "ewma": Ewma,
    "holt_winters": HoltWinters,
    "structural": Structural,
}
"""Every rule of following by name."""


def forecaster(name: str) -> Forecaster[Any]:
    """The rule called `name` with its default settings; InputError lists the known ones."""
    if name not in FORECASTERS:
        raise unknown("forecast", name, FORECASTERS)
    return FORECASTERS[name]()
