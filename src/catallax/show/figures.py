"""Figures of a page: a drawing for wide and one for narrow screens, and the table behind them."""

from collections.abc import Sequence

import numpy as np

from catallax.show.chart import Chart
from catallax.show.charts import MANY, Bands
from catallax.show.markup import Grid, Raw, details, figure, table, tag
from catallax.show.strips import Strips, draw_strips
from catallax.show.svg import draw
from catallax.show.words import counted, number
from catallax.study import Comparison

WIDE, NARROW, PANEL = (860, 370), (360, 320), (290, 210)
SIZES = {"wide": WIDE, "narrow": NARROW}
ROWS = 160  # weeks of a table; longer lines are shown at even distances
LINEAR = "; on a linear axis, as not every number is above 0"


def draw_both_sizes(key: str, drawing: Chart | Strips) -> list[Raw]:
    """The drawing twice: the page shows the one that fits."""
    return [Raw(_draw_at_size(drawing, f"{key}-{kind}", kind)) for kind in SIZES]


def _draw_at_size(drawing: Chart | Strips, key: str, kind: str) -> str:
    width, height = SIZES[kind]
    if isinstance(drawing, Strips):
        return draw_strips(drawing, key, width, kind)
    return draw(drawing, key, width, height, kind)


def draw_panel(chart: Chart, key: str) -> Raw:
    """A chart as one panel of several."""
    return Raw(draw(chart, key, *PANEL, "panel"))


def place_side_by_side(drawn: Sequence[Raw]) -> Raw:
    """Small charts side by side."""
    return tag("div", *drawn, class_="panels") if drawn else Raw("")


def make_figure(
    key: str, drawing: Chart | Strips, data: Grid, caption: str, *more: str, kind: str = ""
) -> Raw:
    """A drawing with its caption and, on demand, its numbers.

    more : what stands between the two
    """
    behind = details("Data of this chart", table(data))
    return figure(key, *draw_both_sizes(key, drawing), *more, behind, caption=caption, kind=kind)


def make_week_figure(key: str, chart: Chart, bands: Bands, caption: str, *more: str) -> Raw:
    """A chart over weeks with its caption and, on demand, its numbers."""
    return make_figure(key, chart, tabulate_weeks(chart, bands), caption, *more, kind="over-weeks")


def tabulate_weeks(chart: Chart, bands: Bands) -> Grid:
    """The numbers that the chart draws, at the weeks where it draws them."""
    ends, weeks = ("mean", "low", "high"), next(iter(bands.values())).weeks
    rows = np.unique(np.linspace(0, len(weeks) - 1, min(len(weeks), ROWS)).round().astype(int))
    groups, heads, columns = [("", 1)], ["week"], []
    for line, b in zip(chart.lines, bands.values(), strict=True):
        parts = [b.mean] if line.low is None else [b.mean, b.low, b.high]
        groups.append((line.name, len(parts)))
        heads += ends[: len(parts)]
        columns += [[number(x) for x in v[rows].tolist()] for v in parts if v is not None]
    texts = [f"{w:.0f}" for w in weeks[rows]]
    every = "" if len(rows) == len(weeks) else f", {len(rows)} of {len(weeks)} weeks"
    unit = f": {chart.y.title}" if chart.y.title else ""
    title = f"{chart.title}{unit}, at the weeks sampled{every}"
    return Grid(title, heads, list(zip(texts, *columns, strict=True)), groups)


def tabulate_strips(strips: Strips) -> Grid:
    """The numbers that strips draw, in the words that stand beside them."""
    parts = list(dict.fromkeys(bar.name for s in strips.strips for bar in s.bars))
    rows = []
    for s in strips.strips:
        size = {bar.name: number(abs(bar.end - bar.start)) for bar in s.bars}
        rows.append([s.name, s.text, *(size.get(part, "") for part in parts)])
    return Grid(f"{strips.title}: {strips.x.title}", ["mechanism", "mean", *parts], rows)


def make_strips_figure(key: str, strips: Strips, caption: str, *more: str) -> Raw:
    """Strips with their caption and, on demand, their numbers."""
    return make_figure(key, strips, tabulate_strips(strips), caption, *more)


def count_seeds(comparison: Comparison) -> str:
    """`4 seeds`."""
    return counted(len(comparison.seeds), "seed")


def describe_average(comparison: Comparison, mean: str = "Mean", lines: int = 0) -> str:
    """Over what a drawing averages, and what its intervals are.

    lines : drawn in one chart; of many the bands are left out
    """
    if len(comparison.seeds) == 1:
        return f"{mean} over 1 seed (no interval)"
    ends = "95 % t-interval" + (", in the tables" if lines > MANY else "")
    return f"{mean} over {count_seeds(comparison)} with {ends}"
