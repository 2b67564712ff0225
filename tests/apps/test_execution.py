"""Stores, workers, JSON and Ctrl-C are alike in every command that runs something."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from catallax.apps import execution
from catallax.errors import InputError
from catallax.execute import Processes, Serial, SparingProcesses
from catallax.execute.store import Store

PLANTS = ("run", "prices_quantities", "--seeds", "3", "--workers", "0", "--quiet")
ECONOMY = (
    "compare", "--economy", "small:0", "--weeks", "56", "--mechanisms", "market,five_year_plan",
    "--workers", "0", "--quiet",
)  # fmt: skip

# command -> what it refuses of the options that all have
REFUSED = {
    "bound": ("store",),
    "federated": ("store",),
    "validate": ("store",),
    "forecast-bench": ("store", "workers", "executor", "address"),
    "check market": ("store", "workers", "executor", "address"),
    "tune --check": ("store",),
}
GIVEN = {"store": "kept", "workers": "2", "executor": "dask", "address": "tcp://h:1"}


def without_seconds(value):
    """A result without the time that it took and what of it is said of the store."""
    if isinstance(value, dict):
        return {k: without_seconds(v) for k, v in value.items() if k != "seconds"}
    return [without_seconds(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("words", [PLANTS, (*ECONOMY, "--seeds", "2")], ids=["plants", "economy"])
def test_a_comparison_with_a_store_runs_nothing_twice(words, call, folder, monkeypatch):
    first = json.loads(call(*words, "--store", "kept", "--json").out)
    runs = len(Store("kept").rows())
    assert runs > 0

    def observe(job):
        raise AssertionError("a run was made again")

    monkeypatch.setattr(import_module("catallax.execute.execute"), "do_batch", observe)
    again = call(*words, "--store", "kept", "--json")
    assert again.code == 0, again.err
    assert without_seconds(json.loads(again.out)) == without_seconds(first)


def test_the_page_is_made_from_the_store(call, folder):
    words = (*ECONOMY, "--seeds", "2", "--store", "kept")
    assert call(*words, "--json").code == 0
    said = call(*words, "--out", "page")
    assert said.code == 0, said.err
    page = (folder / "page" / "compare.html").read_text()
    assert "--store kept" in page


@pytest.mark.skipif(os.name == "nt", reason="there is no Ctrl-C to send")
def test_ctrl_c_says_what_is_on_disk_and_the_same_command_goes_on(call, folder):
    words = [*ECONOMY[:-3], "--workers", "1", "--quiet", "--store", "kept", "--json"]
    command = [sys.executable, "-m", "catallax", *words, "--seeds", "60"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        end = time.monotonic() + 60
        while not list(folder.glob("kept/*.parquet")) and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    there = len(Store("kept").rows())
    assert (process.returncode, out) == (130, "")
    assert err == (
        f"catallax: interrupted: {there} of 120 runs are in kept; "
        f"the same command goes on from there\n"
    )
    assert 0 < there < 120
    early = sum(row.seed < 2 for row in Store("kept").rows())
    assert early > 0
    found = call(*ECONOMY, "--seeds", "2", "--store", "kept", "--json")
    assert len(json.loads(found.out)["seeds"]) == 2
    assert len(Store("kept").rows()) == there + 4 - early


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("bound", "--weeks", "3", "--seeds", "1"), "the same command begins anew"),
        (("federated", "--tables", "errors", "--seeds", "2"), "the same command begins anew"),
        ((*ECONOMY, "--seeds", "1"), "with --store FOLDER the same command goes on"),
    ],
    ids=["bound", "federated", "compare"],
)
def test_ctrl_c_says_how_to_go_on_where_nothing_is_kept(words, says, call, monkeypatch):
    if words[0] == "bound":
        pytest.importorskip("clarabel")

    def stop(*_, **__):
        raise KeyboardInterrupt

    for name in (
        "domains.production.experiments.bound_gap",
        "study.compare",
        "labs.federated.trials.compare_ways",
    ):
        monkeypatch.setattr(f"catallax.{name}", stop)
    said = call(*words)
    assert (said.code, said.out) == (130, "")
    assert said.err.startswith("catallax: interrupted: nothing done, nothing kept; ")
    assert says in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "option"), [(c, o) for c, options in REFUSED.items() for o in options]
)
def test_a_command_that_has_no_use_for_an_option_says_why(command, option, call, folder):
    if command == "bound":
        pytest.importorskip("clarabel")
    said = call(*command.split(), f"--{option}", GIVEN[option])
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"catallax: --{option}: ")
    assert said.err.endswith("; leave it out\n")
    assert len(said.err.splitlines()) == 1
    assert f"--{option} " not in call(command.split()[0], "--help").out or "tune" in command
    assert list(folder.iterdir()) == []


COMMANDS = {
    "run tin": 2, "compare": 1, "frontier delay tacit": 1, "value-of-information": 1,
    "claims --run D1": 1, "adversary": 1, "sensitivity": 1, "tune": 1, "bound": 1,
    "federated": 1, "validate": 1,
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--executor slurm", "--executor: unknown executor 'slurm'. Known: process, dask, ray."),
        ("--address tcp://x:1", "--address tcp://x:1: is for --executor dask or ray"),
        ("--workers x", "--workers: 'x' is not a whole number"),
        ("--workers 513", "--workers: 513 is out of range, expected 0 to 512"),
    ],
)
def test_wrong_options_are_told_alike_in_every_command(command, words, says, call, folder):
    said = call(*command.split(), *words.split())
    assert (said.code, said.out) == (2, "")
    assert said.err == f"catallax: {says}\n" or said.err.startswith(f"catallax: {says};")
    assert list(folder.iterdir()) == []


def test_who_does_the_work_is_chosen_in_one_place():
    def hands(name, **options):
        with execution.check_execution(execution.ExecutionOptions(**options)).session() as session:
            return getattr(session, name)

    assert isinstance(hands("executor", workers=0), Serial)
    assert isinstance(hands("executor", workers=3), Processes)
    assert hands("executor", workers=3).hands == 3
    assert isinstance(hands("sharing"), SparingProcesses)
    assert isinstance(hands("sharing", workers=0), Serial)
    assert hands("cluster") is None


def test_a_store_is_checked_before_anything_is_run(folder):
    Path("file").write_text("")
    with pytest.raises(InputError, match="file: is a file; give a folder"):
        execution.check_execution(execution.ExecutionOptions(store=Path("file")))
