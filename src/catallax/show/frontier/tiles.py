"""The map of who wins, as tiles: names and letters of mechanisms, verdicts, borders."""

import math
from collections.abc import Mapping, Sequence
from string import ascii_uppercase, digits

from catallax.protocol.mechanism_names import spec_of
from catallax.show.frontier.heat import Curve, Heat, Tile
from catallax.show.words import NONE, joined, label_mechanism, number, round_to_interval
from catallax.study.frontier import CellResult, Crossing, Map, MapBorder, Scale, pareto_points
from catallax.study.frontier.best import BEST
from catallax.study.frontier.sentence import write_value
from catallax.study.statistics import Estimate


def name_on_map(text: str) -> str:
    """Of a mechanism or of `NAME:best`, for people."""
    spec = spec_of(text)
    if BEST not in spec.variants:
        return label_mechanism(text)
    more = [f"{key} {value}" for key, value in spec.given]
    plain = spec.name.replace("ai_", "AI ").replace("_", " ")
    return f"{plain} ({', '.join(['best delegation', *more])})"


def choose_letters(labels: Sequence[str]) -> Mapping[str, str]:
    """Label -> a letter of its own, from its last word if that is free: base_year Y, habit H."""
    found: dict[str, str] = {}
    for text in labels:
        words = spec_of(text).name.rpartition("/")[2].removesuffix(".py").upper().split("_")
        wanted = [word[:1] for word in reversed(words)] + [*"".join(words)]
        free = [c for c in [*wanted, *ascii_uppercase, *digits] if c.isalnum()]
        found[text] = next((c for c in free if c not in found.values()), "?")
    return found


TileRows = list[list[str]]


def make_heat(found: Map, borders: Sequence[MapBorder]) -> Heat:
    """Tiles and borders of a map."""
    known = choose_letters(found.labels)
    leaders = {c.leader for c in found.judged}
    won = [f"{name_on_map(m)} {count}" for m, count in found.won.items()]
    return Heat(
        f"Who wins over {found.x.name} and {found.y.name}",
        f"Cells won: {joined(won)}; undecided {found.undecided}.",
        (found.x.title, [write_value(v) for v in found.x.values]),
        (found.y.title, [write_value(v) for v in found.y.values]),
        [_make_tile(found, c) for c in found.cells],
        [_make_curve(found, b) for b in borders if b.found and {b.first, b.second} <= leaders],
        [(known[m], k % 6, name_on_map(m)) for k, m in enumerate(found.labels)],
    )


def _make_tile(found: Map, contest: CellResult) -> Tile:
    x, y = found.key(contest)
    verdict = found.verdicts.get((x, y))
    leader = contest.leader if contest.seeds else found.labels[0]
    return Tile(
        found.x.index(x),
        found.y.index(y),
        found.labels.index(leader) % 6,
        choose_letters(found.labels)[leader] if contest.seeds else NONE,
        NONE if verdict is None else number(abs(verdict.margin.mean), 2),
        found.winner(contest) is None,
        found.on_grid(contest),
        f"{name_cell(found, contest)}: {describe_verdict(found, contest)}",
    )


def name_cell(found: Map, contest: CellResult) -> str:
    """The cell's values."""
    x, y = found.key(contest)
    return f"{found.x.name} {write_value(x)}, {found.y.name} {write_value(y)}"


def describe_verdict(found: Map, contest: CellResult) -> str:
    """Who wins the cell, by how much, and how sure that is."""
    verdict = found.verdicts.get(found.key(contest))
    if verdict is None:
        return "nothing was measured"
    by = f"{format_interval(verdict.margin)} over the {name_on_map(verdict.second)}"
    if verdict.decided:
        return f"the {name_on_map(verdict.first)} wins by {by}"
    return f"undecided; the {name_on_map(verdict.first)} leads by {by}"


def format_interval(found: Estimate) -> str:
    """`0.021 (0.018 to 0.024)`; the mean alone for one seed."""
    if not math.isfinite(found.low):
        return number(found.mean)
    mean, low, high = round_to_interval(found.mean, found.low, found.high)
    return f"{mean} ({low} to {high})"


def list_mechanism_rows(found: Map, contest: CellResult) -> TileRows:
    """A row for each mechanism: name, measure, bits a week, whether on the front, runs lost."""
    at = pareto_points(contest)
    return [
        [
            name_on_map(m),
            format_interval(contest.estimates[m]) if contest.seeds else NONE,
            number(contest.bits[m], 3),
            ("yes" if at[m].front else "no") if m in at else NONE,
            str(len(contest.lost[m])),
            contest.cell.mechanisms[m],
        ]
        for m in found.labels
    ]


def _make_curve(found: Map, border: MapBorder) -> Curve:
    points = [_make_point(found, border, c) for c in border.path]
    return Curve(f"border of {name_on_map(border.first)} and {name_on_map(border.second)}", points)


def _make_point(
    found: Map, border: MapBorder, c: Crossing
) -> tuple[tuple[float, float], ...] | None:
    if c.value is None:
        return None
    other = border.other.index(c.other)
    along = [_count_steps(border.axis, v) for v in (c.value, c.low, c.high)]
    turned = border.axis is found.y
    return tuple((other, a) if turned else (a, other) for a in along)


def _count_steps(axis: Scale, value: float) -> float:
    """Steps along the grid; beyond the map for what is infinite."""
    if math.isinf(value):
        return -1.0 if value < 0 else float(len(axis.values))
    return axis.index(value)
