"""`catallax frontier` on the command line; runs are those of a law made up for the test."""

import json
import re

import pytest

from tests.study.frontier.planted import Planted

SMALL = ("--economy", "small:0", "--weeks", "60", "--workers", "0")
GRID = ("frontier", "tacit=0,0.2,0.4", "drift=0,0.02", "--mechanisms", "market,ai_planner", *SMALL)


def law(point, name):
    """The market wins above a tacit share of 0.1."""
    return 0.95 if name == "market" else 0.95 - 0.5 * (point.get("tacit", 0.0) - 0.1)


@pytest.fixture
def planted(monkeypatch):
    """A law in place of the laboratory."""
    made = Planted(law, 1e-3)
    monkeypatch.setattr("catallax.study.sweep.gather", lambda cells, seeds, **_: made(cells, seeds))
    return made


def test_it_prints_the_map_and_leaves_a_page_and_a_picture(call, planted, folder):
    said = call(*GRID, "--seeds", "4", "--quiet")
    assert said.code == 0, said.err
    assert "small:0, 60 weeks: who has the highest score over tacit (across)" in said.out
    told = "Market beats AI planner (retail) where tacit is above NUMBER (NUMBER to NUMBER) at "
    told += "drift 0 and above NUMBER"
    found = re.search(re.escape(told).replace("NUMBER", r"([\d.]+\d)"), said.out)
    assert found
    assert [float(found[k]) for k in (1, 4)] == pytest.approx([0.1, 0.1], abs=0.005)
    assert float(found[2]) < 0.1 < float(found[3])
    assert said.out.rstrip().endswith("Map: frontier.html, frontier.svg")
    assert "48 runs in " in said.out
    html = (folder / "frontier.html").read_text()
    assert "--mechanisms market,ai_planner --seeds 4 --economy small:0 --weeks 60" in html
    assert (folder / "frontier.svg").read_text().startswith("<svg")


def test_a_budget_is_kept(call, planted):
    said = call(*GRID, "--seeds", "16", "--budget", "80", "--json")
    found = json.loads(said.out)
    assert 48 < found["map"]["runs"] <= 80
    assert len(planted.ran) == found["map"]["runs"]
    assert found["map"]["looked"] is True
    assert found["borders"][0]["sentence"].startswith(
        "market beats ai_planner where tacit is above"
    )
    assert "--budget 80" in found["command"]


def test_stability_has_a_map_of_its_own(call, planted, folder):
    said = call(
        "frontier",
        "kappa=0.01,0.3",
        "beta=0.1,0.3",
        "--stability",
        *SMALL,
        "--seeds",
        "2",
        "--quiet",
    )
    assert said.code == 0, said.err
    assert "the fate of market over kappa (across) and beta (down)" in said.out
    assert (folder / "stability.html").exists()
    again = call("frontier", "kappa", "delay=0,1", "--stability", *SMALL, "--seeds", "2", "--json")
    assert len(json.loads(again.out)["cells"]) == 8


def test_a_picture_for_slides(call, planted, folder):
    said = call(*GRID, "--seeds", "4", "--quiet", "--png")
    assert said.out.rstrip().endswith("Map: frontier.html, frontier.svg, frontier.png")
    png = (folder / "frontier.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20]) == 2280


def test_the_laboratory_answers_and_a_store_keeps_it(call, folder):
    words = ("frontier", "tacit=0,0.5", "drift=0.01,0.02", "--mechanisms", "market,five_year_plan")
    words += ("--economy", "small:0", "--weeks", "54", "--workers", "0", "--seeds", "2")
    first = json.loads(call(*words, "--store", "runs", "--json", "--quiet").out)
    assert list((folder / "runs").glob("*.parquet"))
    again = json.loads(call(*words, "--store", "runs", "--json", "--quiet").out)
    assert again["map"] == first["map"]
    assert first["map"]["runs"] == 16


BAD = {
    "tacit drift --png --json": ("--png", "--out names a folder"),
    "tacit drift --executor slurm": ("unknown executor 'slurm'", "process, dask, ray"),
    "tacit drift --address tcp://h:1": ("--address tcp://h:1", "--executor dask or ray"),
    "tacit tacit": ("both sides",),
    "tacit": ("Y is missing", "catallax frontier --help"),
    "tact drift": ("unknown axis 'tact'", "Did you mean 'tacit'"),
    "tacit=0,,1 drift": ("a value is missing",),
    "tacit=0,nan drift": ("not finite",),
    "tacit=0,2 drift": ("tacit", "expected 0 to 1"),
    "economy drift": ("has no values",),
    "market:kapa=1 drift": ("setting of market 'kapa'",),
    "tacit drift --mechanisms market": ("at least two mechanisms",),
    "tacit drift --mechanisms market,market": ("each name once",),
    "tacit drift --mechanisms market:best,ai_planner": ("delegations to choose from",),
    "tacit drift --mechanisms market,static_optimum": ("cannot be ranked",),
    "tacit drift --measure waste": ("waste makes no map",),
    "tacit drift --budget 5": ("--budget 5", "runs"),
    "tacit drift --budget many": ("--budget", "whole number"),
    "tacit drift --economy small:0 --weeks 50": ("--weeks: 50", "more than 52"),
    "kappa beta --stability --mechanisms market,ai_market": ("give one name",),
    "kappa kappa --stability": ("both sides",),
    "kappa beta --stability --budget 5": ("--budget", "--stability"),
    "kappa=7 beta --stability": ("kappa",),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_told_in_one_line(call, words):
    said = call("frontier", *words.split(), *([] if "--weeks" in words else SMALL[:4]))
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    for part in BAD[words]:
        assert part in said.err
