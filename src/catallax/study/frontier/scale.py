"""One side of a map: its values in order, and where a value stands among them."""

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.protocol import PRODUCTION, Value
from catallax.study.sweep import axis

FINEST = 4  # a step of the grid is divided into so many parts at most


@final
@dataclass(frozen=True)
class Scale:
    """An axis and the values of it that the grid has.

    name   : as people call it
    title  : with its unit
    values : of the grid, each once; numbers ascend
    log    : whether numbers are read in logs
    """

    name: str
    title: str
    values: tuple[Value, ...]
    log: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether values are numbers, so that there is something between them."""
        return not any(isinstance(v, str | bool) for v in self.values)

    @property
    def is_whole(self) -> bool:
        """Whether all values are whole numbers by kind."""
        return all(isinstance(v, int) for v in self.values)

    def place(self, values: list[Value]) -> Floats:
        """Where values stand, 0 at the first of the grid and 1 at the last, in logs if it is so."""
        if not self.is_numeric:
            return np.array([self.values.index(v) for v in values], dtype=np.float64)
        low, high = (self._to_number(self.values[k]) for k in (0, -1))
        return np.array([(self._to_number(v) - low) / ((high - low) or 1.0) for v in values])

    def value(self, place: float) -> float:
        """The number at a place between 0 and 1."""
        low, high = (self._to_number(self.values[k]) for k in (0, -1))
        at = low + place * (high - low)
        return math.exp(at) if self.log else at

    def between(self, a: Value, b: Value) -> Value | None:
        """The value midway, None if there is none or the two are near enough."""
        if not self.is_numeric:
            return None
        steps = np.diff(self.place(list(self.values)))
        near, far = self.place([a, b])
        here = np.searchsorted(np.cumsum(steps), min(near, far) + 1e-9)
        if abs(far - near) <= 1.5 * steps[min(int(here), len(steps) - 1)] / FINEST:
            return None
        middle: Value = float(f"{self.value((near + far) / 2):.4g}")
        middle = round(float(middle)) if self.is_whole else middle
        return None if middle in (a, b) else middle

    def index(self, value: Value) -> float:
        """Where a value stands when the grid's are equally far apart: 0, 1, 2, ..."""
        if not self.is_numeric:
            return float(self.values.index(value))
        places = self.place(list(self.values))
        return float(np.interp(self.place([value])[0], places, np.arange(len(places))))

    def _to_number(self, value: Value) -> float:
        return math.log(float(value)) if self.log else float(value)


def make_scale(name: str, values: tuple[Value, ...] = (), domain: str = PRODUCTION) -> Scale:
    """The axis called `name` at these values, by default its own.

    Raises InputError for an unknown axis, one without values, a value that is there twice, numbers
    among words, and numbers that have no logarithm where it is read in logs.
    """
    known = axis(name, domain)
    chosen = values or known.values
    if not chosen:
        raise InputError(f"{name}: has no values of its own; give them, such as {name}=0.1,0.2,0.4")
    if len(set(chosen)) < len(chosen):
        raise InputError(f"{name}: names a value twice; give each once")
    words = [isinstance(v, str | bool) for v in chosen]
    if any(words) and not all(words):
        raise InputError(f"{name}: has numbers and words; give one kind, such as {name}=1,4,13")
    if not any(words):
        chosen = tuple(sorted(chosen, key=float))
        if known.log and float(chosen[0]) <= 0:
            raise InputError(f"{name}: {chosen[0]} has no logarithm; give numbers above 0")
    return Scale(known.name, known.title, chosen, known.log)
