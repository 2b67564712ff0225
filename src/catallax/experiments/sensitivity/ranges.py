"""Ranges of axes, and how a place in the unit interval becomes a value."""

import re
from dataclasses import dataclass
from typing import final

from catallax.errors import InputError
from catallax.experiments.registry import maker
from catallax.experiments.sweep import AXES, Axis, axis
from catallax.protocol import Value
from catallax.protocol.makers import settings_of
from catallax.protocol.settings import shortened
from catallax.protocol.specs import spec_of

TEXT = re.compile(r"(?P<name>[^=]+)=(?P<low>[^=]+?)\.\.(?P<high>[^=]+)")


@final
@dataclass(frozen=True)
class Range:
    """An axis from `low` to `high`, all equally likely.

    log   : in logs
    whole : in whole numbers
    """

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high or (self.log and self.low <= 0):
            least = "above 0 and " if self.log else ""
            raise InputError(
                f"{self.name}: the range {self.low:g} to {self.high:g} is empty or out of place; "
                f"write {self.name}=LOW..HIGH with LOW {least}below HIGH"
            )

    def value(self, share: float) -> Value:
        """The value at `share` of the way, in [0, 1]. Whole numbers are all equally likely."""
        low, high = (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)
        if self.log:
            low = max(low, self.low / 2.0)
            found = low * (high / low) ** share
        else:
            found = low + (high - low) * share
        found = min(max(round(found) if self.whole else shortened(found), self.low), self.high)
        return int(found) if self.whole else float(found)


def range_of(text: str) -> Range:
    """A range from `NAME=LOW..HIGH`, or from the name of an axis that has a grid of numbers.

    Raises InputError for unknown axes, axes without numbers, and ranges that are none.
    """
    match = TEXT.fullmatch(text.strip())
    name = match["name"].strip() if match is not None else text.strip()
    if "=" in name:
        raise InputError(f"--axes {text!r}: expected NAME or NAME=LOW..HIGH, such as delay=0..4")
    found = axis(name)
    if match is not None:
        ends = (_number(text, match["low"]), _number(text, match["high"]))
    else:
        ends = _grid(found)
    return Range(name, *ends, log=found.log, whole=_whole(found))


def _number(text: str, end: str) -> float:
    try:
        return float(end)
    except ValueError as e:
        raise InputError(f"--axes {text!r}: {end.strip()!r} is not a number") from e


def _grid(found: Axis) -> tuple[float, float]:
    numbers = [v for v in found.values if isinstance(v, int | float)]
    if len(numbers) < 2:
        raise InputError(f"{found.name}: has no range of its own; write {found.name}=LOW..HIGH")
    return float(min(numbers)), float(max(numbers))


def _whole(found: Axis) -> bool:
    """Whether only whole numbers make sense: bits, weeks, firms."""
    if found.name in AXES and found.name != "delay":
        return all(type(v) is int for v in found.values)
    mechanism, _, key = found.name.partition(":")
    if key:
        return settings_of(maker(spec_of(mechanism)))[key].kind is int
    return found.name.split(".")[-1] in ("delay", "resolution", "rounds", "weeks")
