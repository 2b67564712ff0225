"""The commands speak of every domain alike."""

import json
from pathlib import Path

import pytest

from catallax.domains.production.experiments import FREE
from catallax.execute import execute, requests_of
from catallax.execute.store import Store
from catallax.protocol import domain_named

COMMONS = (Path(__file__).parents[2] / "examples" / "commons.py").read_text()
MAP = ("benefit_slope=-2,-0.5", "cost_slope=0.5,2", "--experiment", "prices_quantities")


@pytest.fixture
def commons(folder):
    (folder / "commons.py").write_text(COMMONS)
    return "commons.py"


def test_a_domain_runs_by_its_name_and_a_file_by_its_path(call, commons, folder):
    for name, label in (("prices_quantities", "quantity"), (commons, "open access")):
        said = call("run", name, "--seeds", "2", "--workers", "0", "--quiet")
        assert (said.code, said.err) == (0, "")
        assert label in said.out
        page = f"{name.removesuffix('.py')}.html"
        assert said.out.rstrip().endswith(page)
        assert f"catallax run {name}" in (folder / page).read_text(encoding="utf-8")


def test_its_json_has_its_own_measures(call):
    words = ("run", "prices_quantities", "--seeds", "2", "--workers", "0", "--json")
    found = json.loads(call(*words).out)
    assert found["contract"]["domain"] == "prices_quantities"
    domain = domain_named("prices_quantities")
    assert domain.measures.keys() < found["mechanisms"]["price"].keys()
    assert found["mechanisms"]["full_information"]["kind"] == "oracle"
    assert found["differences"]["from"] == "price"


def test_its_contract_takes_options_of_its_own_alone(call, commons):
    few = ("--seeds", "1", "--workers", "0", "--json")
    for words in (("--set", "growth=0.6"), ("--growth", "0.6")):
        said = call("run", commons, *few, *words)
        assert json.loads(said.out)["contract"]["growth"] == 0.6
    assert "--growth FLOAT" in call("run", *few, commons, "--help").out
    for words, says in (
        (("--set", "growht=1"), "unknown key 'growht'. Did you mean 'growth'?"),
        (("--set", "growth=9"), "--set growth: 9.0 is out of range, expected 0 to 2"),
        (("--economy", "us15"), "unknown option '--economy'. See `catallax run commons.py --help`"),
        (("--mechanisms", "market"), "unknown mechanism 'market'. Known: open_access, quota"),
    ):
        refused = call("run", commons, *words)
        assert refused.code == 2
        assert says in refused.err


def test_a_setting_that_is_called_as_an_option_is_left_to_set(call, folder):
    text = COMMONS.replace("defaults={", 'defaults={"seeds": 5, ')
    (folder / "named.py").write_text(text)
    words = ("run", "named.py", "--seeds", "2", "--workers", "0", "--quiet", "--json")
    found = json.loads(call(*words, "--set", "seeds=7").out)
    assert (found["seeds"], found["contract"]["seeds"]) == ([0, 1], 7)
    found = json.loads(call(*words).out)
    assert (found["seeds"], found["contract"]["seeds"]) == ([0, 1], 5)
    sides = ("frontier", "growth=0.1,0.3", "cost=0.1,0.3", "--experiment", "named.py")
    command = json.loads(call(*sides, *words[2:], "--set", "seeds=7").out)["command"]
    assert command.endswith("--seeds 2 --set seeds=7")


def test_what_its_file_prints_stays_out_of_the_json(call, folder):
    (folder / "loud.py").write_text(f'{COMMONS}\nprint("read")\n')
    said = call("run", "loud.py", "--seeds", "1", "--workers", "0", "--quiet", "--json")
    assert json.loads(said.out)["contract"]["domain"] == "commons"
    assert said.err == "read\n"


def test_an_error_in_it_is_told_with_its_line(call, folder):
    (folder / "broken.py").write_text(COMMONS.replace("taken = stock *", "taken = stocc *"))
    said = call("run", "broken.py", "--seeds", "1", "--workers", "0", "--quiet")
    assert said.code == 2
    assert said.err.startswith("catallax: broken.py, line ")
    assert "in play: NameError: name 'stocc' is not defined" in said.err


