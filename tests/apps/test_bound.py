"""`catallax bound` on the command line."""

import json
import re
import sys

import pytest

pytest.importorskip("clarabel")

QUICK = ("bound", "--weeks", "5", "--seeds", "2")


def test_it_prints_a_table_without_the_shock_and_one_with_it(call):
    said = call(*QUICK)
    assert said.code == 0
    heads = [line for line in said.out.splitlines() if line.startswith("small:0")]
    assert "no shock; 5 weeks, 2 seeds" in heads[0]
    assert "In week 1 the weekly flow of “ore” halves and stays there; 5 weeks" in heads[1]
    for name in ("static optimum (oracle)", "market", "AI planner (retail)"):
        assert len(re.findall(rf"^ {re.escape(name)} .*±.*±.*±.*±", said.out, re.M)) == 2
    assert said.out.count("if none need be left: 1.") == 2
    assert "24 of 24 done" in said.err
    assert call(*QUICK, "--quiet").err == ""


def test_json_is_one_object_of_both_comparisons(call):
    said = call(*QUICK, "--json", "--mechanisms", "market", "--economy", "small:3")
    found = json.loads(said.out)
    assert list(found) == ["calm", "shocked"]
    assert found["calm"]["contract"]["economy"]["name"] == "small:3"
    assert found["calm"]["contract"]["shocks"] == []
    assert len(found["shocked"]["contract"]["shocks"]) == 1
    for half in found.values():
        assert half["seeds"] == [0, 1]
        assert list(half["mechanisms"]) == ["market"]
        row = half["mechanisms"]["market"]
        assert 0 < row["gap"]["mean"] < 1
        assert row["welfare"]["mean"] < row["bound"]["mean"] < half["free_bound"]["mean"]


def test_one_seed_has_no_interval(call):
    said = call("bound", "--weeks", "3", "--seeds", "1", "--mechanisms", "static_optimum")
    assert said.code == 0
    assert "±" not in said.out


def test_a_mechanism_that_breaks_off_is_told_with_its_reason(call, folder):
    (folder / "lazy.py").write_text(
        "from dataclasses import dataclass, replace\n"
        "from catallax.domains.production.mechanisms import Agents, Market, Mechanism\n"
        "@dataclass(frozen=True)\n"
        "class Lazy(Agents):\n"
        "    inner: Market = Market()\n"
        "    def start(self, view):\n"
        "        return self.inner.start(view)\n"
        "    def report(self, view, said):\n"
        "        return self.inner.report(view, said)\n"
        "    def act(self, view, done):\n"
        "        act, done = self.inner.act(view, done)\n"
        "        return replace(act, ask=-act.ask), done\n"
        "def mechanism():\n"
        "    return Mechanism('lazy', Lazy())\n"
    )
    said = call("bound", "--weeks", "3", "--seeds", "1", "--mechanisms", "lazy.py")
    assert said.code == 0
    assert re.search(r"^ lazy +– \[1\] +– \[1\] +– \[1\] +– \[1\]$", said.out, re.M)
    assert "[1] bad_act: week 0: " in said.out


BAD = {
    "--economy us71": ("us71 has", "expected 10000 at most", "small:0"),
    "--economy small:x": ("--economy", "'small:x'", "small:SEED"),
    "--mechanisms markt": ("'markt'", "Did you mean 'market'"),
    "--seeds none": ("--seeds: 'none'",),
    "--shock.week 5": ("--shock.week: is not for bound, which takes no settings of a shock;",),
    "--weeks 0": ("--weeks", "0"),
    "--knowledge.tacit 2": ("--knowledge.tacit", "expected 0 to 1"),
    "tin": ("'tin' is not expected", "catallax bound --help"),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_told_in_one_line(call, words):
    said = call("bound", *words.split())
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    for part in BAD[words]:
        assert part in said.err


def test_without_the_solver_the_extra_is_named(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "clarabel", None)
    said = call(*QUICK)
    assert said.code == 2
    assert 'pip install "catallax[bound]"' in said.err
