"""The border in words and numbers."""

import math

from catallax.experiments.frontier.border import Border, Crossing
from catallax.experiments.settings import Value
from catallax.experiments.statistics import Estimate


def sentence(border: Border) -> str:
    """Where who wins, or that there is no border within the map."""
    if not border.judged:
        return f"{border.first} and {border.second}: nothing was measured."
    first, second, undecided = border.won
    if border.found:
        return _crossed(border)
    if not first and not second:
        return (
            f"{border.first} and {border.second} are not told apart beyond doubt anywhere on the "
            f"map ({_cells(undecided)})."
        )
    return _everywhere(border)


def _crossed(border: Border) -> str:
    first, second, undecided = border.won
    where = _joined([_line(border, c) for c in border.crossings])
    return (
        f"{border.first} beats {border.second} where {border.axis.name} is {where}. Cell by cell "
        f"beyond doubt: {border.first} {first}, {border.second} {second}, undecided {undecided}."
    )


def _line(border: Border, c: Crossing) -> str:
    at = f"at {border.other.name} {shown(c.other)}"
    if c.value is None:
        return f"{'anything' if c.above == border.first else 'nothing on the map'} {at}"
    side = "above" if c.above == border.first else "below"
    return f"{side} {shown(c.value)} ({_ends(c)}) {at}"


def _ends(c: Crossing) -> str:
    low = shown(c.low) if math.isfinite(c.low) else "below the map"
    high = shown(c.high) if math.isfinite(c.high) else "beyond the map"
    return f"{low} to {high}"


def _everywhere(border: Border) -> str:
    first, second, undecided = border.won
    best, other = (border.first, border.second) if first else (border.second, border.first)
    if first and second:
        return (
            f"{border.first} and {border.second} share the map ({first} and {second} cells, "
            f"{undecided} undecided), but no border between them can be told on its axes."
        )
    if undecided:
        return (
            f"{best} beats {other} in {_cells(first + second)} of {len(border.judged)}; in the "
            f"others they are not told apart, and in none is {other} ahead beyond doubt."
        )
    contest, margin = border.least
    point = ", ".join(f"{k} {shown(v)}" for k, v in contest.cell.point.items())
    return f"{best} beats {other} everywhere on the map, by at least {_margin(margin)}, at {point}."


def _margin(margin: Estimate) -> str:
    low, high = sorted((abs(margin.low), abs(margin.high)))
    return f"{abs(margin.mean):.4g} ({low:.4g} to {high:.4g})"


def shown(value: Value) -> str:
    """A value in three digits, or a word as it is."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
