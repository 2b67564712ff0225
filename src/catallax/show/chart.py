"""What a chart is: axes, lines with bands, dots. `svg` draws it.

No colour stands alone: every series has a dash and a mark of its own.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.protocol.wording import NOTHING
from catallax.show.words import fixed, number

DASHES = ("", "8 3", "2.5 2.5", "9 3 2 3", "14 4", "5 2 1 2 1 2")
MOST = 1e300  # beyond, sums of what is drawn are no numbers
DECADES = 12  # with a tick each; an axis of more has them further apart
MARKS = ("circle", "square", "triangle", "diamond", "cross", "plus")


@final
@dataclass(frozen=True)
class Look:
    """How a series is recognised: a class of colour, a dash and a mark."""

    colour: str
    dash: str
    mark: str


ORACLE = Look("oracle", "1.5 3", "plus")


def choose_look(i: int) -> Look:
    """The look of the i-th mechanism; colours repeat after six, with other dashes and marks."""
    turn = i // len(DASHES)
    return Look(f"c{i % 6}", DASHES[(i + turn) % len(DASHES)], MARKS[(i + turn) % len(MARKS)])


@final
@dataclass(frozen=True)
class ChartAxis:
    """From `low` to `high`, linear or in logs, with its ticks."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str
    log: bool = False

    def share(self, value: Floats) -> Floats:
        """How far along the axis each value stands, 0 to 1 within it."""
        if self.log:
            low = math.log(self.low)
            return np.asarray((np.log(value) - low) / (math.log(self.high) - low))
        return np.asarray((value - self.low) / (self.high - self.low))


@final
@dataclass(frozen=True, eq=False)
class ChartLine:
    """A line, with a band where `low` and `high` are given.

    name  : in the legend; "" for none
    whole : whether it goes on through the chart's marks, as what does not happen in time
    """

    name: str
    look: Look
    x: Floats
    y: Floats
    low: Floats | None = None
    high: Floats | None = None
    whole: bool = False


@final
@dataclass(frozen=True, eq=False)
class Dots:
    """Dots with a radius and a note each."""

    name: str
    look: Look
    x: Floats
    y: Floats
    radius: Floats
    notes: Sequence[str]


@final
@dataclass(frozen=True, eq=False)
class Chart:
    """What is drawn: `summary` is read aloud, `marks` are labelled vertical lines."""

    title: str
    summary: str
    x: ChartAxis
    y: ChartAxis
    lines: Sequence[ChartLine] = ()
    dots: Sequence[Dots] = ()
    marks: Sequence[tuple[float, str]] = ()


def make_linear_axis(low: float, high: float, title: str, count: int = 5) -> ChartAxis:
    """An axis with about `count` ticks at round numbers; an empty range is widened."""
    if high - low <= max(1e-9 * max(abs(low), abs(high)), NOTHING):
        pad = 0.05 * abs(low) if abs(low) > 20 * NOTHING else 0.05
        low, high = low - pad, high + pad
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(m for m in (1, 2, 2.5, 5, 10) if m * power >= 0.999 * rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) + (round(step / power, 1) == 2.5)
    at = [k * step for k in range(first, last + 1)]
    return ChartAxis(low, high, tuple(zip(at, _label_ticks(at, digits), strict=True)), title)


def _label_ticks(at: Sequence[float], digits: int) -> list[str]:
    """Ticks in words: with as many decimals as asked for, or more where two would read alike."""
    tries = [[_format_tick(v, digits) for v in at], [fixed(v, min(digits, 6)) for v in at]]
    tries += [[number(v, more) for v in at] for more in range(5, 18)]
    return next((texts for texts in tries if len(set(texts)) == len(texts)), tries[-1])


def make_padded_axis(low: float, high: float, title: str, count: int = 5) -> ChartAxis:
    """A linear axis with a little room below and above."""
    pad = 0.05 * (high - low)
    return make_linear_axis(low - pad, high + pad, title, count)


def find_span(values: Iterable[Floats]) -> tuple[float, float]:
    """Smallest and largest finite number; 0 and 1 if there is none."""
    every = np.concatenate([np.zeros(0), *values])
    every = np.clip(every[np.isfinite(every)], -MOST, MOST)
    return (float(every.min()), float(every.max())) if every.size else (0.0, 1.0)


def fit_axis(values: Sequence[Floats], title: str, *, log: bool = False) -> ChartAxis:
    """An axis for all that is drawn; in logs only where that is asked and all is above 0."""
    low, high = find_span(values)
    if log and low > NOTHING:
        return make_log_axis(low / 1.05, high * 1.05, title)
    return make_padded_axis(low, high, title)


def make_log_axis(low: float, high: float, title: str) -> ChartAxis:
    """An axis in logs with ticks at 1, 2 and 5 of each power of ten, or fewer; low > 0."""
    low, high = (low, high) if high > 1.05 * low else (low / 1.1, high * 1.1)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    powers = range(first, last + 1, max((last - first) // DECADES, 1))
    steps = (1, 2, 5) if len(powers) < 5 else (1,)
    at = [m * 10.0**k for k in powers for m in steps if low <= m * 10.0**k <= high]
    ticks = _label_powers(at) if len(at) > 1 else make_linear_axis(low, high, title, 4).ticks
    return ChartAxis(low, high, ticks, title, log=True)


def make_week_axis(low: float, high: float, title: str = "week") -> ChartAxis:
    """An axis of weeks with a tick every month, quarter or year, at most eight."""
    steps = (1, 2, 4, 13, 26, 52, 104, 260, 520, 1040, 5200, 26000)
    step = next((s for s in steps if (high - low) / s <= 7), 52000)
    first, last = math.ceil(low / step), math.floor(high / step)
    ticks = tuple((float(k * step), str(k * step)) for k in range(first, last + 1))
    return ChartAxis(low, max(high, low + 1.0), ticks, title)


def _format_tick(value: float, digits: int) -> str:
    """A tick with as many decimals as its neighbours."""
    return number(value) if abs(value) >= 1e4 or digits > 5 else fixed(value, digits)


def _label_powers(at: Sequence[float]) -> tuple[tuple[float, str], ...]:
    return tuple((v, number(round(v, 12))) for v in at)
