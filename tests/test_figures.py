"""Figures in the documents come from records, and the records are of today's code."""

import pytest

from scripts.make_results import (
    FIGURES,
    PLACE,
    RECORDS,
    ROOT,
    filled,
    read_record,
    run_figure,
    settings_of_today,
)

AGAIN = "run python scripts/make_results.py"
PAGES = sorted({figure.page for figure in FIGURES.values()})


def test_every_table_has_its_place_and_every_record_its_table() -> None:
    found = [(f[1], p) for p in PAGES for f in PLACE.findall((ROOT / p).read_text("utf-8"))]
    assert sorted(found) == sorted((name, figure.page) for name, figure in FIGURES.items())
    assert {path.stem for path in RECORDS.glob("*.json")} == set(FIGURES)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_what_their_records_say(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert filled(text) == text, AGAIN


@pytest.mark.parametrize("name", FIGURES)
def test_a_record_is_of_todays_contracts_and_defaults(name: str) -> None:
    record, figure = read_record(name), FIGURES[name]
    assert record is not None, AGAIN
    assert record["seeds"] == list(figure.seeds)
    today = {heading: contract.hash for heading, contract in figure.contracts.items()}
    assert {h: s["contract"] for h, s in record["sections"].items()} == today, AGAIN
    assert record["settings"] == {m: settings_of_today(m) for m in figure.played}, AGAIN


@pytest.mark.slow
def test_runs_still_give_the_values_of_a_record() -> None:
    """The quickest of them, whole: us15 in the four ways."""
    name = "four-ways-us15"
    record, again = read_record(name), run_figure(name, FIGURES[name])
    assert record is not None
    for heading, section in again["sections"].items():
        for who, found in section["values"].items():
            kept = record["sections"][heading]["values"][who]
            assert found["score"] == pytest.approx(kept["score"], rel=1e-6), f"{heading}: {who}"
