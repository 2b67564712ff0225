"""Rows chosen and grouped."""

import dataclasses

import pytest

from catallax import InputError
from catallax.study.sweep import RunRow, RunRows
from catallax.study.sweep.grouped import choose_rows, group_rows, unnamed_differences, varying_axes

HELD = {"economy": {"name": "us15"}, "channel": {"rounds": 1, "line": {"delay": 2.0}}}


def row(label, seed, score, stop="COMPLETED", **point) -> RunRow:
    key = f"{label}{seed}{point.get('delay')}"
    reasons = {} if score is not None else {"score": "it came down"}
    return RunRow(key, point, label, label, seed, HELD, {"score": score}, reasons, stop)


ROWS = RunRows.of(
    [row("market", s, 0.9 + s / 100, delay=d, interval=i)
     for s in range(3) for d in (0, 1.0) for i in (1, 4)]
    + [row("plan", s, None if s == 2 else 0.5, "FAILED" if s == 2 else "COMPLETED", delay=10.0)
       for s in range(3)]
)  # fmt: skip


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ({}, 15),
        ({"delay": "1"}, 6),
        ({"delay": "1.0", "interval": "4"}, 3),
        ({"label": "plan"}, 3),
        ({"channel.line.delay": "2", "economy": "us15", "seed": "0"}, 5),
        ({"stop": "FAILED"}, 1),
        ({"delay": "7"}, 0),
    ],
)
def test_rows_are_chosen_by_place_name_and_contract(where, count):
    assert len(choose_rows(ROWS, where)) == count


def test_groups_come_in_the_order_of_their_values_with_a_run_once_in_each():
    groups = group_rows(ROWS, ["label", "delay"])
    assert [(g.by["label"], g.by["delay"]) for g in groups] == [
        ("market", 0), ("market", 1.0), ("plan", 10.0),
    ]  # fmt: skip
    assert [len(g.rows) for g in groups] == [3, 3, 3]  # not once for each interval
    found = groups[0].summary("score")
    assert found.mean == pytest.approx(0.91)
    assert found.ci95 is not None
    assert found.ci95[1] - found.ci95[0] == pytest.approx(2 * 4.302653 * 0.01 / 3**0.5)


def test_a_group_in_which_a_run_has_no_score_has_no_mean_but_a_reason():
    (group,) = group_rows(ROWS, ["label"])[1:]
    assert group.summary("score").mean is None
    assert group.summary("score").reason == "it came down (1 of 3 seeds)"
    assert group.failed == 1


def test_what_varies_is_found():
    assert varying_axes(ROWS) == ["delay", "interval"]
    assert varying_axes(choose_rows(ROWS, {"interval": "4"})) == ["delay"]


def test_unknown_keys_and_measures_are_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"unknown key 'dely'\. Did you mean 'delay'"):
        group_rows(ROWS, ["dely"])
    with pytest.raises(InputError, match="unknown key 'rounds'"):
        choose_rows(ROWS, {"rounds": "1"})
    with pytest.raises(InputError, match=r"unknown measure 'scor'\. Did you mean 'score'"):
        group_rows(ROWS, ["label"])[0].summary("scor")


def edited(*rows: RunRow, **contract) -> list[RunRow]:
    """The rows under a contract that was changed since."""
    changed = [dataclasses.replace(r, contract={**HELD, **contract}) for r in rows]
    return [dataclasses.replace(r, key=f"{r.key}{r.contract_hash}") for r in changed]


ONE = [row("market", s, 0.9, delay=1.0) for s in range(3)]
OWN, LATER = ({"economy": {"name": "own.csv", "digest": d}} for d in ("a", "b"))


def test_two_tables_of_one_name_are_never_averaged():
    rows = RunRows.of([*edited(*ONE, **OWN), *edited(*ONE, **LATER), *ONE])
    groups = group_rows(rows, ["label", "delay"])
    assert [(g.by["economy.name"], g.by["economy.digest"]) for g in groups] == [
        ("own.csv", "a"), ("own.csv", "b"), ("us15", None),
    ]  # fmt: skip
    assert [len(g.rows) for g in groups] == [3, 3, 3]
    assert unnamed_differences(
        RunRows.of(edited(*ONE, **OWN) + edited(*ONE, **LATER)), ["label"]
    ) == ["economy.digest"]


def test_what_is_asked_for_or_stands_in_the_point_need_not_be_said_again():
    rows = RunRows.of([*edited(*ONE, **OWN), *edited(*ONE, **LATER)])
    for by in (["economy.digest"], ["contract"], ["key"]):
        assert unnamed_differences(rows, by) == []
    assert unnamed_differences(ROWS, ["label"]) == []
    assert unnamed_differences(choose_rows(rows, {"economy.digest": "b"}), ["label"]) == []


def test_contracts_that_differ_in_a_list_are_told_apart_by_their_hash():
    rows = RunRows.of([*ONE, *edited(*ONE, shocks=[{"week": 3}])])
    assert unnamed_differences(rows, ["label", "delay"]) == ["contract"]
    assert len(group_rows(rows, ["label", "delay"])) == 2


def test_a_place_with_runs_of_two_contracts_has_no_one_answer():
    rows = RunRows.of([*edited(*ONE, **OWN), *edited(*ONE, **LATER)])
    with pytest.raises(InputError, match=r"market at \{'delay': 1.0\}: runs of 2 contracts stand"):
        rows.at({"delay": 1.0}, "market")
    one = choose_rows(rows, {"economy.digest": "a"})
    assert len(one.at({"delay": 1.0}, "market")) == 3
