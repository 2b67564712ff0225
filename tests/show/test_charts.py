"""Charts take any measure: below 0, all equal, missing, one seed, many mechanisms, long runs."""

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catallax.protocol import Measure, Measured, TraceLine
from catallax.protocol.wording import NOTHING
from catallax.show import picture
from catallax.show.chart import (
    Chart,
    ChartLine,
    choose_look,
    find_span,
    fit_axis,
    make_linear_axis,
    make_log_axis,
)
from catallax.show.page import build_page
from catallax.show.strips import Strip, Strips, draw_strips
from catallax.show.svg import draw
from tests.show.reading import cells, figures, points, undrawn, value
from tests.show.toy import toy

SIZES = {"wide": (860, 370), "narrow": (360, 320)}
NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)


def drawn(found) -> dict[str, ET.Element]:
    """Figures of the page, whose drawings hold no number that is none."""
    text = build_page(found, command="")
    known = figures(text)
    for figure in [*known.values(), ET.fromstring(picture(found))]:
        check_numbers(figure)
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r"<(script|style).*?</\1>", "", text))
    return known


def check_numbers(root: ET.Element) -> None:
    for element in root.iter():
        for key in ("d", "x", "y", "width", "height", "viewBox", "points", "transform"):
            assert not re.search(r"nan|inf|e[+-]?\d", element.get(key, "")), element.attrib
        for key in ("width", "height"):
            assert not element.get(key, "").startswith("-"), element.attrib


def wide(figure: ET.Element) -> ET.Element:
    return next(s for s in figure.iter("svg") if s.get("class") == "wide")


def drawn_line(svg: ET.Element, name: str) -> np.ndarray:
    path = next(p for p in svg.iter("path") if p.get("data-name") == name)
    return undrawn(svg, points(path.attrib["d"]))


# ---------------------------------------------------------------- whole pages


@pytest.mark.parametrize("level", [-3.0, 0.0, 1e-9, 2.0, 1e9])
def test_values_that_are_all_equal(level: float) -> None:
    found = drawn(toy("equal", lambda c, amount, weeks: np.full(weeks, level)))
    line = drawn_line(wide(found["line-chart-0"]), "adds")
    assert line[:, 1] == pytest.approx(level, rel=1e-3, abs=1e-3)
    assert "differ by less than 3 seeds can tell" in build_page(
        toy("equal", lambda c, amount, weeks: np.full(weeks, level)), command=""
    )


def test_values_below_0() -> None:
    found = drawn(toy("below", lambda c, amount, weeks: -2.0 - amount - c.random(weeks)))
    svg = wide(found["line-chart-0"])
    low, high = map(float, svg.attrib["data-y"].split())
    assert low < high < 0.0
    assert drawn_line(svg, "adds")[:, 1].max() < -2.0
    texts = ["".join(t.itertext()) for t in wide(found["judged-chart"]).iter("text")]
    assert any(text.startswith("−2.") for text in texts)


def test_a_line_with_gaps_is_broken_there() -> None:
    def gaps(chances, amount: float, weeks: int) -> np.ndarray:
        line = amount + chances.random(weeks)
        line[[0, 7, 8]] = math.nan, math.inf, -math.inf
        return line

    found = drawn(toy("gaps", gaps))
    svg = wide(found["line-chart-0"])
    weeks = drawn_line(svg, "adds")[:, 0].round().astype(int).tolist()
    assert weeks == [w for w in range(30) if w not in (0, 7, 8)]
    rows = {int(row[0]): row for row in cells(found["line-chart-0"])[2:]}
    assert rows[7][1:] == ["–"] * 6


def test_a_line_that_is_nowhere() -> None:
    found = drawn(toy("nowhere", lambda c, amount, weeks: np.full(weeks, math.nan)))
    assert not drawn_line(wide(found["line-chart-0"]), "adds").size
    assert [row[1] for row in cells(found["judged-chart"])[1:]] == ["–", "–"]


