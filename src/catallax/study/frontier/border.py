"""Where the advantage passes from one mechanism to another, and how sure that is."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import unknown
from catallax.protocol import Value
from catallax.study.frontier.map import Map
from catallax.study.frontier.results import CellResult
from catallax.study.frontier.scale import Scale
from catallax.study.frontier.surface import TAIL, Surface, fit_surface
from catallax.study.statistics import Estimate, Verdict, verdicts

STEPS = 201  # places looked at along a line
BETWEEN = 4  # parts of a step of the grid between two points of the line that is drawn


@final
@dataclass(frozen=True)
class Crossing:
    """The border on one line across the map.

    other     : value of the other axis, where the line is
    value     : of this axis, where the margin is 0; None if one side wins all along the line
    low, high : its 95 % interval; infinite where it may be beyond the map
    above     : who wins above it, or all along
    """

    other: Value
    value: float | None
    low: float
    high: float
    above: str

    def to_dict(self) -> dict[str, Any]:
        """As plain values; an end beyond the map is None."""
        low, high = (e if math.isfinite(e) else None for e in (self.low, self.high))
        return {"at": self.other, "value": self.value, "low": low, "high": high,
                "above": self.above}  # fmt: skip


@final
@dataclass(frozen=True, eq=False)
class MapBorder:
    """The border between two mechanisms.

    axis      : on which it is told
    other     : the other one
    crossings : one for each value of the other axis in the grid
    path      : the same at values in between, to be drawn; none for words
    judged    : verdict on every cell, Holm's correction over all of them
    """

    first: str
    second: str
    axis: Scale
    other: Scale
    crossings: tuple[Crossing, ...]
    path: tuple[Crossing, ...]
    judged: tuple[tuple[CellResult, Verdict], ...]

    @property
    def found(self) -> bool:
        """Whether there is a border within the map: the fit crosses, and no verdict denies it."""
        crossed = any(c.value is not None for c in self.crossings)
        return crossed and max(self.won) < len(self.judged)

    @cached_property
    def won(self) -> tuple[int, int, int]:
        """Cells that the first wins, that the second wins, and that are undecided."""
        winners = [v.winner for _, v in self.judged]
        return winners.count(self.first), winners.count(self.second), winners.count(None)

    @property
    def least(self) -> tuple[CellResult, Estimate]:
        """The cell in which the side that wins most of them is least ahead, and by how much."""
        sign = 1.0 if self.won[0] >= self.won[1] else -1.0
        result, verdict = min(self.judged, key=lambda j: sign * j[1].margin.mean)
        return result, verdict.margin

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            "first": self.first,
            "second": self.second,
            "axis": self.axis.name,
            "other": self.other.name,
            "won": dict(zip(("first", "second", "undecided"), self.won, strict=True)),
            "crossings": [c.to_dict() for c in self.crossings],
        }


def find_border(found: Map, first: str, second: str) -> MapBorder:
    """The border between two of the map's mechanisms.

    It is told on the axis that it crosses more often. Raises InputError for a label that is none of
    the map's.
    """
    for label in (first, second):
        if label not in found.labels:
            raise unknown("mechanism of the map", label, found.labels)
    pairs = [(first, second, c.margin(first, second)) for c in found.judged]
    judged = tuple(zip(found.judged, verdicts(pairs, looked=found.looked), strict=True))
    axis, other, crossings, path = max(_read_on_both_axes(found, first, second), key=_share_crossed)
    return MapBorder(first, second, axis, other, crossings, path, judged)


def find_borders(found: Map) -> Sequence[MapBorder]:
    """Between every two mechanisms one of which wins a cell; between all if nobody wins any."""
    pairs = list(combinations(found.labels, 2))
    decided = [(a, b) for a, b in pairs if found.won[a] or found.won[b]]
    return [find_border(found, a, b) for a, b in decided or pairs]


_Reading = tuple[Scale, Scale, tuple[Crossing, ...], tuple[Crossing, ...]]


def _share_crossed(told: _Reading) -> float:
    _, _, crossings, _ = told
    return sum(c.value is not None for c in crossings) / max(len(crossings), 1)


def _read_on_both_axes(found: Map, first: str, second: str) -> list[_Reading]:
    """The border as told on either axis; across words the lines stand each for itself."""
    sides = [(found.x, found.y), (found.y, found.x)]
    if not found.judged:
        return [(axis, other, (), ()) for axis, other in sides]
    if found.x.is_numeric and found.y.is_numeric:
        fitted = _fit(found.judged, found.x, found.y, first, second)
        return [_read_lines(fitted, axis, other, axis is found.y, (first, second))
                for axis, other in sides]  # fmt: skip
    return [(axis, other, tuple(_read_words(found, axis, other, first, second)), ())
            for axis, other in sides]  # fmt: skip


def _fit(
    cells: Sequence[CellResult], x: Scale, y: Scale | None, first: str, second: str
) -> Surface:
    places = [s.place([c.cell.point[s.name] for c in cells]) for s in (x, y) if s is not None]
    across = places[1] if y is not None else np.zeros(len(cells))
    return fit_surface(places[0], across, [c.margin(first, second) for c in cells])


def _read_lines(
    fitted: Surface, axis: Scale, other: Scale, turned: bool, labels: tuple[str, str]
) -> _Reading:
    """Between numbers: at the values of the grid, and between them to be drawn."""
    if len(axis.values) < 2:
        return axis, other, (), ()
    grid: list[Value] = list(other.values)
    lines = [
        _find_crossing(_MapLine(fitted, float(place), turned), axis, value, labels)
        for values in (grid, _refine(other))
        for value, place in zip(values, other.place(values), strict=True)
    ]
    return axis, other, tuple(lines[: len(grid)]), tuple(lines[len(grid) :])


def _refine(scale: Scale) -> list[Value]:
    places = scale.place(list(scale.values))
    at = np.arange(BETWEEN * (len(places) - 1) + 1) / BETWEEN
    return [scale.value(float(p)) for p in np.interp(at, np.arange(len(places)), places)]


def _read_words(
    found: Map, axis: Scale, other: Scale, first: str, second: str
) -> Iterator[Crossing]:
    """One line for each word of the other axis, fitted to its own cells."""
    if not axis.is_numeric or len(axis.values) < 2:
        return
    for word in other.values:
        cells = [c for c in found.judged if c.cell.point[other.name] == word]
        if len({c.cell.point[axis.name] for c in cells}) > 1:
            line = _MapLine(_fit(cells, axis, None, first, second), 0.0, False)
            yield _find_crossing(line, axis, word, (first, second))


@final
@dataclass(frozen=True, eq=False)
class _MapLine:
    """A line across a surface, along x or, turned, along y; `place` is on the other axis."""

    fitted: Surface
    place: float
    turned: bool

    def margins(self, fits: Floats) -> Floats:
        """(..., STEPS) margins along it by coefficients (..., p)."""
        along, still = np.linspace(0.0, 1.0, STEPS), np.full(STEPS, self.place)
        x, y = (still, along) if self.turned else (along, still)
        return self.fitted.along(fits, x, y)


def _find_crossing(line: _MapLine, axis: Scale, value: Value, labels: tuple[str, str]) -> Crossing:
    margin = line.margins(line.fitted.fit)
    roots = _find_roots(margin)
    rising = bool(margin[-1] > 0)
    above = labels[0] if rising else labels[1]
    if np.isnan(roots).all():
        return Crossing(value, None, -math.inf, math.inf, above)
    at = float(np.nanmax(roots))
    ends = []
    for fits in (line.fitted.by_seeds, line.fitted.by_cells):
        drawn = _nearest_root(line.margins(fits), at, rising)
        ends.append(np.quantile(drawn, [TAIL, 1 - TAIL], method="nearest"))
    low, high = (
        axis.value(float(e)) if math.isfinite(e) else float(e)
        for e in (min(e[0] for e in ends), max(e[1] for e in ends))
    )
    return Crossing(value, axis.value(at), low, high, above)


def _find_roots(margin: Floats) -> Floats:
    """(..., STEPS-1) place between 0 and 1 where a margin along a line changes its sign, or NaN."""
    before, after = margin[..., :-1], margin[..., 1:]
    changes = np.sign(before) != np.sign(after)
    part = before / np.where(changes, before - after, 1.0)
    at = (np.arange(margin.shape[-1] - 1) + part) / (margin.shape[-1] - 1)
    return np.where(changes, at, np.nan)


def _nearest_root(margins: Floats, at: float, rising: bool) -> Floats:
    """(draws,) root nearest to `at`; without one beyond the end that the loser's side reaches."""
    roots = _find_roots(margins)
    far = np.where(np.isnan(roots), np.inf, np.abs(roots - at))
    found = np.take_along_axis(roots, far.argmin(axis=1)[:, None], axis=1)[:, 0]
    beyond = np.where((margins[:, -1] > 0) == rising, -np.inf, np.inf)
    return np.where(np.isnan(found), beyond, found)
