"""A chart as SVG text.

Colours are classes (`c0` to `c5`, `oracle`) to which the page or the picture gives a `color`;
everything drawn uses `currentColor`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.show.chart import Chart, ChartLine, Dots

LETTER = 6.2  # mean width of a letter of 12 px
ROW = 20  # height of a row of text
ROOM = 3  # rows of the legend that a height allows for; more make the drawing higher


@final
@dataclass(frozen=True)
class Box:
    """The rectangle inside the axes, in pixels."""

    left: float
    top: float
    width: float
    height: float

    def points(self, chart: Chart, x: Floats, y: Floats) -> list[tuple[float, float]]:
        """Where the points (x, y) of `chart` stand; NaN where there is none."""
        across = self.left + self.width * chart.x.share(x)
        down = self.top + self.height * (1.0 - chart.y.share(y))
        return list(zip(across.tolist(), down.tolist(), strict=True))


def draw(chart: Chart, key: str, width: int, height: int, kind: str) -> str:
    """An accessible SVG of class `kind`, whose ids begin with `key`.

    height : in pixels, with a legend of a few rows; a longer one makes the drawing higher
    """
    height = measure_height(chart, width, height)
    box = fit_box(chart, width, height)
    domain = f'data-x="{chart.x.low!r} {chart.x.high!r}" data-y="{chart.y.low!r} {chart.y.high!r}"'
    plot = f'data-plot="{box.left:g} {box.top:g} {box.width:g} {box.height:g}"'
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" {plot} {domain} '
        f'data-log="{int(chart.y.log)}" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(chart.title)}</title>'
        f'<desc id="{key}-d">{escape(chart.summary)}</desc>'
        f"{draw_body(chart, box, key, width)}</svg>"
    )


def measure_height(chart: Chart, width: int, height: int) -> int:
    """A height that leaves the plot its room where the legend is long."""
    return height + ROW * max(len(_arrange_legend(chart, width)) - ROOM, 0)


def fit_box(chart: Chart, width: int, height: int) -> Box:
    """Room for the plot once legend, titles and ticks have theirs."""
    left = round(12 + LETTER * max((len(text) for _, text in chart.y.ticks), default=1))
    rows = len(_arrange_legend(chart, width)) + 1 + len(_arrange_marks(chart, left, width - 14))
    top = ROW * rows + 6
    return Box(left, top, width - left - 14, height - top - 2 * ROW - 4)


def draw_body(chart: Chart, box: Box, key: str, width: int) -> str:
    """Everything inside the SVG."""
    clip = (
        f'<clipPath id="{key}-c"><rect x="{box.left}" y="{box.top - 4}" width="{box.width + 6}" '
        f'height="{box.height + 8}"/></clipPath>'
    )
    inside = "".join([*_draw_bands(chart, box), *_draw_lines(chart, box), *_draw_dots(chart, box)])
    around = "".join(
        [*_draw_legend(chart, width), *_draw_grid(chart, box), *_draw_marks(chart, box)]
    )
    return f'{clip}{around}<g clip-path="url(#{key}-c)">{inside}</g>'


def shorten(text: str, width: float) -> str:
    """`text`, cut so that it fits `width` pixels."""
    most = max(int(width / LETTER), 4)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def draw_text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    """Text on a line at (x, y)."""
    shown = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{shown}>{escape(text)}</text>'


def _draw_grid(chart: Chart, box: Box) -> Iterator[str]:
    bottom, right = box.top + box.height, box.left + box.width
    title = box.top - 8 - ROW * len(_arrange_marks(chart, box.left, right))
    yield draw_text(2, title, shorten(chart.y.title, right), kind="axis")
    yield draw_text(right, bottom + 2 * ROW - 4, shorten(chart.x.title, right), "end", "axis")
    for value, text in chart.y.ticks:
        y = box.points(chart, np.array([chart.x.low]), np.array([value]))[0][1]
        yield f'<path class="grid" d="M{box.left} {y:.1f}H{right}"/>'
        yield draw_text(box.left - 6, y + 4, text, "end")
    yield f'<path class="base" d="M{box.left} {bottom}H{right}"/>'
    for value, text in chart.x.ticks:
        x = box.points(chart, np.array([value]), np.array([chart.y.low]))[0][0]
        yield f'<path class="base" d="M{x:.1f} {bottom}v4"/>'
        yield draw_text(x, bottom + 17, text, "middle")


def _draw_marks(chart: Chart, box: Box) -> Iterator[str]:
    for k, row in enumerate(_arrange_marks(chart, box.left, box.left + box.width)):
        for value, middle, text in row:
            x = box.points(chart, np.array([value]), np.array([chart.y.high]))[0][0]
            yield f'<path class="mark" d="M{x:.1f} {box.top - 4}V{box.top + box.height}"/>'
            yield draw_text(middle, box.top - 9 - ROW * k, text, "middle")


def _arrange_marks(chart: Chart, left: float, right: float) -> list[list[tuple[float, float, str]]]:
    """(value, middle of its label, label) of the marks; labels that would touch stand in rows."""
    rows: list[list[tuple[float, float, str]]] = []
    ends: list[float] = []
    for value, text in chart.marks:
        text = shorten(text, right - left)
        half = len(text) * LETTER / 2
        at = left + (right - left) * float(chart.x.share(np.array([value]))[0])
        middle = min(max(at, left + half), right - half)
        k = next((k for k, end in enumerate(ends) if middle - half > end + 6), len(rows))
        if k == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[k].append((value, middle, text))
        ends[k] = middle + half
    return rows


def _draw_bands(chart: Chart, box: Box) -> Iterator[str]:
    for line in chart.lines:
        for part in _split_at_marks(chart, line):
            if line.low is not None and line.high is not None:
                x = np.concatenate([line.x[part], line.x[part][::-1]])
                edge = np.concatenate([line.high[part], line.low[part][::-1]])
                path = _write_path(box.points(chart, x, edge))
                yield f'<path class="band {line.look.colour}" d="{path}Z"/>'


def _draw_lines(chart: Chart, box: Box) -> Iterator[str]:
    for line in chart.lines:
        parts = _split_at_marks(chart, line)
        path = "".join(_write_path(box.points(chart, line.x[p], line.y[p])) for p in parts)
        yield (
            f'<path class="line {line.look.colour}" data-name="{escape(line.name)}" '
            f'stroke-dasharray="{line.look.dash or "none"}" d="{path}"/>'
        )


def _split_at_marks(chart: Chart, line: ChartLine) -> list[slice]:
    """The parts of a line between marks: what jumps there must not look as if it were early."""
    if line.whole:
        return [slice(0, len(line.x))]
    cuts = sorted({int(np.searchsorted(line.x, at)) for at, _ in chart.marks} | {0, len(line.x)})
    return [slice(a, b) for a, b in pairwise(cuts)]


def _write_path(points: Sequence[tuple[float, float]]) -> str:
    """Straight lines through the points, with a gap where one is missing."""
    out, pen = [], "M"
    for x, y in points:
        if not math.isfinite(y):
            pen = "M"
            continue
        out.append(f"{pen}{x:.1f} {y:.2f}")
        pen = "L"
    return "".join(out)


def _draw_dots(chart: Chart, box: Box) -> Iterator[str]:
    for dots in chart.dots:
        places = box.points(chart, dots.x, dots.y)
        shapes = (
            draw_shape(dots.look.mark, x, y, r, note)
            for (x, y), r, note in zip(places, dots.radius.tolist(), dots.notes, strict=True)
            if math.isfinite(y)
        )
        name, kind = escape(dots.name), dots.look.colour
        yield f'<g class="dots {kind}" data-name="{name}">{"".join(shapes)}</g>'


def draw_shape(mark: str, x: float, y: float, r: float, note: str = "") -> str:
    """A mark of radius `r` at (x, y), with a note under the pointer."""
    s = 0.88 * r
    path = {
        "circle": f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0"
        f"a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z",
        "square": f"M{x - s:.1f} {y - s:.1f}h{2 * s:.1f}v{2 * s:.1f}h{-2 * s:.1f}Z",
        "triangle": f"M{x:.1f} {y - 1.2 * r:.1f}l{1.1 * r:.1f} {2 * r:.1f}h{-2.2 * r:.1f}Z",
        "diamond": f"M{x:.1f} {y - 1.3 * r:.1f}l{r:.1f} {1.3 * r:.1f}l{-r:.1f} {1.3 * r:.1f}"
        f"l{-r:.1f} {-1.3 * r:.1f}Z",
        "cross": f"M{x - s:.1f} {y - s:.1f}l{2 * s:.1f} {2 * s:.1f}m0 {-2 * s:.1f}"
        f"l{-2 * s:.1f} {2 * s:.1f}",
        "plus": f"M{x - r:.1f} {y:.1f}h{2 * r:.1f}M{x:.1f} {y - r:.1f}v{2 * r:.1f}",
    }[mark]
    inside = f"<title>{escape(note)}</title>" if note else ""
    return f'<path data-at="{x:.1f} {y:.2f}" d="{path}">{inside}</path>'


def _arrange_legend(chart: Chart, width: int) -> list[list[tuple[float, ChartLine | Dots]]]:
    """Entries of the legend in rows, each with its left end; what has no name has none."""
    rows: list[list[tuple[float, ChartLine | Dots]]] = []
    x = math.inf
    entries: list[ChartLine | Dots] = [*chart.lines, *chart.dots]
    for entry in (e for e in entries if e.name):
        need = 34 + LETTER * len(shorten(entry.name, width - 36)) + 18
        if x + need > width + 18:
            rows.append([])
            x = 2.0
        rows[-1].append((x, entry))
        x += need
    return rows


def _draw_legend(chart: Chart, width: int) -> Iterator[str]:
    for k, row in enumerate(_arrange_legend(chart, width)):
        y = ROW * k + 14
        for x, entry in row:
            name = shorten(entry.name, width - 36)
            yield _draw_sample(entry, x, y - 4) + draw_text(x + 34, y, name)


def _draw_sample(entry: ChartLine | Dots, x: float, y: float) -> str:
    if isinstance(entry, Dots):
        drawn = draw_shape(entry.look.mark, x + 14, y, 5)
        return f'<g class="dots {entry.look.colour}">{drawn}</g>'
    dash = entry.look.dash or "none"
    return f'<path class="line {entry.look.colour}" stroke-dasharray="{dash}" d="M{x} {y}h28"/>'
