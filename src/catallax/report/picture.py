"""Stand-alone SVG: charts side by side, such as efficiency around the shock and a scarce price."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catallax.experiments import Comparison
from catallax.measures.scarcity import priced
from catallax.report import charts
from catallax.report.chart import Chart
from catallax.report.markup import html
from catallax.report.series import Band
from catallax.report.svg import Box, body, frame
from catallax.report.words import counted

WIDTH, HEIGHT, GAP, TOP = 900, 380, 24, 30
PANEL = (WIDTH - 3 * GAP) // 2
AROUND = (26, 156)  # weeks before and after the shock
STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  fill: #333; }
.title { font-size: 15px; font-weight: 600; fill: #111; }
.axis { fill: #555; }
.line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.band { fill: currentColor; fill-opacity: 0.16; }
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
    bands = _near(comparison, charts.efficiencies(comparison))
    shown = [
        (
            f"Efficiency around the {charts.event(comparison)}",
            charts.efficiency_chart(comparison, bands),
        )
    ]
    for resource in priced(comparison.contract)[:1]:
        if bands := _near(comparison, charts.prices(comparison, resource)):
            chart = charts.price_chart(comparison, resource, bands)
            shown.append((f"Price of {resource}", chart))
    economy = comparison.contract.economy.name
    seeds = counted(len(comparison.seeds), "seed")
    title = f"{comparison.name} on {economy}: efficiency and price, mean over {seeds}"
    return beside(title, shown)


def beside(title: str, shown: Sequence[tuple[str, Chart]]) -> str:
    """Charts with their headings as one stand-alone SVG on white, two in a row."""
    boxes = [frame(chart, PANEL, HEIGHT - TOP - 16) for _, chart in shown]
    top = max((box.top for box in boxes), default=0.0)
    level = [replace(b, top=top, height=b.height - (top - b.top)) for b in boxes]
    panels = zip(shown, level, strict=True)
    inside = "".join(_panel(k, *s, b) for k, (s, b) in enumerate(panels))
    height = HEIGHT * max((len(shown) + 1) // 2, 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="title">'
        f'<title id="title">{html(title)}</title><style>{STYLE}</style>'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{inside}</svg>\n'
    )


def _panel(k: int, title: str, chart: Chart, box: Box) -> str:
    left, down = GAP + (k % 2) * (PANEL + GAP), TOP + (k // 2) * HEIGHT
    return (
        f'<g transform="translate({left} {down})">'
        f'<text class="title" x="0" y="-6">{html(title)}</text>'
        f'<g transform="translate(0 8)">{body(chart, box, f"panel-{k}", PANEL)}</g></g>'
    )


def _near(comparison: Comparison, bands: Mapping[str, Band]) -> dict[str, Band]:
    """The weeks around the first shock; all of them if there is none."""
    first = min((s.week for s in comparison.contract.shocks), default=None)
    if first is None:
        return dict(bands)
    before, after = AROUND
    return {m: b.part(first - before, first + after) for m, b in bands.items()}
