"""Strips: one row a competitor, with a mean and its interval, or with a bar in parts.

Name and value stand above each strip, so that long names fit a narrow screen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import final

import numpy as np

from catallax.show.chart import ChartAxis, Look
from catallax.show.svg import LETTER, ROW, draw_shape, draw_text, shorten

STEP, ABOVE, HIGH = 42, 15, 11  # pixels: a strip, its words, a bar
SIDE = 8  # pixels beside the plot
LEGEND = "oracle"  # colour of the kinds of bar, which have each strip's own


@final
@dataclass(frozen=True)
class Bar:
    """A part of a strip from `start` to `end`; `hatched` tells it apart without its colour."""

    name: str
    colour: str
    start: float
    end: float
    hatched: bool = False


@final
@dataclass(frozen=True)
class Strip:
    """One competitor.

    text      : its value in words, at the right
    at        : its value; None for none
    low, high : ends of the interval; None for none
    bars      : parts of it, drawn below value and interval
    """

    name: str
    look: Look
    text: str
    at: float | None
    low: float | None = None
    high: float | None = None
    bars: Sequence[Bar] = ()

    @property
    def drawn(self) -> list[float]:
        """Every number drawn."""
        ends = [end for bar in self.bars for end in (bar.start, bar.end)]
        return [v for v in (self.at, self.low, self.high) if v is not None] + ends


@final
@dataclass(frozen=True, eq=False)
class Strips:
    """What is drawn: `summary` is read aloud, `marks` are labelled vertical lines."""

    title: str
    summary: str
    x: ChartAxis
    strips: Sequence[Strip]
    marks: Sequence[tuple[float, str]] = ()


def measure_strips(drawing: Strips) -> int:
    """Height in pixels; the width does not change it."""
    return round(_measure_top(drawing)) + STEP * max(len(drawing.strips), 1) + 2 * ROW + 6


def draw_strips(drawing: Strips, key: str, width: int, kind: str) -> str:
    """An accessible SVG of class `kind`, whose ids begin with `key`."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {measure_strips(drawing)}" role="img" '
        f'aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(drawing.title)}</title>'
        f'<desc id="{key}-d">{escape(drawing.summary)}</desc>'
        f"{draw_strips_body(drawing, key, width)}</svg>"
    )


def draw_strips_body(drawing: Strips, key: str, width: int) -> str:
    """Everything inside the SVG."""
    parts = [
        f"<defs>{''.join(_define_hatches(drawing, key))}</defs>",
        *_draw_legend(drawing, key),
        *_draw_axis(drawing, width),
    ]
    for k, strip in enumerate(drawing.strips):
        parts += _draw_strip(drawing, strip, key, _measure_top(drawing) + STEP * k, width)
    return "".join(parts)


def _list_bar_kinds(drawing: Strips) -> list[Bar]:
    """The kinds of bar, each once."""
    return list({bar.name: bar for strip in drawing.strips for bar in strip.bars}.values())


def _measure_top(drawing: Strips) -> float:
    return ROW * (len(_list_bar_kinds(drawing)) + bool(drawing.marks)) + 4.0


def _place_value(drawing: Strips, value: float, width: int) -> float:
    share = float(drawing.x.share(np.array([value]))[0])
    return SIDE + (width - 2 * SIDE) * share


def _define_hatches(drawing: Strips, key: str) -> Iterator[str]:
    bars = [bar for strip in drawing.strips for bar in strip.bars if bar.hatched]
    for colour in sorted({LEGEND, *(bar.colour for bar in bars)} if bars else ()):
        yield (
            f'<pattern id="{key}-{colour}" class="{colour}" width="6" height="6" '
            f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<path class="hatch" d="M0 0V6"/></pattern>'
        )


def _draw_legend(drawing: Strips, key: str) -> Iterator[str]:
    for k, bar in enumerate(_list_bar_kinds(drawing)):
        y = ROW * k + 4.0
        yield _draw_bar(replace(bar, colour=LEGEND), key, 2.0, y, 26.0) + draw_text(
            34, y + 10, bar.name
        )


def _draw_axis(drawing: Strips, width: int) -> Iterator[str]:
    top, bottom = _measure_top(drawing), measure_strips(drawing) - 2 * ROW - 2.0
    for value, text in drawing.x.ticks:
        x = _place_value(drawing, value, width)
        half = LETTER * len(text) / 2
        middle = min(max(x, half), width - half)
        yield f'<path class="grid" d="M{x:.1f} {top:.1f}V{bottom:.1f}"/>'
        yield draw_text(middle, bottom + 16, text, "middle")
    yield f'<path class="base" d="M{SIDE} {bottom:.1f}H{width - SIDE}"/>'
    yield draw_text(width - 2, bottom + 2 * ROW - 6, shorten(drawing.x.title, width), "end", "axis")
    for value, text in drawing.marks:
        x, half = _place_value(drawing, value, width), LETTER * len(text) / 2
        middle = min(max(x, half), width - half)
        yield f'<path class="mark" d="M{x:.1f} {top - 4:.1f}V{bottom:.1f}"/>'
        yield draw_text(middle, top - 8, text, "middle")


def _draw_strip(drawing: Strips, strip: Strip, key: str, y: float, width: int) -> Iterator[str]:
    room = width - LETTER * len(strip.text) - 16
    yield draw_text(2, y + ABOVE, shorten(strip.name, room), kind="over")
    yield draw_text(width - 2, y + ABOVE, strip.text, "end", "over")
    middle = y + ABOVE + 13.0
    for bar in strip.bars:
        left, right = sorted(_place_value(drawing, v, width) for v in (bar.start, bar.end))
        yield _draw_bar(bar, key, left, middle - HIGH / 2, right - left)
    inside = ""
    if strip.low is not None and strip.high is not None:
        left, right = (_place_value(drawing, v, width) for v in (strip.low, strip.high))
        inside += f'<path class="whisker" d="M{left:.1f} {middle}H{right:.1f}'
        inside += f'M{left:.1f} {middle - 4}v8M{right:.1f} {middle - 4}v8"/>'
    if strip.at is not None:
        inside += draw_shape(
            strip.look.mark, _place_value(drawing, strip.at, width), middle, 4.5, strip.text
        )
    yield f'<g class="dots {strip.look.colour}" data-name="{escape(strip.name)}">{inside}</g>'


def _draw_bar(bar: Bar, key: str, x: float, y: float, width: float) -> str:
    fill = f' fill="url(#{key}-{bar.colour})"' if bar.hatched else ' fill="currentColor"'
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{HIGH}"'
    return f'<rect class="bar {bar.colour}"{fill} {size}><title>{escape(bar.name)}</title></rect>'
