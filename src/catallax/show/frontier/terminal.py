"""The map as text: who wins which cell, the borders, and what it took."""

from collections.abc import Iterator, Sequence
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table

from catallax.protocol import AbstractContract
from catallax.show.frontier.tiles import choose_letters, name_on_map
from catallax.show.notes import note_above_one
from catallax.show.words import counted, joined, number, opened
from catallax.study.frontier import (
    CellResult,
    Map,
    MapBorder,
    describe_border,
    overall_pareto_points,
)
from catallax.study.frontier.sentence import write_value

WIDTH = 100


def write_map_text(
    found: Map, borders: Sequence[MapBorder], contract: AbstractContract, seconds: float
) -> str:
    """Everything that fits a terminal."""
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(_make_table(found))
    grid = [line.rstrip() for line in out.getvalue().splitlines()]
    title = (
        f"{contract.place}, {counted(contract.weeks, 'week')}: who has the highest "
        f"{found.measure} over {found.x.name} (across) and {found.y.name} (down)"
    )
    parts = [
        title,
        "",
        *grid,
        "",
        *explain_letters(found),
        "",
        *(_describe_border(b) for b in borders),
        "",
    ]
    return "\n".join([*parts, *list_footnotes(found), describe_effort(found, seconds)])


def _describe_border(border: MapBorder) -> str:
    return opened(describe_border(border, name_on_map))


def _make_table(found: Map) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    table.add_column(found.y.name, justify="right")
    for value in found.x.values:
        table.add_column(write_value(value), justify="right")
    for y in reversed(found.y.values):
        table.add_row(write_value(y), *(_fill_cell(found, found.at[x, y]) for x in found.x.values))
    return table


def _fill_cell(found: Map, contest: CellResult) -> str:
    verdict = found.verdicts.get(found.key(contest))
    if verdict is None:
        return "–"
    letter = choose_letters(found.labels)[verdict.first]
    return f"{letter}{'' if verdict.decided else '?'} {number(abs(verdict.margin.mean), 2)}"


def explain_letters(found: Map) -> Iterator[str]:
    """Which letter is whom, and what a cell says."""
    known = choose_letters(found.labels)
    yield "; ".join(f"{known[m]} {name_on_map(m)}" for m in found.labels) + "."
    yield "Letter: who leads; ?: undecided; number: by how much, over whom it least surely beats."


def list_footnotes(found: Map) -> Iterator[str]:
    """How sure it is, what was lost, what was left out, and who is on the front."""
    chance = found.chance
    yield (
        f"Verdicts are paired on seeds and corrected for {counted(len(found.judged), 'cell')} "
        f"(Holm{', at every look' if found.looked else ''}). Uncorrected {chance.winners} would "
        f"win, {number(chance.expected, 2)} of them by chance."
    )
    lost = [f"{name_on_map(m)} {count}" for m, count in found.lost.items() if count]
    if lost:
        yield f"Runs that stopped early, and count 0: {joined(lost)}."
    left = sum(len(c.unmeasured) for c in found.cells)
    if left:
        why = next(c.unmeasured[0] for c in found.cells if c.unmeasured)
        yield f"Seeds left out for all, as they could not be measured: {left} ({why})."
    yield from _note_above_one(found)
    front = [name_on_map(m) for m, place in overall_pareto_points(found).items() if place.front]
    if front:
        yield f"Not beaten in both {found.measure} and bits, over the grid: {joined(front)}."
    extra = sum(not found.on_grid(c) for c in found.cells)
    if extra:
        yield f"{counted(extra, 'cell')} between those of the table were added near the border."


def _note_above_one(found: Map) -> list[str]:
    """Why a mean of some cell passes 1, where one does."""
    means = [(found.measure, e.mean) for c in found.cells for e in c.estimates.values()]
    return note_above_one({found.measure: found.defined}, means)


def describe_effort(found: Map, seconds: float) -> str:
    """Runs, time and rate."""
    rate = number(found.asked / max(seconds, 1e-9), 3)
    return f"{counted(found.asked, 'run')} in {seconds:.1f} s, {rate} a second."
