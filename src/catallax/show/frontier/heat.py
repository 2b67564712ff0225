"""A map of tiles as SVG.

No colour stands alone: each tile has a letter, and doubt is hatched and has a question mark.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import final

from catallax.show.svg import LETTER, ROW

STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  fill: #222; }
.axis { fill: #555; }
.tile rect { stroke: #fff; stroke-width: 1.5; }
.tile rect:not(.doubt) { fill: currentColor; fill-opacity: 0.32; }
.tile .doubt { fill-opacity: 1; stroke: none; }
.tile .letter { font-weight: 600; }
.tile text { paint-order: stroke; stroke: #fff; stroke-opacity: 0.7; stroke-width: 3px; }
.doubted rect:first-child:not(.doubt) { fill-opacity: 0.1; }
.border { fill: none; stroke: #222; stroke-width: 2; }
.zone { fill: #222; fill-opacity: 0.1; }
.hatch { stroke: currentColor; stroke-width: 1.6; stroke-opacity: 0.7; }
.c0 { color: #0072b2; } .c1 { color: #d55e00; } .c2 { color: #009e73; }
.c3 { color: #b2558c; } .c4 { color: #b27d00; } .c5 { color: #3a8fc4; }
"""
DASHES = ("", "7 4", "2 3", "9 3 2 3")
SMALL = 0.3  # size of an added tile, of one of the grid
PAGE = 760, 380  # widths: wide, narrow


@final
@dataclass(frozen=True)
class Tile:
    """One cell of the map.

    x, y   : in steps of the grid, from its first value
    colour : number of its class
    letter : of who leads; doubt adds a question mark
    number : in digits under the letter; left out where added tiles would cover it
    words  : all of it, read aloud
    """

    x: float
    y: float
    colour: int
    letter: str
    number: str
    doubt: bool
    grid: bool
    words: str


@final
@dataclass(frozen=True)
class Curve:
    """A border in steps of the grid: (x, y) and the two ends of its interval, or None for a gap."""

    name: str
    points: Sequence[tuple[tuple[float, float], ...] | None]


@final
@dataclass(frozen=True, eq=False)
class Heat:
    """What is drawn.

    x, y    : title and labels of the values, in order
    legend  : (letter, number of the colour, name)
    summary : read aloud
    """

    title: str
    summary: str
    x: tuple[str, Sequence[str]]
    y: tuple[str, Sequence[str]]
    tiles: Sequence[Tile]
    curves: Sequence[Curve]
    legend: Sequence[tuple[str, int, str]]


