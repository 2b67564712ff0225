"""`value-of-information`, `adversary` and `sensitivity` as commands, over made-up laws."""

import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from catallax.domains.production.value_of_information import LINE
from catallax.errors import InputError
from catallax.study.sweep import Serial
from tests.domains.production.experiments.laws import MadeUp

SMALL = ("--economy", "small:0", "--weeks", "60", "--quiet", "--workers", "0")
SENDS = {"market": {LINE: 50.0}, "ai_planner": {"z": 4.0, "directives": 30.0}}


def law(point, label, seed):
    """The market loses 0.05 to delay and a point to silence; only drift moves the planner."""
    noise = 0.001 * np.random.default_rng((seed, len(label))).normal()
    if label == "market":
        late = point.get("delay", 1) > 2
        return 0.95 + noise - 0.05 * late - 0.01 * any("silence" in k for k in point)
    return 0.93 + noise - point.get("drift", 0.01)


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    gather = MadeUp(law)
    monkeypatch.setattr("catallax.study.sweep.gather", gather)
    monkeypatch.setattr(
        "catallax.domains.production.value_of_information.count_sent",
        lambda contract, m: SENDS[m],
    )
    return gather


def test_worth_ranks_kinds_and_draws_their_curves(call, folder):
    said = call(
        "value-of-information",
        *SMALL,
        "--seeds",
        "3",
        "--laws",
        "resolution,delay",
        "--out",
        "here",
    )
    assert said.code == 0, said.err
    assert re.search(rf"^ {LINE} +50 +800 +1.00 ± 0.00 +0.0125$", said.out, re.M)
    assert "market: score 0.9" in said.out
    assert "change in points where delay is not 1 but" in said.out
    assert "small:0, 60 weeks, 3 seeds" in said.out
    drawn = (folder / "here" / "value_of_information.svg").read_text()
    root = ET.fromstring(drawn)
    assert sum("line" in e.get("class", "") for e in root.iter()) >= 3
    assert "AI planner" in drawn


def test_worth_says_what_is_unused(call):
    said = call("value-of-information", *SMALL, "--seeds", "2", "--mechanisms", "ai_planner").out
    assert re.search(r"^ z .* unused$", said, re.M)
    assert "unused: under every law tried the measure is the same" in said
    said = call("value-of-information", *SMALL, "--seeds", "2", "--mechanisms", "market").out
    assert "unused" not in said


def test_worth_says_it_in_json(call):
    said = call(
        "value-of-information", *SMALL, "--seeds", "2", "--mechanisms", "ai_planner", "--json"
    )
    found = json.loads(said.out)
    facts = {f["kind"]: f for f in found["mechanisms"]["ai_planner"]["facts"]}
    assert facts["z"]["bits_a_week"] == 64
    assert facts["z"]["silence"]["mean"] == pytest.approx(0.0)
    assert len(facts["directives"]["laws"]["resolution"]) == 5


def test_all_three_hand_their_runs_on_as_the_user_says(call, monkeypatch):
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")
    seen = []

    def noting(cells, seeds, *, store, executor, progress):
        seen.append((store.folder.name, type(executor)))
        raise InputError("seen enough")

    monkeypatch.setattr("catallax.study.sweep.gather", noting)
    pair = ("market", "ai_planner")
    for words in (("value-of-information",), ("adversary", *pair), ("sensitivity", *pair)):
        assert "seen enough" in call(*words, *SMALL, "--store", "kept").err
    assert seen == [("kept", Serial)] * 3
    bad = call("value-of-information", *SMALL, "--executor", "slurm")
    assert "--executor: unknown executor 'slurm'" in bad.err


def test_the_adversary_tells_what_turns_a_result_and_what_needs_no_turning(call):
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    words = ("adversary", "market", "ai_planner", *SMALL, "--keys", "delay,drift")
    said = call(*words, "--budget", "600")
    assert said.code == 0, said.err
    first, second, last = said.out.strip().split("\n\n")
    assert first.startswith("AI planner (retail) beats market with delay 3 (by default 1, 2 prior")
    assert "on 20 fresh seeds." in first
    assert second.startswith("Market beats AI planner (retail) as things are: its score less that")
    assert "small:0, 60 weeks, 4 seeds" in last


def test_the_adversary_says_when_it_found_nothing(call, made_up):
    pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    made_up.law = lambda point, label, seed: 0.9 + seed / 1e6 + 0.1 * (label == "market")
    said = call("adversary", "market", "ai_planner", *SMALL, "--budget", "200", "--seeds", "0-2")
    assert "No contract was found under which AI planner (retail) beats market" in said.out
    assert re.search(r"\d+ contracts tried, up to 4 prior s\.d\. a number", said.out)
    said = call("adversary", "market", "ai_planner", *SMALL, "--budget", "64", "--json")
    hunts = json.loads(said.out)["hunts"]
    assert [h["found"] is None for h in hunts] == [True, False]


def test_sensitivity_tells_which_axis_counts(call):
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")
    words = ("sensitivity", "market", "ai_planner", *SMALL, "--axes", "drift,tacit,noise=0..0.1")
    said = call(*words)
    assert said.code == 0, said.err
    assert re.search(r"^ drift +0 to 0.04 +0.040 ± 0.000 +0.040 +0.000$", said.out, re.M)
    assert re.search(r"^ tacit +0 to 1 +0.000 ", said.out, re.M)
    found = json.loads(call(*words, "--method", "sobol", "--samples", "8", "--json").out)
    assert found["indices"]["drift"]["ST"]["value"] == pytest.approx(1.0, abs=0.3)


BAD = {
    "value-of-information --laws volume": ("'volume' is no law", "resolution"),
    "value-of-information --measure waste": (
        "unknown measure of which more is better 'waste'",
        "score",
    ),
    "value-of-information --economy small:0:sigma=x": ("sigma=x is not a number from 0 to 20",),
    "value-of-information --mechanisms foo": ("unknown mechanism 'foo'",),
    "adversary market": ("give two mechanisms, or none for the experiment's own",),
    "adversary market market": ("'market' is there twice",),
    "adversary market ai_planner --keys foo": ("unknown number with a prior 'foo'", "delay"),
    "adversary market ai_planner --budget 3": ("--budget: 3 runs are out of range", "16"),
    "adversary market ai_planner --seed 0": ("--seed: 0 is out of range",),
    "adversary market ai_planner --seeds 0-3 --fresh 3-9 --economy small:0": ("seed 3 is in the",),
    "sensitivity market --axes tacid,drift": ("unknown axis 'tacid'",),
    "sensitivity market --axes tacit": ("at least two axes",),
    "sensitivity market --axes tacit,interval": ("interval: is a setting of none of market",),
    "sensitivity market --axes tacit,drift=1..0": ("range 1 to 0 is empty",),
    "sensitivity market --axes tacit=0..7,drift": ("knowledge.tacit: 7.0 is out of range",),
    "sensitivity market --method fast": ("unknown method 'fast'", "morris, sobol"),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_told_in_one_line(call, words):
    if words.startswith("adversary"):
        pytest.importorskip("cmaes", reason="the extra `search` is not installed")
    said = call(*words.split())
    assert (said.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    for part in BAD[words]:
        assert part in said.err


def test_the_old_name_of_a_command_works_and_says_the_new_one(call):
    said = call("worth", "--mechanisms", "foo")
    line = "command: worth is now called value-of-information; write value-of-information"
    assert line in said.err
    assert said.err.count("worth") == 1
    assert "unknown mechanism 'foo'" in said.err
