"""What stands below tables: the share of the way, and why a share of the optimum passes 1."""

import io
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from catallax import Comparison
from catallax.apps.commands.results import ResultsOrder, show_results
from catallax.protocol import Measure
from catallax.show import terminal_table
from catallax.show.frontier import write_map_text
from catallax.show.notes import note_above_one, note_no_way, state_way
from catallax.show.page import build_page
from tests.show.toy import known_again, mean, toy
from tests.study.frontier.planted import CONTRACT, Planted, drawn, question

WHY = "stocks were eaten up"
SHARE = Measure(
    "share", "share of the optimum", "higher", "A share.", "Nobody 1900", mean, above_one=WHY
)


def draw(chances: np.random.Generator, amount: float, weeks: int) -> Any:
    return np.full(weeks, amount + 0.01 * chances.normal())


def shares(name: str, *mechanisms: str, null: str | None = "adds") -> Comparison:
    return toy(name, draw, mechanisms=mechanisms, measure=SHARE, null=null)


def printed(comparison: Comparison) -> str:
    out = io.StringIO()
    Console(width=80, file=out).print(terminal_table(comparison))
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.2, True), (1.0002, True), (1.00001, False), (0.9, False), (None, False)],
)
def test_a_number_above_1_as_printed_is_explained(value: float | None, said: bool) -> None:
    found = note_above_one({"share": SHARE}, [("share", value)])
    assert found == ([f"Share above 1: {WHY}."] if said else [])


def test_measures_of_one_reason_are_told_together_and_others_not_at_all() -> None:
    plain = Measure("mean", "points", "higher", "A mean.", "Nobody 1900", mean)
    other = Measure("part", "share", "higher", "A part.", "Nobody 1900", mean, above_one=WHY)
    known = {"share": SHARE, "part": other, "mean": plain}
    found = note_above_one(known, [("share", 2.0), ("mean", 2.0), ("part", 3.0), ("share", 4.0)])
    assert found == [f"Share and part above 1: {WHY}."]


def test_tables_and_pages_say_it_where_it_happens_and_nowhere_else() -> None:
    high = shares("high", "adds:amount=1.5", "adds", "sees")
    low = shares("low", "adds:amount=0.5", "adds")
    known_again()
    assert f"Share above 1: {WHY}." in printed(high)
    assert build_page(high, command="x").count(f"Share above 1: {WHY}.") == 2
    assert WHY not in printed(low)
    assert WHY not in build_page(low, command="x")


def test_table_and_page_show_the_share_of_the_way() -> None:
    found = shares("ways", "adds:amount=0.25", "adds", "sees")
    text, page = printed(found), build_page(found, command="x")
    heads = text.splitlines()[1].split()
    assert heads == ["share", "way"]
    assert "Way: share of the way from adds (0) to sees (1) by share." in text
    assert "(null)" in text
    assert (
        state_way(found)
        == "Of the way from adds (nobody coordinates) to sees: adds (amount 0.25) 0.25."
    )
    assert state_way(found) in page
    assert "share of the way</summary>" in page


def test_without_null_or_optimum_it_is_said_why_there_is_no_way() -> None:
    lacking = shares("lacking", "adds:amount=0.25", "adds")
    assert note_no_way(lacking) == ["No share of the way from null to optimum: not compared: sees."]
    assert note_no_way(lacking)[0] in " ".join(printed(lacking).split())
    assert note_no_way(lacking)[0] in build_page(lacking, command="x")
    assert state_way(lacking) == ""
    assert note_no_way(shares("nobody", "adds", null=None)) == []


@pytest.mark.parametrize(("level", "said"), [(0.9, False), (1.1, True)])
def test_a_map_says_it_where_a_cell_passes_1(level: float, said: bool) -> None:
    law = Planted(lambda point, label: level + point["tacit"] / 10)
    text = write_map_text(drawn(law, seeds=2), [], CONTRACT, 1.0)
    assert ("Score above 1: stocks were eaten up" in text) == said


@pytest.mark.parametrize(("level", "said"), [(0.9, False), (1.1, True)])
def test_a_table_of_results_says_it_where_a_mean_passes_1(level: float, said: bool) -> None:
    asked = question(seeds=2)
    rows = Planted(lambda point, label: level)([asked.base.at({})], (0, 1))
    text = show_results(ResultsOrder(rows, ("label",), ("score", "bits"), None), json=False)
    assert ("Score above 1: stocks were eaten up" in text) == said
