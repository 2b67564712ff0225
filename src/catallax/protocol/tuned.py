"""What a setting can be, and ranges over which it is tuned, with the points in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any, final

from catallax.errors import InputError

Value = bool | int | float | str
"""What a setting can be: a value that stands in a file, in an option or on an axis."""

DIGITS = 3  # significant ones of a tuned number, so that it can be read and written
EDGE = 0.05  # share of a range that counts as its end
SCALES = ("linear", "log", "root")


@final
@dataclass(frozen=True)
class TunedSpan:
    """Numbers between two ends, both of them allowed.

    low, high : the ends
    start     : the starting value, tried first
    why       : the reason for the ends, in a line
    scale     : on which points lie evenly: "linear", "log", or "root", where their square roots
                do, so that small values are tried as thoroughly as large ones and 0 is among them
    """

    low: int | float
    high: int | float
    start: int | float
    why: str
    scale: str = "linear"

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise InputError(f"scale: {self.scale!r} is not one of {', '.join(SCALES)}")
        least = {"log": self.low > 0, "root": self.low >= 0}.get(self.scale, True)
        if not self.low < self.high or not least:
            what = f"low: {self.low} to {self.high} is not a {self.scale} range"
            raise InputError(
                f"{what}; give a low below high, above 0 for log and not below 0 for root"
            )
        if not self.low <= self.start <= self.high:
            raise InputError(f"start: {self.start} is not between {self.low} and {self.high}")

    def at(self, u: float, kind: type) -> Value:
        """The point at the share `u` of the range, as an int or float."""
        if kind is int:
            # Half a step more at either end gives every whole number its natural share.
            return min(max(round(self._between(u, 0.5)), int(self.low)), int(self.high))
        x = float(f"{self._between(u, 0.0):.{DIGITS}g}")
        return min(max(x, float(self.low)), float(self.high))

    def share(self, value: Value) -> float:
        """The share of the range at which `value` stands, 0 to 1."""
        low, x, high = (self._scale(float(v)) for v in (self.low, value, self.high))
        return min(max((x - low) / (high - low), 0.0), 1.0)

    def _scale(self, x: float) -> float:
        """Where a number stands on the scale on which points lie evenly."""
        return {"linear": lambda: x, "log": lambda: log(x), "root": lambda: sqrt(x)}[self.scale]()

    def near(self, value: Value, u: float, width: float, kind: type) -> Value:
        """A point within `width` of the range about `value`, cut at the ends; u : from 0 to 1."""
        about = self.share(value) + (u - 0.5) * width
        return self.at(min(max(about, 0.0), 1.0), kind)

    def begin(self, kind: type) -> Value:
        """The starting value as an int or float."""
        return int(self.start) if kind is int else float(self.start)

    def ends(self, value: Value) -> bool:
        """Whether `value` lies in the outermost twentieth of the range at either end."""
        low, high = self._between(EDGE, 0.0), self._between(1.0 - EDGE, 0.0)
        return not low <= float(value) <= high

    def check(self, kind: type) -> None:
        """InputError if points between the ends are not values of a setting of that kind."""
        if kind not in (int, float):
            raise InputError("low: the setting is not a number; give choices = [...] instead")
        whole = all(float(x).is_integer() for x in (self.low, self.high, self.start))
        if kind is int and not whole:
            raise InputError("low: the setting is a whole number; give whole low, high and start")

    def _between(self, u: float, more: float) -> float:
        low, high = self.low - more, self.high + more
        if self.scale == "linear":
            return low + u * (high - low)
        if self.scale == "root":
            first, last = sqrt(max(low, 0.0)), sqrt(high)
            return (first + u * (last - first)) ** 2
        return exp(log(low) + u * (log(high) - log(low)))


@final
@dataclass(frozen=True)
class TunedChoice:
    """Some values, none of which lies between others.

    choices : all of them
    start   : the one tried first
    why     : the reason for these, in a line
    """

    choices: tuple[Value, ...]
    start: Value
    why: str

    def __post_init__(self) -> None:
        if self.start not in self.choices:
            raise InputError(f"start: {self.start!r} is not among the choices")

    def at(self, u: float, kind: type) -> Value:
        """The choice at the share `u` of the list."""
        return kind(self.choices[min(int(u * len(self.choices)), len(self.choices) - 1)])  # type: ignore[no-any-return]

    def near(self, value: Value, u: float, width: float, kind: type) -> Value:
        """The choice itself: none lies near another."""
        return value

    def begin(self, kind: type) -> Value:
        """The starting value."""
        return kind(self.start)  # type: ignore[no-any-return]

    def ends(self, value: Value) -> bool:
        """Whether `value` lies at an end: choices have none."""
        return False

    def check(self, kind: type) -> None:
        """InputError if a choice is not a value of a setting of that kind."""
        right = (int, float) if kind is float else (kind,)
        for choice in self.choices:
            if type(choice) not in right:
                raise InputError(f"choices: {choice!r} is not of the setting's type")


Tuned = TunedSpan | TunedChoice


def tuned_from(plain: Mapping[str, Any]) -> Tuned:
    """The range of which `plain` holds the fields."""
    if "choices" in plain:
        return TunedChoice(**{**plain, "choices": tuple(plain["choices"])})
    return TunedSpan(**plain)
