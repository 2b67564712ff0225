"""`adversary`, `sensitivity`, `tune`, `claims` and maps on the command line, in any domain."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from catallax.apps.contract_options import DEFAULT_CONTRACT, contract_options
from catallax.apps.study_start import start_study
from catallax.domains.production.experiments import FREE
from catallax.protocol import experiment_named

EXAMPLES = Path(__file__).parents[2] / "examples"
PLANTS = ("--experiment", "prices_quantities", "--workers", "0", "--quiet")


class Walks:
    """In the place of Morris's method: the corners of the cube, and slopes without intervals."""

    name = "morris"

    def points(self, dimensions):
        return np.array(list(np.ndindex(*[2] * dimensions)), dtype=float)

    def indices(self, points, answers):
        slope = np.array([answers[x == 1].mean() - answers[x == 0].mean() for x in points.T])
        none = np.full(len(slope), np.nan)
        return {"mu*": (abs(slope), none), "mu": (slope, none), "sigma": (none, none)}


@pytest.fixture
def corners(monkeypatch):
    """Sensitivity without the library that the tests do not install."""
    monkeypatch.setattr(
        "catallax.study.sensitivity.method_named", lambda name, count, seed: Walks()
    )


@pytest.fixture
def commons(folder):
    """A file with a domain, in a folder of its own."""
    (folder / "sea").mkdir()
    (folder / "sea" / "commons.py").write_text((EXAMPLES / "commons.py").read_text())
    return "sea/commons.py"


def test_the_adversary_takes_priors_and_the_measure_from_the_domain(call):
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    words = ("adversary", *PLANTS, "--set", "benefit_slope=-2", "--budget", "400")
    said = call(*words, "quantity", "price")
    assert (said.code, said.err) == (0, "")
    assert re.search(r"^Price beats quantity with .*benefit_slope -1", said.out)
    assert "its welfare less that of quantity is" in said.out
    assert "Quantity beats price as things are" in said.out
    assert "12 plants, 52 weeks, 4 seeds, contract " in said.out
    found = json.loads(call(*words, "--json").out)
    assert found["contract"]["domain"] == "prices_quantities"
    hunts = found["hunts"]
    assert [(h["loser"], h["winner"]) for h in hunts] == [
        ("price", "quantity"), ("quantity", "price"),
    ]  # fmt: skip
    assert hunts[0]["priors"]["plants"]["why"].startswith("assumption")


def test_the_adversary_hunts_in_a_file_of_the_users(call, commons):
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    said = call("adversary", "--experiment", commons, "--workers", "0", "--quiet")
    assert said.code == 0, said.err
    assert said.out.startswith("Quota beats open access as things are: its caught less that of")
    assert re.search(r"Open access beats quota with .*(cost|growth) 0", said.out)


def test_a_domain_without_priors_is_told_how_to_have_some(call, folder):
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    text = (EXAMPLES / "commons.py").read_text()
    (folder / "bare.py").write_text(re.sub(r"    priors=.*\n", "", text))
    said = call("adversary", "--experiment", "bare.py")
    assert said.code == 2
    assert "commons: the domain says of no number how far it may plausibly be" in said.err
    assert "priors={'growth': Prior(" in said.err


