"""`catallax tune`: records of a small declaration, and whether they still hold."""

import json
from pathlib import Path

import pytest

from catallax.study.tuning import TuningRecord

SMALL = """
budget = 2
seeds = [5]

[[contracts]]
name = "calm"
economy = "synthetic:3"
weeks = 60

[mechanisms.market]
kappa = { low = 0.01, high = 0.1, scale = "log", start = 0.03, why = "for the test" }

[mechanisms."five_year_plan:rigid"]
"""
TUNE = ("tune", "--file", "small.toml", "--workers", "0")


@pytest.fixture
def small(folder: Path) -> Path:
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    return folder


def test_it_shows_the_plan_the_best_and_where_the_record_is(small, call):
    said = call(*TUNE)
    assert said.code == 0
    assert "tune: market, five_year_plan:rigid" in said.err
    near = "1 of them near the best of the others"
    assert f"2 settings each, {near}, every one on calm; seeds 5: 3 runs\n" in said.err
    assert "3 of 3 done" in said.err
    record = TuningRecord.load(small / "records" / "market.json")
    assert f"  kappa = {record.best.settings['kappa']}" in said.out
    assert f"  record {record.hash}: records/market.json" in said.out
    assert "note: no settings to tune: one trial" in said.out
    assert {p.name for p in (small / "records").iterdir()} == {
        "market.json",
        "five_year_plan-rigid.json",
    }


def test_json_is_the_records_and_nothing_else(small, call):
    said = call(*TUNE, "--out", "here", "--json", "--quiet")
    assert (said.code, said.err) == (0, "")
    market, rigid = json.loads(said.out)
    assert market == json.loads((small / "here" / "market.json").read_text())
    assert market["runs"] == 2
    assert market["best"]["objective"] == max(market["objectives"])
    assert rigid["notes"] == ["no settings to tune: one trial"]


def test_a_budget_of_ones_own_belongs_to_another_declaration(small, call):
    call(*TUNE, "--budget", "3", "--mechanisms", "market", "--quiet")
    said = call(*TUNE, "--mechanisms", "market", "--check")
    assert said.code == 1
    assert said.out == "market: was made from another declaration than small.toml\n"


def test_check_passes_what_was_just_made_and_tells_what_is_not_there(small, call):
    call(*TUNE, "--quiet", "--mechanisms", "market")
    said = call(*TUNE, "--check")
    assert said.code == 1
    assert said.out.startswith("market: passed\nfive_year_plan:rigid: has no record at ")
    call(*TUNE, "--quiet")
    said = call(*TUNE, "--check", "--json")
    assert said.code == 0
    assert json.loads(said.out) == {
        "passed": True,
        "problems": {"market": [], "five_year_plan:rigid": []},
    }


@pytest.mark.parametrize("text", ["{}", "[" * 100_000])
def test_a_record_that_is_none_is_refused(text, small, call):
    (small / "records").mkdir()
    (small / "records" / "market.json").write_text(text)
    said = call(*TUNE, "--check", "--mechanisms", "market")
    assert said.code == 2
    assert "records/market.json: is not a record of tuning" in said.err


QUICK = ("run", "tin", "--economy", "synthetic:1", "--weeks", "56", "--workers", "0", "--quiet")


def test_training_seeds_are_warned_of_even_quietly(call):
    said = call(*QUICK, "--mechanisms", "market", "--seeds", "1001-1002", "--json")
    assert said.code == 0
    (line,) = said.err.splitlines()
    assert line.startswith("catallax: warning: training seeds (1001 to 1002)")
    assert json.loads(said.out)["tuning"]["reported_training_seeds"] == [1001, 1002]


def test_other_seeds_are_not(call):
    said = call(*QUICK, "--mechanisms", "market", "--seeds", "1", "--json")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out)["tuning"]["reported_training_seeds"] == []
