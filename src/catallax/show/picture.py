"""Stand-alone SVG: charts side by side, such as a measure by mechanism and a line over weeks."""

from collections.abc import Sequence
from dataclasses import replace

from catallax.show.chart import Chart
from catallax.show.markup import html
from catallax.show.page import PicturePanel, find_domain_page
from catallax.show.strips import Strips, draw_strips_body, measure_strips
from catallax.show.svg import Box, draw_body, fit_box, measure_height
from catallax.show.words import counted
from catallax.study import Comparison

WIDTH, HEIGHT, GAP, TOP = 900, 380, 24, 30
PANEL = (WIDTH - 3 * GAP) // 2
BELOW = 16  # pixels under a panel
STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  fill: #333; }
.title { font-size: 15px; font-weight: 600; fill: #111; }
.axis { fill: #555; }
.over { paint-order: stroke; stroke: #fff; stroke-width: 4px; }
.line, .whisker { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.band { fill: currentColor; fill-opacity: 0.16; }
.dots { fill: currentColor; fill-opacity: 0.35; stroke: currentColor; stroke-width: 1.1; }
.bar { fill-opacity: 0.55; stroke: currentColor; stroke-width: 1; }
.hatch { stroke: currentColor; stroke-width: 2.4; }
.grid { stroke: #e6e6e6; }
.base { stroke: #888; }
.mark { stroke: #888; stroke-dasharray: 4 3; }
.oracle { color: #333333; }
.c0 { color: #0072b2; }
.c1 { color: #d55e00; }
.c2 { color: #009e73; }
.c3 { color: #b2558c; }
.c4 { color: #b27d00; }
.c5 { color: #3a8fc4; }
"""


def picture(comparison: Comparison) -> str:
    """A stand-alone SVG on white, for documents."""
    shown = find_domain_page(comparison).panels(comparison)
    seeds = counted(len(comparison.seeds), "seed")
    what = " and ".join(title[:1].lower() + title[1:] for title, _ in shown)
    title = f"{comparison.name} on {comparison.contract.place}: {what}, mean over {seeds}"
    return draw_side_by_side(title, shown)


def draw_side_by_side(title: str, shown: Sequence[PicturePanel]) -> str:
    """Charts with their headings as one stand-alone SVG on white, two in a row."""
    rows = [shown[k : k + 2] for k in range(0, len(shown), 2)]
    inside, height = "", 0
    for k, row in enumerate(rows):
        high = max(HEIGHT, *(_measure_height(drawing) + TOP + BELOW for _, drawing in row))
        inside += _draw_row(row, 2 * k, height, high)
        height += high
    height = max(height, HEIGHT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="title">'
        f'<title id="title">{html(title)}</title><style>{STYLE}</style>'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{inside}</svg>\n'
    )


def _measure_height(drawing: Chart | Strips) -> int:
    if isinstance(drawing, Strips):
        return measure_strips(drawing)
    return measure_height(drawing, PANEL, HEIGHT - TOP - BELOW)


def _draw_row(row: Sequence[PicturePanel], first: int, down: int, high: int) -> str:
    """Two panels, `high` pixels each, whose plots begin at one height."""
    boxes = {
        k: fit_box(drawing, PANEL, high - TOP - BELOW)
        for k, (_, drawing) in enumerate(row)
        if isinstance(drawing, Chart)
    }
    top = max((box.top for box in boxes.values()), default=0.0)
    level = {k: replace(b, top=top, height=b.height - (top - b.top)) for k, b in boxes.items()}
    return "".join(
        _draw_panel(
            f"panel-{first + k}", title, drawing, level.get(k), (GAP + k * (PANEL + GAP), down)
        )
        for k, (title, drawing) in enumerate(row)
    )


def _draw_panel(
    key: str, title: str, drawing: Chart | Strips, box: Box | None, at: tuple[int, int]
) -> str:
    if isinstance(drawing, Strips):
        inside = draw_strips_body(drawing, key, PANEL)
    else:
        inside = draw_body(
            drawing, box or fit_box(drawing, PANEL, HEIGHT - TOP - BELOW), key, PANEL
        )
    return (
        f'<g transform="translate({at[0]} {at[1] + TOP})">'
        f'<text class="title" x="0" y="-6">{html(title)}</text>'
        f'<g transform="translate(0 8)">{inside}</g></g>'
    )
