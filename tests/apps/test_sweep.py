"""`catallax sweep` and `catallax results`: a file in, a folder of runs out, and what it says."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catallax.apps.commands.sweep import order_sweep
from catallax.apps.execution import DEFAULT_EXECUTION
from catallax.execute.store import Store

SPEC = """
name = "delay and interval"
experiment = "compare"
mechanisms = ["market", "five_year_plan"]
seeds = 2
[contract]
economy = "small:0"
weeks = 56
[axes]
delay = [0, 1]
"""
HERE = ("--workers", "0", "--quiet")


@pytest.fixture
def spec(folder):
    """Write the file, with something in place of something else."""

    def write(old="", new="") -> str:
        (folder / "map.toml").write_text(SPEC.replace(old, new) if old else SPEC)
        return "map.toml"

    return write


def test_a_sweep_is_run_once_and_its_results_are_shown(call, spec, folder):
    first = call("sweep", spec(), *HERE)
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("8 runs in map.runs, 8 of them new.")
    again = json.loads(call("sweep", spec(), *HERE, "--json").out)
    assert (again["runs"], again["new"], again["stops"]) == (8, 0, {"COMPLETED": 8})

    table = call("results", "map.runs", "--measures", "score,gini").out
    assert [line.split()[:3] for line in table.splitlines()[2:6]] == [
        ["five_year_plan", "0", "2"],
        ["five_year_plan", "1", "2"],
        ["market", "0", "2"],
        ["market", "1", "2"],
    ]
    words = ("results", "map.runs", "--where", "delay=1", "--by", "label", "--json")
    found = json.loads(call(*words).out)
    assert [g["label"] for g in found["groups"]] == ["five_year_plan", "market"]
    rows = Store("map.runs").rows()
    scores = [r.values["score"] for r in rows.at({"delay": 1}, "market").values()]
    assert found["groups"][1]["measures"]["score"]["mean"] == pytest.approx(sum(scores) / 2)

    assert call(*words[:-1], "--to", "some.csv").code == 0
    with (folder / "some.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["point.delay"] for line in lines} == {"1"}
    assert sorted(float(line["score"]) for line in lines if line["label"] == "market") == sorted(
        scores
    )
    assert call("results", "map.runs", "--to", "runs.parquet").code == 0
    (folder / "copy").mkdir()
    (folder / "runs.parquet").replace(folder / "copy" / "runs.parquet")
    assert Store("copy").rows().rows == rows.rows


def test_a_cluster_gives_the_same_runs(call, spec):
    pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    words = ("sweep", spec("delay = [0, 1]", "delay = [1]"), "--quiet")
    there = call(*words, "--executor", "dask", "--workers", "1", "--store", "there")
    assert there.out.startswith("4 runs in there, 4 of them new."), there.err
    call(*words, "--workers", "0", "--store", "here")
    one, two = ({r.key: r.values for r in Store(name).rows()} for name in ("here", "there"))
    assert one == two
    assert len(one) == 4


def test_a_file_needs_to_say_no_more_than_what_is_varied(folder):
    (folder / "short.toml").write_text("[axes]\ndelay = [0, 1]\n")
    found = order_sweep(Path("short.toml"), DEFAULT_EXECUTION, again=False)
    assert (found.spec.name, found.spec.experiment) == ("short", "compare")
    assert (str(found.store.folder), len(found.cells)) == ("short.runs", 2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("delay =", "dely =", "map.toml: axes.dely: unknown axis 'dely'. Did you mean 'delay'"),
        ("[0, 1]", '["a"]', "map.toml: axes.delay: 'a' is not a number"),
        ("[0, 1]", "[0, 0.3]", "map.toml: channel.line.delay: 0.3 weeks is not a whole number"),
        ("weeks =", "week =", "map.toml: unknown key 'week'. Did you mean 'weeks'"),
        ("small:0", "smal:0", "map.toml: economy smal:0: unknown economy"),
        (
            '"compare"',
            '"tim"',
            "map.toml: experiment: unknown experiment 'tim'. Did you mean 'tin'",
        ),
        ('"market"', '"markt"', "unknown mechanism 'markt'. Did you mean 'market'"),
        ("seeds = 2", 'seeds = "2-1"', "map.toml: seeds: '2-1' ends before it begins"),
        ("delay =", '"market:kapa" =', "map.toml: axes.market:kapa: .*Did you mean 'kappa'"),
        ("delay =", '"channel.line.dely" =', "axes.channel.line.dely: unknown key"),
        ("[axes]", "[axes", "map.toml: is not valid TOML"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(call, spec, folder, old, new, message):
    said = call("sweep", spec(old, new), *HERE)
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert re.search(message, said.err), said.err
    assert not (folder / "map.runs").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--executor", "dusk"), "--executor: unknown executor 'dusk'. Did you mean 'dask'"),
        (("--address", "tcp://x:1"), "--address tcp://x:1: is for --executor dask or ray"),
        (("--store", "map.toml"), "map.toml: is a file; give a folder"),
    ],
)
def test_wrong_options_of_a_sweep_are_refused(call, spec, words, message):
    said = call("sweep", spec(), *HERE, *words)
    assert (said.code, said.out) == (2, "")
    assert message in said.err


def test_wrong_questions_to_results_are_refused(call, folder):
    from catallax.study.sweep import RunRow

    with (store := Store("some")).writing():
        store.write([RunRow("0" * 16, {"delay": 1}, "market", "market", 0, {}, {"score": 0.5})])
    for words, message in (
        (("none",), "none: is not there; expected a folder that `catallax sweep` wrote"),
        (("some", "--where", "dely=1"), "--where: unknown key 'dely'. Did you mean 'delay'"),
        (("some", "--where", "delay"), "--where 'delay': expected KEY=VALUE"),
        (("some", "--where", "delay=1", "--where", "delay=2"), "--where delay: is given more than"),
        (("some", "--where", "delay=7"), "some: holds no run with delay=7"),
        (("some", "--by", "labl"), "--by: unknown key 'labl'. Did you mean 'label'"),
        (("some", "--measures", "scor"), "--measures: unknown measure 'scor'"),
        (("some", "--to", "x.xls"), "--to x.xls: expected a file that ends in .csv or .parquet"),
        (("some", "--to", "no/x.csv"), "--to: no/x.csv: cannot be written"),
    ):
        said = call("results", *words)
        assert (said.code, said.out) == (2, ""), words
        assert message in said.err
        assert said.err.count("\n") == 1


def test_a_torn_file_is_a_note_and_no_traceback(call, spec, folder):
    call("sweep", spec(), *HERE)
    (folder / "map.runs" / "0.parquet").write_bytes(b"PAR1")
    said = call("results", "map.runs")
    assert said.code == 0
    assert "0.parquet: is cut off; its runs are not counted" in said.err
    assert "set aside as 0.parquet.aside" in call("sweep", spec(), *HERE).err


def test_what_another_program_made_is_brought_in_when_that_is_asked_for(call, spec, folder):
    duckdb = pytest.importorskip("duckdb")
    call("sweep", spec(), *HERE)
    duckdb.sql(f"copy (from '{folder}/map.runs/*.parquet') to '{folder}/other.parquet'")
    said = call("results", "new.runs", "--bring-in", "other.parquet")
    assert said.code == 0
    assert "8 runs of other.parquet are in new.runs" in said.err
    assert "8 of its runs were brought in from files that Catallax did not write" in said.err
    bad = call("results", "new.runs", "--bring-in", "map.toml")
    assert bad.code == 2
    assert "--bring-in: map.toml: is not a file of Parquet; nothing is brought in" in bad.err


def test_a_folder_in_use_is_refused_with_who_uses_it(call, spec):
    with Store("map.runs").writing():
        said = call("sweep", spec(), *HERE)
    assert said.code == 2
    assert f"map.runs: process {os.getpid()} on" in said.err


@pytest.mark.skipif(os.name == "nt", reason="there is no Ctrl-C to send")
def test_ctrl_c_says_how_far_it_is_and_the_same_command_goes_on(call, spec, folder):
    file = spec("seeds = 2", "seeds = 40")
    command = [sys.executable, "-m", "catallax", "sweep", file, "--workers", "1", "--quiet"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        end = time.monotonic() + 60
        while not list(folder.glob("map.runs/*.parquet")) and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    rows = Store("map.runs").rows()
    there, early = len(rows), sum(row.seed < 2 for row in rows)
    assert err == (
        f"catallax: interrupted: {there} of 160 runs are in map.runs; "
        f"the same command goes on from there\n"
    )
    assert 0 < there < 160
    found = json.loads(call("sweep", spec(), *HERE, "--store", "map.runs", "--json").out)
    assert 0 < early < 8
    assert (found["runs"], found["new"]) == (8, 8 - early)