def test_sensitivity_takes_axes_and_ranges_from_the_domain(call, corners):
    said = call("sensitivity", *PLANTS, "--seeds", "2", "--set", "weeks=20")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("welfare of price less quantity: mean")
    for row in (r"benefit_slope +-4 to -0.25", r"plants +1 to 48", r"correlation +0 to 1"):
        assert re.search(rf"^ {row} ", said.out, re.M), row
    assert "12 plants, 20 weeks, 2 seeds" in said.out
    said = call(
        "sensitivity", "hybrid", *PLANTS, "--seeds", "1", "--measure", "share",
        "--axes", "band,hybrid:band=0..1,plants=2..3,benefit_slope", "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    found = json.loads(said.out)
    assert (found["measure"], found["mechanisms"]) == ("share", ["hybrid"])
    assert found["axes"]["plants"] == {"low": 2.0, "high": 3.0, "log": True}


def test_sensitivity_of_a_file_of_the_users(call, commons, corners):
    said = call("sensitivity", "--experiment", commons, "--workers", "0", "--quiet")
    assert said.code == 0, said.err
    assert said.out.startswith("caught of open access less quota")
    assert re.search(r"^ cost +0 to 0.9 ", said.out, re.M)


BAD = {
    "sensitivity --axes delay,noise": ("unknown axis 'delay'",),
    "sensitivity --axes plants": ("--axes: give at least two axes",),
    "sensitivity --axes plants,plants": ("--axes: plants is there twice",),
    "sensitivity price --axes plants,band": ("band: is a setting of none of price",),
    "sensitivity price --axes plants,hybrid:band=0..1": ("hybrid:band: hybrid is none of price",),
    "sensitivity market": ("unknown mechanism 'market'",),
    "sensitivity --measure loss": ("unknown measure of which more is better 'loss'", "welfare"),
    "sensitivity --weeks 5 --economy us15": ("unknown option '--economy'",),
    "adversary price": ("give two mechanisms, or none",),
    "adversary --keys delay": ("unknown number with a prior 'delay'", "benefit_slope"),
    "adversary --measure score": ("unknown measure of which more is better 'score'",),
    "value-of-information": (
        "is of the domain prices_quantities; value-of-information varies the laws of messages",
    ),
    "frontier kappa beta --stability": ("--stability is about markets of the production economy",),
    "frontier hybrid:band=0,1 plants --mechanisms price,licences": (
        "hybrid is none of price, lic",
    ),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_told_in_one_line(call, corners, words):
    if words.startswith("adversary"):
        pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    said = call(*words.split(), "--experiment", "prices_quantities")
    assert (said.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    for part in BAD[words]:
        assert part in said.err


def test_any_contract_of_the_economy_has_three_years_and_an_experiment_its_own(call, corners):
    assert start_study(contract_options(FREE, {"economy": "us15"}), None).contract.weeks == 156
    for name in ("tin", "prices_quantities"):
        own = experiment_named(name).build({}).weeks
        assert start_study(DEFAULT_CONTRACT, name).contract.weeks == own
    said = call(
        "sensitivity", "market", "--experiment", "tin", "--economy", "us15", "--weeks", "54",
        "--settle", "0", "--measure", "fill_rate", "--set", "shock.week=2", "--axes",
        "tacit=0..0.1,market:kappa=0.01..0.02", "--seeds", "1", "--workers", "0", "--quiet",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert said.out.startswith("fill_rate of market: mean")
    assert "us15, 54 weeks, 1 seed" in said.out


def test_a_setting_of_a_market_stands_on_either_side_of_a_map(call):
    for axes in (("market:kappa=0.01,0.03", "delay=0,1"), ("delay=0,1", "market:kappa=0.01,0.03")):
        said = call(
            "frontier", *axes, "--mechanisms", "market,ai_planner", "--measure", "fill_rate",
            "--economy", "small:0", "--weeks", "54", "--settle", "0", "--seeds", "2",
            "--workers", "0", "--json",
        )  # fmt: skip
        assert said.code == 0, said.err
        cells = json.loads(said.out)["map"]["cells"]
        assert len({c["mechanisms"]["market"]["runs"] for c in cells}) == 2
        assert len({c["contract"] for c in cells}) == 2


def test_a_sweep_reads_a_domain_that_stands_beside_its_file(call, commons, folder):
    (folder / "sea" / "map.toml").write_text(
        'experiment = "commons.py"\nseeds = 2\n[axes]\ngrowth = [0.3, 0.6]\n"quota:share" = [0.1]\n'
    )
    said = call("sweep", "sea/map.toml", "--workers", "0", "--quiet")
    assert said.code == 0, said.err
    assert said.out.startswith("8 runs in map.runs, 8 of them new.")


def test_a_mechanism_of_the_users_domain_is_tuned(call, commons, folder):
    (folder / "sea" / "quota.toml").write_text(
        'experiment = "commons.py"\nbudget = 4\nseeds = [5]\n[[contracts]]\nname = "usual"\n'
        '[mechanisms.quota]\nshare = { low = 0.05, high = 0.3, start = 0.1, why = "a part" }\n'
    )
    words = ("tune", "--file", "sea/quota.toml", "--workers", "0")
    said = call(*words)
    assert said.code == 0, said.err
    assert "quota: caught 0.0" in said.out
    record = json.loads((folder / "records" / "quota.json").read_text())
    assert record["declared"]["domain"] == "commons"
    checked = call(*words, "--check")
    assert (checked.code, checked.out) == (0, "quota: passed\n")


def test_claims_of_the_users_own_file(call, folder):
    text = (EXAMPLES / "weitzman.toml").read_text()
    (folder / "mine.toml").write_text(text)
    said = call("claims", "--file", "mine.toml")
    assert said.code == 0, said.err
    assert said.out.count("not run yet") == 4
    assert "catallax claims --file mine.toml --run ID runs a claim" in said.out
    words = ("claims", "--file", "mine.toml", "--run", "W1,W3", "--workers", "0", "--quiet")
    said = call(*words, "--out", "out")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("W1: supported\n")
    page = (folder / "out" / "claims.html").read_text(encoding="utf-8")
    assert "Claims, put to the test" in page
    assert "What one essay claims" in page
    assert "catallax claims --file mine.toml --run W1,W3" in page
    assert "source unverified" not in page
    (claim,) = json.loads(call(*words[:3], "--run", "W3", "--workers", "0", "--json").out)["claims"]
    assert claim["answer"]["verdict"] == "supported"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("welfare", "wealth"), "mine.toml: claims.W1: unknown measure 'wealth'"),
        (("seeds = 8", "seeds ="), "mine.toml: is not valid TOML"),
        (("[essays]\nW", "[essays]\nX"), "mine.toml: unknown essay 'W'"),
    ],
)
def test_a_file_of_claims_that_is_wrong_is_told_in_one_line(call, folder, change, says):
    (folder / "mine.toml").write_text((EXAMPLES / "weitzman.toml").read_text().replace(*change))
    said = call("claims", "--file", "mine.toml")
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert says in said.err
    assert "cannot be read" in call("claims", "--file", "none.toml").err