@pytest.mark.parametrize("name", ["nothing.py", "no_such_experiment"])
def test_what_is_no_experiment_is_refused(call, name):
    for words in (("run", name), ("frontier", "a=1,2", "b=1,2", "--experiment", name)):
        said = call(*words)
        assert said.code == 2
        assert len(said.err.splitlines()) == 1
        assert name in said.err


def test_a_map_of_a_domain_has_its_axes_measures_and_page(call, folder):
    said = call("frontier", *MAP, "--seeds", "4", "--workers", "0", "--quiet", "--out", "map")
    assert said.code == 0, said.err
    assert "who has the highest welfare over benefit_slope" in said.out
    page = (folder / "map" / "frontier.html").read_text()
    assert "slope of marginal benefit" in page
    assert "--experiment prices_quantities" in page
    assert (folder / "map" / "frontier.svg").is_file()


def test_a_map_says_what_it_cannot_compare_by(call):
    for measure, says in (
        ("score", "unknown measure 'score'"),
        ("loss", "loss makes no map; expected one of which more is better: welfare"),
    ):
        said = call("frontier", *MAP, "--measure", measure)
        assert said.code == 2
        assert says in said.err


def test_an_oracle_cannot_be_ranked(call):
    said = call("frontier", *MAP, "--mechanisms", "price,full_information")
    assert said.code == 2
    assert "full_information: is a full-information oracle and cannot be ranked" in said.err


def test_a_sweep_of_a_domain_and_one_of_the_economy_share_a_folder(call, folder):
    (folder / "map.toml").write_text(
        'experiment = "prices_quantities"\nseeds = 2\nmechanisms = ["price"]\n'
        "[axes]\nbenefit_slope = [-2.0, -0.5]\n"
    )
    words = ("sweep", "map.toml", "--store", "both", "--workers", "0", "--quiet")
    assert call(*words).out.startswith("4 runs in both, 4 of them new.")
    assert call(*words).out.startswith("4 runs in both, 0 of them new.")
    economy = FREE.build({"economy": "small:0", "weeks": 6})
    execute(requests_of(economy, ["market"], (0,)), store=Store("both"), workers=0)
    found = json.loads(call("results", "both", "--by", "domain", "--json").out)
    by_domain = {g["domain"]: g for g in found["groups"]}
    assert {name: g["runs"] for name, g in by_domain.items()} == {
        "production": 1, "prices_quantities": 4,
    }  # fmt: skip
    assert by_domain["prices_quantities"]["measures"]["welfare"]["mean"] is not None
    assert by_domain["production"]["measures"]["bits"]["mean"] > 0


def test_a_store_of_a_domain_that_is_not_at_hand_is_shown(call, commons, monkeypatch):
    (Path("map.toml")).write_text(f'experiment = "{commons}"\nseeds = 2\n')
    assert call("sweep", "map.toml", "--workers", "0", "--quiet").code == 0
    monkeypatch.setattr("catallax.protocol.registry._known", {})
    said = call("results", "map.runs")
    assert said.code == 0, said.err
    assert "caught" in said.out
    refused = call("results", "map.runs", "--measures", "nothing")
    assert "--measures: unknown measure 'nothing'. Known: caught" in refused.err


def test_list_and_explain_know_a_file_and_every_domain(call, commons):
    assert "growth of the stock a week" in call("list", commons).out
    assert "unit: " in call("explain", "spread").out.lower()
    (found,) = [
        m for m in json.loads(call("explain", "welfare", "--json").out)["meanings"]
        if m["domain"] == "prices_quantities"
    ]  # fmt: skip
    assert found["kind"] == "measure"


def test_check_finds_the_domain_of_a_mechanism(call, folder):
    assert call("check", "price").out.startswith("passed: ")
    assert "is an oracle" in call("check", "full_information").err
    assert (
        "unknown mechanism 'market'" in call("check", "market", "--domain", "prices_quantities").err
    )
    assert "records no calls" in call("check", "quota", "--domain", _saved(folder)).err


def _saved(folder) -> str:
    (folder / "commons.py").write_text(COMMONS)
    return "commons.py"
