"""What can be varied, between which numbers studies draw it, and what is believed of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np

from catallax.errors import InputError, unknown
from catallax.protocol.settings import shorten
from catallax.protocol.tuned import Value


@final
@dataclass(frozen=True)
class NumberRange:
    """Numbers from `low` to `high`, all equally likely; both ends are in it.

    log   : in logs; then `low` is above 0
    whole : in whole numbers

    Raises InputError for ends that leave nothing between them.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high or (self.log and self.low <= 0):
            least = "above 0 and " if self.log else ""
            raise InputError(
                f"the range {self.low:g} to {self.high:g} is empty or out of place; give a lower "
                f"end that is {least}below the upper one"
            )

    def value(self, share: float) -> Value:
        """The number at `share` of the way, in [0, 1]. Whole numbers are all equally likely."""
        low, high = (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)
        if self.log:
            low = max(low, self.low / 2.0)
            found = low * (high / low) ** share
        else:
            found = low + (high - low) * share
        found = min(max(round(found) if self.whole else shorten(found), self.low), self.high)
        return int(found) if self.whole else float(found)


@final
@dataclass(frozen=True)
class Axis:
    """Something that can be varied.

    name     : as people call it
    title    : with its unit, for a picture
    values   : a grid to begin with, ascending
    keys     : of the contract, all set to the value
    settings : names that it has as a mechanism's setting; none for a key of the contract
    log      : whether the axis is read in logs
    whole    : whether only whole numbers make sense, as on a grid that has no others
    range    : lowest and highest number that studies draw; none for the ends of the grid
    """

    name: str
    title: str
    values: tuple[Value, ...]
    keys: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    log: bool = False
    whole: bool = False
    range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.values and all(type(v) is int for v in self.values):
            object.__setattr__(self, "whole", True)
        if self.range is not None:
            self.between(*self.range)

    @property
    def numbers(self) -> NumberRange | None:
        """The numbers that studies draw; None where the axis has words or no values."""
        if self.range is not None:
            return self.between(*self.range)
        there = [v for v in self.values if isinstance(v, int | float) and not isinstance(v, bool)]
        return self.between(min(there), max(there)) if len(there) > 1 else None

    def between(self, low: float, high: float) -> NumberRange:
        """The numbers between two ends, read as the axis is. InputError if there are none."""
        try:
            return NumberRange(float(low), float(high), self.log, self.whole)
        except InputError as e:
            raise InputError(f"{self.name}: {e}") from e


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
