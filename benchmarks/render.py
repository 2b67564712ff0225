"""docs/benchmarks.md and docs/benchmarks.svg from the file of results."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figure import Figure
from benchmarks.market_speed import WHAT
from benchmarks.registry import BENCHES
from benchmarks.store import Results
from catallax.show.chart import Chart, ChartLine, choose_look, make_log_axis
from catallax.show.picture import STYLE
from catallax.show.svg import draw_body, fit_box
from catallax.show.words import number

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDTH, HEIGHT = 820, 430

INTRO = """\
# Benchmarks

<!-- written by `python -m benchmarks`; edit benchmarks/render.py instead -->

`python -m benchmarks` measures all of this and writes the page; [how each is measured, what the
peers are, and what their periods do](../benchmarks/README.md) is described beside the code. Every
ratio comes from one run in which both sides were measured in turn. An *agent-update* is one
household or firm living through one week.
"""
PICTURE = "![Agent-updates a second by number of agents, in logs](benchmarks.svg)\n"


def render(results: Results, docs: Path = DOCS) -> None:
    """Write the page, and the picture if there is something to draw."""
    (docs / "benchmarks.md").write_text(page(results), "utf-8")
    drawn = picture(results.figures("market_speed"))
    if drawn is not None:
        (docs / "benchmarks.svg").write_text(drawn, "utf-8")


def page(results: Results) -> str:
    """The page in Markdown."""
    parts = [INTRO, *([PICTURE] if results.figures("market_speed") else [])]
    for name, bench in BENCHES.items():
        entry = results.by_bench.get(name)
        parts.append(f"## {bench.title[0].upper()}{bench.title[1:]}\n")
        parts.append("Not measured yet.\n" if entry is None else _section(entry, results, name))
    return "\n".join(parts)


def _section(entry: Mapping[str, Any], results: Results, name: str) -> str:
    lines = [
        "| | of | size | measured | target | reached | how |",
        "|---|---|---|---|---|---|---|",
        *map(_row, results.figures(name)),
    ]
    notes = [_machine(entry["machine"])]
    if entry["missing"]:
        notes.append(f"Left out: {entry['missing']}.")
    if entry["smoke"]:
        notes.append("**A smoke run at tiny sizes: these numbers mean nothing.**")
    return "\n".join([*lines, "", " ".join(notes), ""])


def _row(f: Figure) -> str:
    value = f"{number(f.value, 3)} {f.unit}".strip() if f.value is not None else "–"
    target = "" if f.target is None else f"{'≤' if f.below else '≥'} {number(f.target, 3)}"
    reached = {True: "yes", False: "**no**", None: ""}[f.reached]
    cells = (f.what, f.system, f.size, value, target, reached, f.how)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _machine(machine: Mapping[str, Any]) -> str:
    packages = ", ".join(f"{k} {v}" for k, v in machine["packages"].items())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['ram_gib']} GiB, "
        f"L3 {machine['l3']}; {machine['system']}, "
        f"Python {machine['python']}, {packages}; {machine['date']}."
    )


def picture(figures: list[Figure]) -> str | None:
    """Agent-updates a second by number of agents, a line a system; None without any."""
    drawn = [f for f in figures if f.what == WHAT and f.value and f.rows]
    if not drawn:
        return None
    series: dict[str, list[Figure]] = {}
    for figure in drawn:
        series.setdefault(figure.system, []).append(figure)
    chart = _chart(series)
    title = "Agent-updates a second by number of agents"
    inside = draw_body(chart, fit_box(chart, WIDTH, HEIGHT), "speed", WIDTH)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title">'
        f'<title id="title">{title}</title><style>{STYLE}</style>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{inside}</svg>\n'
    )


def _chart(series: Mapping[str, list[Figure]]) -> Chart:
    rows = [f.rows or 1 for of in series.values() for f in of]
    values = [f.value or 1.0 for of in series.values() for f in of]
    return Chart(
        "Agent-updates a second",
        "A line for each system; both axes in logs.",
        make_log_axis(min(rows) / 1.5, max(rows) * 1.5, "agents"),
        make_log_axis(min(values) / 2.0, max(values) * 2.0, WHAT),
        lines=list(_lines(series)),
    )


def _lines(series: Mapping[str, list[Figure]]) -> Iterator[ChartLine]:
    for k, (name, figures) in enumerate(series.items()):
        yield ChartLine(name, choose_look(k), *_points(figures))


def _points(figures: list[Figure]) -> tuple[Any, Any]:
    ordered = sorted(figures, key=lambda f: f.rows or 0)
    return (
        np.array([float(f.rows or 1) for f in ordered]),
        np.array([float(f.value or 1.0) for f in ordered]),
    )
