"""What is believed of a number of the contract before anything is run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np

from catallax.errors import InputError, unknown


class PriorScale(NamedTuple):
    """A scale on which a prior is normal: there and back."""

    there: Callable[[float], float]
    back: Callable[[float], float]


SCALES: Mapping[str, PriorScale] = {
    "log": PriorScale(lambda v: float(np.log(v)), lambda x: float(np.exp(x))),
    "log1p": PriorScale(lambda v: float(np.log1p(v)), lambda x: float(np.expm1(x))),
    "logit": PriorScale(
        lambda v: float(np.log(v / (1 - v))), lambda x: float(1 / (1 + np.exp(-x)))
    ),
    "linear": PriorScale(float, float),
}


@final
@dataclass(frozen=True)
class Prior:
    """How far one number of the contract may plausibly be from what it is there.

    scale  : on which the prior is normal: "log", "log1p", "logit" or "linear". About a number at
             an end of the range it is half-normal
    spread : s.d. on that scale, > 0
    source : of the spread, or that it is an assumption
    low, high : ends of the range
    whole  : whether only whole numbers are possible

    Raises InputError for an unknown scale, a spread that is not above 0, a missing source and an
    empty range.
    """

    scale: str
    spread: float
    source: str
    low: float
    high: float
    whole: bool = False

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise unknown("scale", self.scale, SCALES)
        if not self.spread > 0:
            raise InputError(f"spread: {self.spread} is out of range, expected a number above 0")
        if not self.source.strip():
            raise InputError('source: is missing; say where the spread is from, or "assumption"')
        if not self.low < self.high:
            raise InputError(f"low: {self.low:g} is not below high, {self.high:g}")

    def there(self, value: float) -> float:
        """A number on the scale of the prior; not finite where it has no place there."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return SCALES[self.scale].there(np.float64(value))

    def back(self, place: float) -> float:
        """The number at a place on the scale of the prior."""
        return SCALES[self.scale].back(place)
