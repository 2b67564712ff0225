"""The page of a map: one HTML file to explore by pointer or keyboard, offline."""

import json
from collections.abc import Sequence

import numpy as np

from catallax.protocol import AbstractContract, versions
from catallax.show.chart import Chart, ChartAxis, Dots, choose_look, make_linear_axis, make_log_axis
from catallax.show.frontier.heat import Heat, draw_for_page
from catallax.show.frontier.terminal import list_footnotes
from catallax.show.frontier.tiles import (
    describe_verdict,
    list_mechanism_rows,
    make_heat,
    name_cell,
    name_on_map,
)
from catallax.show.markup import (
    Grid,
    Raw,
    Section,
    box_findings,
    build_document,
    bullets,
    code,
    details,
    figure,
    paragraph,
    read_part,
    table,
    tag,
)
from catallax.show.svg import draw
from catallax.show.words import counted, number, opened
from catallax.study.frontier import Map, MapBorder, describe_border, overall_pareto_points
from catallax.study.tuning import standing

HEADS = ("mechanism", "{measure} (95 %)", "bits a week", "on the front", "runs lost", "as run")

READING = (
    "A letter says who leads; a question mark and hatching that it is undecided. Small tiles were "
    "added near the border. A line is a border, the grey around it its 95 % interval."
)


def build_map_page(
    found: Map, borders: Sequence[MapBorder], contract: AbstractContract, command: str
) -> str:
    """The page of the map of who wins.

    borders : who beats whom where
    command : the command line that makes it again
    """
    heads = [h.format(measure=found.measure) for h in HEADS]
    cells = [
        {"title": opened(name_cell(found, c)), "heads": heads,
         "verdict": f"{opened(describe_verdict(found, c))}. {counted(len(c.seeds), 'seed')}.",
         "lines": list_mechanism_rows(found, c)}
        for c in found.cells
    ]  # fmt: skip
    heat = make_heat(found, borders)
    said = [opened(describe_border(b, name_on_map)) for b in borders]
    parts: list[Section] = [
        ("map", "The map", make_map_figure(heat, READING)),
        ("front", "Score against communication", _show_front(found)),
        ("cells", "All cells", _tabulate_cells(found, heads)),
        ("sure", "How sure it is", bullets([*list_footnotes(found), *_explain_verdicts(found)])),
        ("again", "Do it again", make_again_section(contract, command, found.labels)),
    ]
    subtitle = (
        f"{contract.place}, {counted(contract.weeks, 'week')}, up to "
        f"{counted(len(found.seeds), 'seed')} a cell, {counted(found.asked, 'run')}"
    )
    return build_tiles_page(heat.title, subtitle, said, parts, cells)


def build_tiles_page(
    title: str, subtitle: str, said: Sequence[str], parts: Sequence[Section], cells: object
) -> str:
    """A page from its parts; `cells` is what the script shows of each tile."""
    data = json.dumps(cells, allow_nan=False).replace("<", "\\u003c")
    script = Raw(f'<script type="application/json" id="tiles">{data}</script>')
    own = "catallax.show.frontier"
    css, js = (read_part(f"frontier.{kind}", own) for kind in ("css", "js"))
    return build_document(title, subtitle, box_findings(said), parts, css=css, js=js, data=script)


def make_map_figure(heat: Heat, reading: str) -> Raw:
    """The map, how it is read, and the panel that says what stands behind a cell."""
    drawn = [Raw(draw_for_page(heat, f"map-{kind}", kind)) for kind in ("wide", "narrow")]
    caption = (
        f"{heat.summary} {reading} Point at a cell, or go from one to another by the arrow keys."
    )
    panel = tag("div", id="cell", class_="scroll", role="region", tabindex="0",
                aria_label="The chosen cell", aria_live="polite")  # fmt: skip
    return Raw(figure("map-chart", *drawn, caption=caption) + panel)


