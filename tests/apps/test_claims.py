"""`catallax claims` on the command line."""

import json
import re

import pytest

from catallax.execute.row import RunRow
from catallax.study import sweep
from catallax.study.claims import registry
from catallax.study.sweep import RunRows, Serial

IDS = list(registry().claims)


def strict(text):
    """`text` as JSON without NaN or Infinity."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_it_shows_every_claim_and_when_the_record_was_made(call):
    said = call("claims")
    assert said.code == 0
    for name in IDS:
        assert f"\n{name} " in said.out
    notes = said.out.rstrip().split("\n\n")[-1]
    assert re.match(
        r"The record, made \d{4}-\d\d-\d\d( to \d{4}-\d\d-\d\d)?\.$", notes.splitlines()[0]
    )


def test_json_is_one_strict_object_of_all_claims(call):
    found = strict(call("claims", "--json").out)["claims"]
    assert [c["id"] for c in found] == IDS
    by_id = {c["id"]: c for c in found}
    assert by_id["D14"]["answer"]["verdict"] == "inconsistent"
    assert by_id["D1"]["figure"] == "+40 % (source unverified)"
    assert by_id["H8"]["answer"]["reason"].startswith("no mechanism has opportunities")


def made_up(cells, seeds, **_):
    """Every run scores as its seed says, planners less by a tenth."""
    return RunRows.of(
        RunRow(
            f"{c.contract.hash} {label} {seed}",
            c.point,
            label,
            text,
            seed,
            c.contract.to_dict(),
            {"score": 0.9 + 0.001 * seed - 0.1 * ("planner" in label)},
        )
        for c in cells
        for label, text in c.mechanisms.items()
        for seed in seeds
    )


def test_a_claim_is_run_again_and_the_report_opens(call, folder, monkeypatch):
    monkeypatch.setattr(sweep, "gather", made_up)
    said = call("claims", "--run", "d14,H12", "--seeds", "2", "--out", "out", "--quiet")
    assert said.code == 0
    assert said.err == ""
    assert "D14: inconsistent" in said.out
    assert "H12: contradicted" in said.out
    assert "36 runs" in said.out  # six places, three mechanisms, two seeds
    page = (folder / "out" / "claims.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert 'id="H12"' in page
    assert 'id="H1"' not in page
    assert "catallax claims --run H12,D14 --seeds 2" in page


def test_one_seed_is_told_to_be_too_few(call, monkeypatch):
    monkeypatch.setattr(sweep, "gather", made_up)
    said = call("claims", "--run", "H12", "--seeds", "1", "--quiet")
    assert "One seed has no interval" in said.out
    assert (
        strict(call("claims", "--run", "H12", "--seeds", "1", "--json").out)["claims"][0]["answer"][
            "findings"
        ][0]["ci"]
        is None
    )


def test_runs_that_are_kept_are_not_made_again(call, folder, monkeypatch):
    """H4 needs the real tables: a stand-in answers, and the store is what it is given."""
    given = []

    def stand_in(cells, seeds, *, store, executor, progress):
        given.append((store.folder.name, type(executor), tuple(seeds), len(cells)))
        return RunRows(())

    monkeypatch.setattr(sweep, "gather", stand_in)
    said = call("claims", "--run", "H4", "--seeds", "2", "--workers", "0", "--store", "kept")
    assert given == [("kept", Serial, (0, 1), 2)]
    assert "not testable here" in said.out
    assert "was not run" in said.out


def test_the_record_too_has_a_report(call, folder):
    said = call("claims", "--out", "here")
    assert said.out.splitlines()[-1] == "Report: here/claims.html"
    assert all(f'id="{name}"' in (folder / "here/claims.html").read_text() for name in IDS)


def test_answers_under_other_defaults_are_named_everywhere(call, folder, monkeypatch):
    monkeypatch.setattr("catallax.study.claims.AnswerRecord.outdated", lambda self, known: ["D1"])
    said = call("claims", "--out", "here")
    assert "defaults that have changed since: D1" in said.out
    assert "defaults that have changed since: D1." in (folder / "here/claims.html").read_text()
    found = {c["id"]: c for c in strict(call("claims", "--json").out)["claims"]}
    assert found["D1"]["defaults_since_changed"]
    assert not found["H1"]["defaults_since_changed"]


BAD = {
    "--run H33": ("unknown claim 'H33'", "Did you mean 'H3'"),
    "--run H1,,H2": ("--run: 'H1,,H2': a name is missing",),
    "--seeds 3": ("are for --run",),
    "--workers 2": ("are for --run",),
    "--store runs": ("are for --run",),
    "--run D14 --store /dev/null": ("/dev/null: is a file",),
    "--run H1 --seeds x": ("--seeds: 'x'",),
    "--run H1 --workers x": ("--workers",),
    "--out /dev/null/x": ("--out /dev/null/x",),
    "H1": ("'H1' is not expected", "catallax claims --help"),
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input_is_told_in_one_line(call, words):
    said = call("claims", *words.split())
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    for part in BAD[words]:
        assert part in said.err
