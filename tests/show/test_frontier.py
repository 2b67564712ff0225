"""The map is drawn as it was found: letters, doubt, borders, and every number behind a cell."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from catallax.show.frontier import build_map_page, draw_map, write_map_text
from catallax.show.frontier.tiles import choose_letters, name_on_map
from catallax.study.frontier import find_borders
from tests.study.frontier.planted import CONTRACT, Planted, drawn

NAMES = ("market", "ai_planner:best", "ai_market", "federated_market")
SVG = "{http://www.w3.org/2000/svg}"


def law(point, mechanism):
    """The planner wins below a tacit share of 0.22; the market falls in one corner."""
    if mechanism == "market":
        return None if point["tacit"] == 0.4 and point["drift"] == 0.03 else 0.95
    if mechanism.startswith("ai_planner"):
        return 0.95 - 0.3 * (point["tacit"] - 0.22)
    return 0.9 if mechanism == "ai_market" else 0.8


@pytest.fixture(scope="module")
def found():
    return drawn(Planted(law, 2e-3), 900, names=NAMES, seeds=16)


@pytest.fixture(scope="module")
def told(found):
    return find_borders(found)


def test_letters_are_told_apart_and_names_say_what_is_meant():
    assert "".join(choose_letters(NAMES).values()) == "MPAF"
    assert name_on_map("ai_planner:best") == "AI planner (best delegation)"
    assert name_on_map("ai_planner:best:interval=4") == "AI planner (best delegation, interval 4)"


def test_the_terminal_shows_winners_and_what_was_lost(found, told):
    text = write_map_text(found, told, CONTRACT, 2.0)
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines()[4:8]}
    assert rows["0"][0] == "P"
    assert rows["0"][-2] == "M"
    assert rows["0.03"][-2].startswith(("A", "P"))
    assert "Runs that stopped early, and count 0: market " in text
    assert f"{found.asked} runs in 2.0 s, {found.asked / 2:.3g} a second." in text
    assert "AI planner (best delegation)" in text


def test_the_picture_is_a_whole_svg_with_a_tile_for_each_cell(found, told):
    root = ET.fromstring(draw_map(found, told))
    tiles = [g for g in root.iter(f"{SVG}g") if g.get("class", "").startswith("tile")]
    assert len(tiles) == len(found.cells) + len(NAMES)  # and the legend's
    doubted = [g for g in tiles if "doubted" in g.get("class", "")]
    assert len(doubted) == found.undecided
    for g in doubted:
        assert g.find(f"{SVG}text").text.endswith("?")
        assert "undecided" in g.find(f"{SVG}title").text
    assert any(p.get("class") == "border" for p in root.iter(f"{SVG}path"))


def test_the_page_holds_the_numbers_of_every_cell(found, told):
    html = build_map_page(found, told, CONTRACT, "catallax frontier tacit drift")
    data = re.search(r'id="tiles">(.*?)</script>', html, re.S)[1]
    cells = json.loads(data)
    assert len(cells) == len(found.cells)
    assert cells[0]["title"] == "Tacit 0, drift 0"
    assert [line[0] for line in cells[0]["lines"]] == [name_on_map(m) for m in NAMES]
    assert f"{found.cells[0].means['market']:.3f}" in cells[0]["lines"][0][1]
    assert html.count('data-cell="0"') == 2  # wide and narrow
    assert "Do it again" in html


def test_what_a_user_names_cannot_break_out_of_the_page(found, told):
    html = build_map_page(found, told, CONTRACT, "</script><img src=x onerror=alert(1)>")
    assert "<img" not in html
