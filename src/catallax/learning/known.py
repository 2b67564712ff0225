"""Every rule of forecasting by name."""

from collections.abc import Callable, Mapping
from typing import Any

from catallax.errors import unknown
from catallax.learning.follow import Ewma, Forecaster, HoltWinters, LastValue
from catallax.learning.structural import Structural

FORECASTERS: Mapping[str, Callable[[], Forecaster[Any]]] = {
    "last": LastValue,
    "ewma": Ewma,
    "holt_winters": HoltWinters,
    "structural": Structural,
}
"""Every rule by name."""


def forecaster(name: str) -> Forecaster[Any]:
    """The rule called `name` with its default settings; InputError lists the known ones."""
    if name not in FORECASTERS:
        raise unknown("forecast", name, FORECASTERS)
    return FORECASTERS[name]()