@final
@dataclass(frozen=True)
class _Frame:
    left: float
    top: float
    width: float
    height: float
    steps: tuple[int, int]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Middle of the cell at these steps."""
        across, down = self.width / self.steps[0], self.height / self.steps[1]
        return self.left + (x + 0.5) * across, self.top + self.height - (y + 0.5) * down


def draw_stand_alone(heat: Heat) -> str:
    """A whole SVG file."""
    width, height = PAGE[0], _measure_height(heat, PAGE[0])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="map-t map-d"><title id="map-t">'
        f'{escape(heat.title)}</title><desc id="map-d">{escape(heat.summary)}</desc><style>{STYLE}'
        f'</style><rect width="{width}" height="{height}" fill="#fff"/>'
        f"{_draw_body(heat, 'map', width, height, live=False)}</svg>\n"
    )


def draw_for_page(heat: Heat, key: str, kind: str) -> str:
    """For the page, where the keyboard goes from tile to tile; `kind` is wide or narrow."""
    width = PAGE[kind == "narrow"]
    height = _measure_height(heat, width)
    return (
        f'<svg class="{kind} heat" viewBox="0 0 {width} {height}" role="group" '
        f'aria-label="{escape(heat.title)}">'
        f"{_draw_body(heat, key, width, height, live=True)}</svg>"
    )


def _measure_height(heat: Heat, width: int) -> int:
    legend = len(_arrange_legend(heat, width))
    rows = len(heat.y[1])
    return ROW * (legend + 4) + max(34, min(64, round(0.5 * width / len(heat.x[1])))) * rows


def _draw_body(heat: Heat, key: str, width: int, height: int, *, live: bool) -> str:
    left = 14 + LETTER * max(len(text) for text in heat.y[1])
    top = ROW * (len(_arrange_legend(heat, width)) + 1) + 8
    steps = (len(heat.x[1]), len(heat.y[1]))
    frame = _Frame(left, top, width - left - 4, height - top - 2 * ROW - 8, steps)
    clip = (
        f'<clipPath id="{key}-c"><rect x="{frame.left:.1f}" y="{frame.top}" '
        f'width="{frame.width:.1f}" height="{frame.height}"/></clipPath>'
    )
    curves = "".join(_draw_curves(heat, frame))
    return "".join(
        [
            f"<defs>{clip}{''.join(_define_hatches(heat, key))}</defs>",
            *_draw_legend(heat, key, width),
            *_draw_axes(heat, frame),
            *(
                _draw_tile(t, key, k, frame, live=live, bare=_is_crowded(t, heat.tiles))
                for k, t in enumerate(heat.tiles)
            ),
            f'<g clip-path="url(#{key}-c)" pointer-events="none" aria-hidden="true">{curves}</g>',
        ]
    )


def _define_hatches(heat: Heat, key: str) -> Iterator[str]:
    for colour in sorted({c for _, c, _ in heat.legend}):
        yield (
            f'<pattern id="{key}-h{colour}" class="c{colour}" width="7" height="7" '
            f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<path class="hatch" d="M0 0V7"/></pattern>'
        )


def _is_crowded(tile: Tile, tiles: Sequence[Tile]) -> bool:
    """Whether an added tile reaches over the line under the letter."""
    return any(
        not t.grid and abs(t.x - tile.x) <= 0.5 and -0.5 <= t.y - tile.y <= 0.25 for t in tiles
    )


def _draw_tile(
    tile: Tile, key: str, number: int, frame: _Frame, *, live: bool, bare: bool = False
) -> str:
    x, y = frame.at(tile.x, tile.y)
    size = 1.0 if tile.grid else SMALL
    wide, high = size * frame.width / frame.steps[0], size * frame.height / frame.steps[1]
    at = f'x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    doubt = f'<rect class="doubt" {at} fill="url(#{key}-h{tile.colour})"/>' * tile.doubt
    letter = tile.letter + "?" * tile.doubt
    shown = f'<text class="letter" x="{x:.1f}" y="{y + (-1 if tile.grid else 4):.1f}" '
    shown += f'text-anchor="middle">{escape(letter)}</text>'
    if tile.grid and not bare and wide > LETTER * len(tile.number):
        shown += f'<text class="axis" x="{x:.1f}" y="{y + 14:.1f}" text-anchor="middle">'
        shown += f"{escape(tile.number)}</text>"
    kind = f"tile c{tile.colour}{' doubted' * tile.doubt}{' added' * (not tile.grid)}"
    role = f' role="img" tabindex="{0 if number == 0 else -1}"' if live else ""
    data = f' data-cell="{number}" data-at="{tile.x:.4f} {tile.y:.4f}"' if live else ""
    said = f' aria-label="{escape(tile.words)}"' if live else ""
    title = "" if live else f"<title>{escape(tile.words)}</title>"
    return f'<g class="{kind}"{role}{data}{said}><rect {at}/>{doubt}{shown}{title}</g>'


def _draw_axes(heat: Heat, frame: _Frame) -> Iterator[str]:
    bottom = frame.top + frame.height
    yield _draw_text(2, frame.top - 9, heat.y[0], "start", "axis")
    yield _draw_text(frame.left + frame.width, bottom + 2 * ROW, heat.x[0], "end", "axis")
    for k, text in enumerate(heat.x[1]):
        yield _draw_text(frame.at(k, 0)[0], bottom + 16, text, "middle")
    for k, text in enumerate(heat.y[1]):
        yield _draw_text(frame.left - 7, frame.at(0, k)[1] + 4, text, "end")


def _draw_curves(heat: Heat, frame: _Frame) -> Iterator[str]:
    for k, curve in enumerate(heat.curves):
        for part in _split_at_gaps(curve):
            line, low, high = ([frame.at(*p[i]) for p in part] for i in range(3))
            yield f'<path class="zone" d="{_write_path([*low, *high[::-1]])}Z"/>'
            yield (
                f'<path class="border" stroke-dasharray="{DASHES[k % len(DASHES)] or "none"}" '
                f'd="{_write_path(line)}"><title>{escape(curve.name)}</title></path>'
            )


def _split_at_gaps(curve: Curve) -> Iterator[list[tuple[tuple[float, float], ...]]]:
    part: list[tuple[tuple[float, float], ...]] = []
    for point in [*curve.points, None]:
        if point is not None:
            part.append(point)
        elif part:
            yield part
            part = []


def _write_path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _arrange_legend(heat: Heat, width: int) -> list[list[tuple[float, tuple[str, int, str]]]]:
    rows: list[list[tuple[float, tuple[str, int, str]]]] = []
    x = float("inf")
    for entry in heat.legend:
        need = 40 + LETTER * len(entry[2])
        if x + need > width + 12:
            rows.append([])
            x = 2.0
        rows[-1].append((x, entry))
        x += need
    return rows


def _draw_legend(heat: Heat, key: str, width: int) -> Iterator[str]:
    for k, row in enumerate(_arrange_legend(heat, width)):
        for x, (letter, colour, name) in row:
            y = ROW * k
            yield f'<g class="tile c{colour}"><rect x="{x}" y="{y + 1}" width="20" height="16"/>'
            yield _draw_text(x + 10, y + 13.5, letter, "middle", "letter") + "</g>"
            yield _draw_text(x + 26, y + 13.5, name, "start")


def _draw_text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    shown = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{shown}>{escape(text)}</text>'