def test_a_measure_that_only_one_has() -> None:
    def seen(run, twin) -> Measured:
        lacks = run.settings["amount"] == 0.0
        return Measured(None, "adds nothing") if lacks else Measured(-1.0)

    some = Measure("some", "points", "neither", "Of some.", "Nobody 1900", seen)
    comparison = toy("some", lambda c, amount, weeks: c.random(weeks), measure=some)
    found = drawn(comparison)
    strips = wide(found["judged-chart"])
    named = [g for g in strips.iter("g") if "data-name" in g.attrib]
    groups = {g.attrib["data-name"]: len(list(g)) for g in named}
    assert groups["adds"] == 0 < groups["adds (amount 1)"]
    text = build_page(comparison, command="")
    assert "Some (points): adds (amount 1) −1." in text
    assert "adds nothing (3 of 3 seeds)" in text


def test_one_seed_and_one_week() -> None:
    found = drawn(toy("once", lambda c, amount, weeks: amount + c.random(weeks), seeds=1, weeks=1))
    assert len(cells(found["line-chart-0"])) == 3  # heads twice, and the week


def test_fifty_mechanisms() -> None:
    names = [f"adds:amount={k}" for k in range(50)]
    comparison = toy("many", lambda c, amount, weeks: amount + c.random(weeks), mechanisms=names)
    found = drawn(comparison)
    for figure in found.values():
        for svg in (s for s in figure.iter("svg")):
            _, _, width, height = map(float, svg.attrib["viewBox"].split())
            assert width in (860.0, 360.0)
            assert height < 3000.0
            if "data-plot" in svg.attrib:
                _, _, across, down = map(float, svg.attrib["data-plot"].split())
                assert across > 250.0
                assert down > 150.0
    assert "band" not in {p.get("class", "").split()[0] for p in found["line-chart-0"].iter("path")}
    assert len(cells(found["line-chart-0"])[1]) == 51  # no ends of bands that are not drawn
    text = build_page(comparison, command="")
    assert len(text) < 1_500_000
    assert "; last of 50: adds (amount 0) " in text


def test_thousands_of_weeks() -> None:
    found = drawn(toy("long", lambda c, amount, weeks: amount + c.random(weeks), weeks=5_000))
    line = drawn_line(wide(found["line-chart-0"]), "adds")
    assert 500 <= len(line) <= 600
    assert line[-1, 0] == pytest.approx(4_999, abs=10)
    assert len(cells(found["line-chart-0"])) < 200
    assert "600 of 5000 weeks" in "".join(found["line-chart-0"].itertext())


LOGS = {"line": TraceLine("A line", "points", log=True)}


def test_a_line_in_logs_has_geometric_means() -> None:
    def powers(chances, amount: float, weeks: int) -> np.ndarray:
        return np.exp(amount + chances.normal(size=weeks))

    comparison = toy("logs", powers, lines=LOGS)
    found = drawn(comparison)
    svg = wide(found["line-chart-0"])
    assert svg.attrib["data-log"] == "1"
    assert "Geometric mean over 3 seeds" in "".join(found["line-chart-0"].itertext())
    want = np.exp(np.log(comparison.paths("adds", "line")).mean(axis=0))
    assert drawn_line(svg, "adds")[:, 1] == pytest.approx(want, rel=0.01)


@pytest.mark.parametrize("lowest", [0.0, -1.0])
def test_logs_of_a_line_that_is_not_above_0_are_not_drawn_and_that_is_said(lowest: float) -> None:
    def touches(chances, amount: float, weeks: int) -> np.ndarray:
        line = 1.0 + chances.random(weeks)
        line[3] = lowest if amount else line[3]
        return line

    comparison = toy("touches", touches, lines=LOGS)
    found = drawn(comparison)
    svg = wide(found["line-chart-0"])
    assert svg.attrib["data-log"] == "0"
    said = "".join(found["line-chart-0"].itertext())
    assert "on a linear axis, as not every number is above 0" in said
    assert "Geometric" not in said
    want = comparison.paths("adds", "line").mean(axis=0)  # of the one that is above 0 too
    assert drawn_line(svg, "adds")[:, 1] == pytest.approx(want, abs=0.02)


