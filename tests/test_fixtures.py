"""The comparison of runs with an earlier commit: what it plays and when it objects."""

import json

import pytest

from catallax.domains.production.mechanisms import REGISTRY, VARIANTS
from scripts import fixture_runs, fixtures


def verdicts(before, now):
    return {v.run: v.is_same for v in fixtures.compare("plain", {"runs": before}, {"runs": now})}


def test_every_mechanism_variant_and_contract_is_played():
    played = {name for names in fixture_runs.RUNS.values() for name in names}
    variants = {f"{name}:{word}" for name, words in VARIANTS.items() for word in words}
    assert {*REGISTRY, *variants, "static_optimum"} <= played
    assert played == set(fixture_runs.MECHANISMS)
    assert set(fixture_runs.RUNS) == set(fixture_runs.CONTRACTS)


def test_runs_last_long_enough_for_what_their_contract_is_about():
    for name in fixture_runs.CONTRACTS:
        contract = fixture_runs.contract_of(name)
        slowest = max(contract.channel.line.delay, contract.channel.centre.delay)
        events = [shock.week for shock in contract.shocks] + [slowest]
        assert max(events) + 10 < contract.weeks <= 60, name


def test_equal_bits_are_the_same_and_other_bits_are_not():
    assert verdicts({"a": "1", "b": "2"}, {"a": "1", "b": "3"}) == {"a": True, "b": False}


def test_a_run_that_only_one_tree_has_is_a_difference():
    assert verdicts({"a": "1"}, {"b": "1"}) == {"a": False, "b": False}


def test_a_run_that_failed_alike_in_both_trees_was_not_compared():
    assert verdicts({"a": "failed: KeyError: 'x'"}, {"a": "failed: KeyError: 'x'"}) == {"a": False}


def test_a_run_that_cannot_be_played_is_recorded_as_its_error():
    assert fixture_runs.record_run("calm", "no such name").startswith(fixtures.FAILED)


def test_a_run_of_a_batch_that_has_other_bits_is_named():
    batches = {"market on tin": {"alone": ["1", "2"], "together": ["1", "3"]}}
    same, other = fixtures.compare_batches("plain", {"batches": batches})
    assert same.is_same
    assert other.line() == "DIFFERENT  plain     market on tin, run 1 of a batch: 2 -> 3"


@pytest.mark.parametrize(("now", "code"), [("1", 0), ("2", 1)])
def test_the_exit_code_says_whether_bits_differ(monkeypatch, capsys, now, code):
    monkeypatch.setattr(
        fixtures, "compare_trees", lambda ref, modes: [fixtures.Verdict("plain", "a", "1", now)]
    )
    assert fixtures.main(["HEAD", "--json"]) == code
    (told,) = json.loads(capsys.readouterr().out)
    assert told["same"] is (code == 0)


def test_a_commit_that_is_not_there_is_said(capsys):
    assert fixtures.main(["no-such-commit"]) == fixtures.UNPLAYABLE
    assert "give a branch, a tag or a commit" in capsys.readouterr().err
