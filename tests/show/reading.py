"""A page read back: its figures, the numbers behind them, and what is drawn in pixels."""

import math
import re
from xml.etree import ElementTree as ET

import numpy as np


def figures(html: str) -> dict[str, ET.Element]:
    """Every figure of the page; what is not well-formed fails here."""
    found = re.findall(r"<figure.*?</figure>", html, re.DOTALL)
    return {f.attrib["id"]: f for f in map(ET.fromstring, found)}


def value(text: str) -> float:
    """The number that a cell shows."""
    plain = text.replace("−", "-").split(" ±")[0]
    if plain == "–":
        return math.nan
    if power := re.fullmatch(r"(.+) × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", plain):
        exponent = power[2].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        return float(power[1]) * 10.0 ** int(exponent)
    scale = {"k": 1e3, "M": 1e6, "G": 1e9}
    return float(plain.split()[0]) * scale.get(plain[-1], 1.0)


def cells(figure: ET.Element) -> list[list[str]]:
    """Rows of the table behind a chart."""
    table = figure.find(".//details//table")
    assert table is not None
    return [["".join(c.itertext()) for c in row] for row in table.iter("tr")]


def undrawn(svg: ET.Element, points: list[tuple[float, float]]) -> np.ndarray:
    """From pixels back to numbers, by the axes that the SVG states."""
    left, top, width, height = map(float, svg.attrib["data-plot"].split())
    (x0, x1), (y0, y1) = (map(float, svg.attrib[k].split()) for k in ("data-x", "data-y"))
    log = svg.attrib["data-log"] == "1"
    low, high = (math.log(y0), math.log(y1)) if log else (y0, y1)
    out = []
    for x, y in points:
        up = low + (high - low) * (1 - (y - top) / height)
        out.append((x0 + (x1 - x0) * (x - left) / width, math.exp(up) if log else up))
    return np.array(out)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]
