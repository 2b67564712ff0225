"""The values of an axis: a list, or what lies between two ends."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.errors import InputError
from catallax.protocol import Value
from catallax.protocol.settings import shorten

MOST = 100_000  # points of a sweep, and so values of an axis
LARGEST = 1e100  # end of a span


@final
@dataclass(frozen=True)
class Listed:
    """Values of an axis, one by one."""

    values: tuple[Value, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.values)

    def grid(self) -> tuple[Value, ...]:
        """All of them."""
        return self.values

    def at(self, u: float) -> Value:
        """The value at a share of the way through the list, 0 <= u < 1."""
        return self.values[int(u * len(self.values))]


@final
@dataclass(frozen=True)
class Span:
    """Values of an axis from `low` to `high`, both included.

    low, high : where both are whole numbers, so is what lies between them
    log       : whether steps are even in logs; then low is > 0
    count     : of values on a grid, >= 2; of no account in samples

    Raises InputError for what is out of range.
    """

    low: int | float
    high: int | float
    log: bool = False
    count: int = 0

    def __post_init__(self) -> None:
        for name, end in (("low", self.low), ("high", self.high)):
            if not -LARGEST <= end <= LARGEST:
                raise InputError(f"{name}: {end} is out of range, expected up to {LARGEST:g}")
        if not 0 <= self.count <= MOST:
            raise InputError(f"count: {self.count} is out of range, expected 2 to {MOST:,}")
        if not self.low < self.high:
            raise InputError(f"low: {self.low} is not below high, {self.high}")
        if self.log and self.low <= 0:
            raise InputError(f"low: {self.low} has no logarithm; give a number above 0")

    @property
    def size(self) -> int:
        """How many values a grid has, at most."""
        whole = isinstance(self.low, int) and isinstance(self.high, int)
        return min(self.count, int(self.high) - int(self.low) + 1) if whole else self.count

    def grid(self) -> tuple[Value, ...]:
        """`count` values in even steps, each once."""
        if self.count < 2:
            raise InputError("count: is missing; a grid needs the number of values, 2 or more")
        steps = np.linspace(0.0, 1.0, self.count)
        return tuple(dict.fromkeys(self.at(float(u)) for u in steps))

    def at(self, u: float) -> Value:
        """The value at a share of the way, 0 <= u <= 1."""
        whole = isinstance(self.low, int) and isinstance(self.high, int)
        if not whole:
            return self._between(self.low, self.high, u)
        # Half a step more on either side, so that the ends come as often as the others.
        half = 0.5 - 1e-9
        wide = self._between(max(self.low - half, 0.5 * self.low), self.high + half, u)
        return min(max(round(wide), int(self.low)), int(self.high))

    def _between(self, low: float, high: float, u: float) -> float:
        found = low * (high / low) ** u if self.log else low + (high - low) * u
        return min(max(shorten(found), low), high)
