"""The map of who wins, as tiles."""

import math
from collections.abc import Sequence

from catallax.show.frontier.heat import Curve, Heat, Tile
from catallax.show.frontier.naming import letters, name
from catallax.show.words import NONE, joined, number, spread
from catallax.study.frontier import CellResult, Crossing, Map, MapBorder, Scale, pareto_points
from catallax.study.frontier.sentence import write_value
from catallax.study.statistics import Estimate

Lines = list[list[str]]


def heat_of(found: Map, told: Sequence[MapBorder]) -> Heat:
    """Tiles and borders of a map."""
    known = letters(found.labels)
    leaders = {c.leader for c in found.judged}
    won = [f"{name(m)} {count}" for m, count in found.won.items()]
    return Heat(
        f"Who wins over {found.x.name} and {found.y.name}",
        f"Cells won beyond doubt: {joined(won)}; undecided {found.undecided}.",
        (found.x.title, [write_value(v) for v in found.x.values]),
        (found.y.title, [write_value(v) for v in found.y.values]),
        [_tile(found, c) for c in found.cells],
        [_curve(found, b) for b in told if b.found and {b.first, b.second} <= leaders],
        [(known[m], k % 6, name(m)) for k, m in enumerate(found.labels)],
    )


def _tile(found: Map, contest: CellResult) -> Tile:
    x, y = found.key(contest)
    verdict = found.verdicts.get((x, y))
    leader = contest.leader if contest.seeds else found.labels[0]
    return Tile(
        found.x.index(x),
        found.y.index(y),
        found.labels.index(leader) % 6,
        letters(found.labels)[leader] if contest.seeds else NONE,
        NONE if verdict is None else number(abs(verdict.margin.mean), 2),
        found.winner(contest) is None,
        found.on_grid(contest),
        f"{where(found, contest)}: {verdict_of(found, contest)}",
    )


def where(found: Map, contest: CellResult) -> str:
    """The cell's values."""
    x, y = found.key(contest)
    return f"{found.x.name} {write_value(x)}, {found.y.name} {write_value(y)}"


def verdict_of(found: Map, contest: CellResult) -> str:
    """Who wins the cell, by how much, and how sure that is."""
    verdict = found.verdicts.get(found.key(contest))
    if verdict is None:
        return "nothing was measured"
    by = f"{interval(verdict.margin)} over the {name(verdict.second)}"
    if verdict.decided:
        return f"the {name(verdict.first)} wins by {by}"
    return f"undecided; the {name(verdict.first)} leads by {by}"


def interval(found: Estimate) -> str:
    """`0.021 (0.018 to 0.024)`; the mean alone for one seed."""
    if not math.isfinite(found.low):
        return number(found.mean)
    mean, low, high = spread(found.mean, found.low, found.high)
    return f"{mean} ({low} to {high})"


def lines_of(found: Map, contest: CellResult) -> Lines:
    """A row for each mechanism: name, measure, bits a week, whether on the front, runs lost."""
    at = pareto_points(contest)
    return [
        [
            name(m),
            interval(contest.estimates[m]) if contest.seeds else NONE,
            number(contest.bits[m], 3),
            ("yes" if at[m].front else "no") if m in at else NONE,
            str(len(contest.lost[m])),
            contest.cell.mechanisms[m],
        ]
        for m in found.labels
    ]


def _curve(found: Map, border: MapBorder) -> Curve:
    points = [_point(found, border, c) for c in border.path]
    return Curve(f"border of {name(border.first)} and {name(border.second)}", points)


def _point(found: Map, border: MapBorder, c: Crossing) -> tuple[tuple[float, float], ...] | None:
    if c.value is None:
        return None
    other = border.other.index(c.other)
    along = [_step(border.axis, v) for v in (c.value, c.low, c.high)]
    turned = border.axis is found.y
    return tuple((other, a) if turned else (a, other) for a in along)


def _step(axis: Scale, value: float) -> float:
    """Steps along the grid; beyond the map for what is infinite."""
    if math.isinf(value):
        return -1.0 if value < 0 else float(len(axis.values))
    return axis.index(value)