def _tabulate_cells(found: Map, heads: Sequence[str]) -> Raw:
    rows = [
        [name_cell(found, c), opened(describe_verdict(found, c)), line[0], *line[1:]]
        for c in found.cells
        for line in list_mechanism_rows(found, c)
    ]
    grid = Grid("Every mechanism in every cell", ["cell", "verdict", *heads], rows)
    return details("All cells as a table", table(grid))


def _show_front(found: Map) -> Raw:
    at = overall_pareto_points(found)
    if not at:
        return paragraph("No cell has bits for all mechanisms.")
    rows = [[name_on_map(m), number(p.score), number(p.bits, 3), "yes" if p.front else "no"]
            for m, p in at.items()]  # fmt: skip
    text = (
        "Means over the grid. Whoever is on the front is beaten by nobody in both; by means "
        "alone, so that near ties may fall either way. Cells differ: see each for its own front."
    )
    heads = ["mechanism", found.measure, "bits a week", "on the front"]
    drawn = _draw_front(found)
    return Raw(paragraph(text) + drawn + table(Grid("Score against bits", heads, rows)))


def _draw_front(found: Map) -> Raw:
    at = overall_pareto_points(found)
    bits = [p.bits for p in at.values()]
    scores = [p.score for p in at.values()]
    pad = 0.05 * (max(scores) - min(scores) or 0.1)
    x: ChartAxis = make_log_axis(max(0.8 * min(bits), 1.0), 1.25 * max(bits), "bits a week")
    y = make_linear_axis(min(scores) - pad, max(scores) + pad, found.measure)
    dots = [
        Dots(name_on_map(m), choose_look(found.labels.index(m)), np.array([max(p.bits, 1.0)]),
             np.array([p.score]), np.array([6.0]), [f"{name_on_map(m)}: {number(p.score)}"])
        for m, p in at.items()
    ]  # fmt: skip
    said = "; ".join(
        f"{name_on_map(m)} {number(p.score)} at {number(p.bits, 3)}" for m, p in at.items()
    )
    chart = Chart(f"{opened(found.measure)} against bits a week", said, x, y, (), dots)
    drawn = [Raw(draw(chart, f"front-{kind}", *size, kind))
             for kind, size in {"wide": (760, 340), "narrow": (380, 340)}.items()]  # fmt: skip
    return figure("front-chart", *drawn, caption="Higher and further left is better.")


def _explain_verdicts(found: Map) -> list[str]:
    said = [
        "A cell is won only by whoever beats each other mechanism there; the margin is over the "
        "one that is least surely beaten, and its interval is at the level that Holm's correction "
        "leaves to the cell. The intervals of single mechanisms are plain ones of 95 %.",
        "A border is the zero of a second-degree polynomial of the margin over both axes; its "
        "interval is the wider of two bootstraps, over seeds and over cells.",
        "A run that stopped early counts 0.",
    ]
    if found.looked:
        said.append(
            "Seeds were added where it was undecided. Looks stand at 4, 8, 16, ... seeds and the "
            "k-th spends 1/(k (k+1)) of the level, so that looking again does not make winners."
        )
    if any("best" in label for label in found.labels):
        said.append(
            "The best variant of a mechanism is chosen in each cell on seeds of its own, other "
            "than those reported, so that it does not gain by luck."
        )
    return said


def make_again_section(contract: AbstractContract, command: str, labels: Sequence[str]) -> Raw:
    """The command, what is equal in all cells, and whether settings were tuned."""
    text = json.dumps(contract.to_dict(), indent=2, allow_nan=False)
    ranked = [m for m in labels if "best" not in m]
    known = [f"{name_on_map(m)}: {standing(m, contract.domain).text}." for m in ranked]
    made = ", ".join(f"{k} {v}" for k, v in versions().items())
    return Raw(
        code("The command", command)
        + bullets([*known, f"Versions: {made}."])
        + details("The contract before anything is varied", code("The contract as JSON", text))
    )