# ---------------------------------------------------------------- axes and drawings


@given(
    st.lists(st.one_of(NUMBERS, st.just(math.nan), st.just(math.inf)), max_size=6), st.booleans()
)
@example([1.9073486328125e-06], False)
def test_an_axis_holds_what_is_drawn_and_its_ticks_are_told_apart(values, log: bool) -> None:
    drawn = np.array(values, dtype=np.float64)
    axis = fit_axis([drawn], "unit", log=log)
    there = drawn[np.isfinite(drawn)]
    assert axis.low < axis.high
    assert np.all((axis.low <= there) & (there <= axis.high))
    assert axis.log == (log and there.size > 0 and there.min() > NOTHING) or not there.size
    shares = axis.share(there)
    assert np.all((shares >= 0.0) & (shares <= 1.0))
    texts = [text for _, text in axis.ticks]
    assert len(texts) >= 2
    assert len(set(texts)) == len(texts)


def test_nothing_to_draw_leaves_an_axis() -> None:
    assert find_span([]) == (0.0, 1.0)
    assert find_span([np.array([math.nan])]) == (0.0, 1.0)
    assert make_linear_axis(5.0, 5.0, "").ticks
    assert make_log_axis(1.0, 1.0, "").low < 1.0


@given(
    st.lists(st.tuples(st.floats(0, 100), st.text(max_size=40)), max_size=6),
    st.lists(st.text(max_size=80), min_size=1, max_size=30),
)
def test_labels_of_marks_and_names_stay_inside_and_never_touch(marks, names) -> None:
    x = make_linear_axis(0.0, 100.0, "week")
    lines = [
        ChartLine(name, choose_look(k), np.arange(3.0), np.arange(3.0))
        for k, name in enumerate(names)
    ]
    chart = Chart("t", "s", x, make_linear_axis(0.0, 2.0, "u" * 300), lines, marks=sorted(marks))
    for kind, (width, height) in SIZES.items():
        root = ET.fromstring(readable(draw(chart, "k", width, height, kind)))
        check_numbers(root)
        spans: dict[str, list[tuple[float, float]]] = {}
        for t in root.iter("text"):
            text, at = "".join(t.itertext()), float(t.attrib["x"])
            size = 6.2 * len(text)
            left = {"start": at, "middle": at - size / 2, "end": at - size}[t.attrib["text-anchor"]]
            assert left >= -1.0
            assert left + size <= width + 20.0
            if text and t.get("text-anchor") == "middle":
                spans.setdefault(t.attrib["y"], []).append((left, left + size))
        rows = [sorted(row) for row in spans.values()]
        assert all(a[1] <= b[0] + 1.0 for row in rows for a, b in pairwise(row))


@given(st.lists(st.tuples(st.text(max_size=60), NUMBERS, st.floats(0, 1e12)), max_size=8))
def test_strips_stay_inside(rows) -> None:
    strips = [
        Strip(name, choose_look(k), f"{at:.3g}", at, at - half, at + half)
        for k, (name, at, half) in enumerate(rows)
    ]
    x = fit_axis([np.array(s.drawn) for s in strips], "unit")
    root = ET.fromstring(readable(draw_strips(Strips("t", "s", x, strips), "k", 360, "narrow")))
    check_numbers(root)
    for path in root.iter("path"):
        places = [float(v) for v in re.findall(r"[MH](-?[\d.]+)", path.attrib["d"])]
        assert all(0.0 <= place <= 360.0 for place in places), path.attrib


def readable(svg: str) -> str:
    """XML knows fewer characters than text may hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "?", svg)


def test_the_words_of_numbers_can_be_read_back() -> None:
    assert value("−2.5 k") == -2500.0
    assert math.isnan(value("–"))
