"""The stability map for people: a table, tiles and a page."""

from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table

from catallax.protocol import AbstractContract
from catallax.show.frontier.heat import Heat, Tile
from catallax.show.frontier.page import build_tiles_page, make_again_section, make_map_figure
from catallax.show.frontier.tiles import format_interval, name_on_map
from catallax.show.markup import Grid, Raw, Section, bullets, details, table
from catallax.show.words import NONE, counted, fixed, number, opened, percent
from catallax.study.frontier import Fate, Stability
from catallax.study.frontier.sentence import write_value
from catallax.study.frontier.stability import DECLINES, FLOOR, SWINGS

WIDTH = 100
KINDS = {"stable": ("S", 2), "swings": ("W", 4), "declines": ("D", 3), "collapses": ("C", 1)}
READING = (
    "A letter says what becomes of the runs, the number below it how far they stay below the "
    "optimum."
)
HEADS = ("mechanism", "verdict", "runs that survive", "below the optimum (95 %)", "swing", "trend")


def write_stability_text(found: Stability, contract: AbstractContract, seconds: float) -> str:
    """The map as text."""
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False)
    grid.add_column(_shorten_axis(found.y.name), justify="right")
    for value in found.x.values:
        grid.add_column(write_value(value), justify="right")
    width = len(found.x.values)
    for k in reversed(range(len(found.y.values))):
        cells = found.fates[k * width : (k + 1) * width]
        grid.add_row(write_value(found.y.values[k]), *map(_fill_cell, cells))
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(grid)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    title = (
        f"{contract.place}, {counted(contract.weeks, 'week')}, "
        f"{counted(len(found.seeds), 'seed')}: the fate of {name_on_map(found.mechanism)} over "
        f"{_shorten_axis(found.x.name)} (across) and {_shorten_axis(found.y.name)} (down)"
    )
    rate = number(found.asked / max(seconds, 1e-9), 3)
    last = f"{counted(found.asked, 'run')} in {seconds:.1f} s, {rate} a second."
    return "\n".join([title, "", *lines, "", *explain_fates(found), last])


def explain_fates(found: Stability) -> list[str]:
    """What the letters mean, and why runs came down."""
    said = [
        f"S stable, W swings (measure swing from {SWINGS:g}), D declines (measure trend down by "
        f"{-DECLINES:g} a year or more), C collapses (a run stops, has no score, or one below "
        f"{FLOOR:g}).",
        "Number: how far below the optimum, in per cent; a run that came down counts 100.",
    ]
    reasons = [r for fate in found.fates for r in fate.reasons]
    often = sorted(set(reasons), key=lambda r: (-reasons.count(r), r))[:3]
    return said + [f"{counted(reasons.count(r), 'run')} came down: {r}." for r in often]


def make_stability_heat(found: Stability) -> Heat:
    """The map as tiles."""
    verdicts = [fate.verdict for fate in found.fates]
    counts = [f"{kind} {verdicts.count(kind)}" for kind in KINDS]
    return Heat(
        f"The fate of {name_on_map(found.mechanism)} over {_shorten_axis(found.x.name)} and "
        f"{_shorten_axis(found.y.name)}",
        f"Cells: {', '.join(counts)}.",
        (found.x.title, [write_value(v) for v in found.x.values]),
        (found.y.title, [write_value(v) for v in found.y.values]),
        [_make_tile(found, fate) for fate in found.fates],
        (),
        [(letter, colour, kind) for kind, (letter, colour) in KINDS.items()],
    )


def build_stability_page(found: Stability, contract: AbstractContract, command: str) -> str:
    """The page of the map."""
    heads = [h for h in HEADS if h != "verdict"]
    cells = [
        {"title": opened(_name_cell(found, f)), "verdict": f"{opened(f.verdict)}. "
         f"{counted(len(f.scores), 'seed')}.", "heads": heads,
         "lines": [[name_on_map(found.mechanism), *_list_numbers(f)]]}
        for f in found.fates
    ]  # fmt: skip
    heat = make_stability_heat(found)
    rows = [
        [_name_cell(found, f), name_on_map(found.mechanism), f.verdict, *_list_numbers(f)]
        for f in found.fates
    ]
    every = details("All cells as a table", table(Grid("Every cell", ["cell", *HEADS], rows)))
    parts: list[Section] = [
        ("map", "The map", make_map_figure(heat, READING)),
        ("cells", "All cells", Raw(every)),
        ("sure", "What it says", bullets(explain_fates(found))),
        ("again", "Do it again", make_again_section(contract, command, [found.mechanism])),
    ]
    subtitle = (
        f"{contract.place}, {counted(contract.weeks, 'week')}, "
        f"{counted(len(found.seeds), 'seed')} a cell, {counted(found.asked, 'run')}"
    )
    return build_tiles_page(heat.title, subtitle, [heat.summary], parts, cells)


def _make_tile(found: Stability, fate: Fate) -> Tile:
    letter, colour = KINDS[fate.verdict]
    return Tile(
        found.x.index(fate.point[found.x.name]),
        found.y.index(fate.point[found.y.name]),
        colour,
        letter,
        f"{fixed(100 * fate.below.mean, 1)} %",
        False,
        True,
        f"{_name_cell(found, fate)}: {fate.verdict}; {', '.join(_list_numbers(fate))}",
    )


def _fill_cell(fate: Fate) -> str:
    return f"{KINDS[fate.verdict][0]} {fixed(100 * fate.below.mean, 1)}"


def _list_numbers(fate: Fate) -> list[str]:
    moves = [NONE if v is None else number(v, 2) for v in (fate.swing, fate.trend)]
    return [percent(fate.survived), format_interval(fate.below), *moves]


def _name_cell(found: Stability, fate: Fate) -> str:
    return ", ".join(
        f"{_shorten_axis(s.name)} {write_value(fate.point[s.name])}" for s in (found.x, found.y)
    )


def _shorten_axis(axis: str) -> str:
    return axis.rpartition(":")[2]
