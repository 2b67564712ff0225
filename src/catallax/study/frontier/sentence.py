"""The border in words and numbers."""

import math
from collections.abc import Callable

from catallax.protocol import Value
from catallax.study.frontier.border import Crossing, MapBorder
from catallax.study.statistics import Estimate


def describe_border(border: MapBorder, name: Callable[[str], str] = str) -> str:
    """Where who wins, or that there is no border within the map.

    name : of a mechanism for people, from its label
    """
    one, two = name(border.first), name(border.second)
    if not border.judged:
        return f"{one} and {two}: nothing was measured."
    first, second, undecided = border.won
    if border.found:
        where = _join([_describe_crossing(border, c) for c in border.crossings])
        return (
            f"{one} beats {two} where {border.axis.name} is {where}. Cells decided: "
            f"{one} {first}, {two} {second}, undecided {undecided}."
        )
    if first and second:
        return (
            f"{one} and {two} share the map ({first} and {second} cells, {undecided} undecided), "
            f"but no border between them shows on its axes."
        )
    if not first and not second:
        return (
            f"{one} and {two} differ by less than we can tell everywhere on the map "
            f"({_count_cells(undecided)})."
        )
    return _describe_one_sided(border, *((one, two) if first else (two, one)))


def _describe_one_sided(border: MapBorder, best: str, other: str) -> str:
    first, second, undecided = border.won
    if undecided:
        return (
            f"{best} beats {other} in {_count_cells(first + second)} of {len(border.judged)} and "
            f"nowhere loses. In the others the two differ by less than we can tell."
        )
    result, margin = border.least
    point = ", ".join(f"{k} {write_value(v)}" for k, v in result.cell.point.items())
    least = _describe_margin(margin)
    return f"{best} beats {other} everywhere on the map, by at least {least}, at {point}."


def _describe_crossing(border: MapBorder, c: Crossing) -> str:
    at = f"at {border.other.name} {write_value(c.other)}"
    if c.value is None:
        return f"{'anything' if c.above == border.first else 'nothing on the map'} {at}"
    side = "above" if c.above == border.first else "below"
    return f"{side} {write_value(c.value)} ({_describe_ends(c)}) {at}"


def _describe_ends(c: Crossing) -> str:
    low = write_value(c.low) if math.isfinite(c.low) else "below the map"
    high = write_value(c.high) if math.isfinite(c.high) else "beyond the map"
    return f"{low} to {high}"


def _describe_margin(margin: Estimate) -> str:
    low, high = sorted((abs(margin.low), abs(margin.high)))
    return f"{abs(margin.mean):.4g} ({low:.4g} to {high:.4g})"


def write_value(value: Value) -> str:
    """A value in three digits, or a word as it is."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _count_cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
