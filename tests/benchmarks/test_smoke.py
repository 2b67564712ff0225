"""Every benchmark runs at tiny sizes; no figure of time is asserted.

A task is done in this process, because to start one takes longer than any task of a tiny size;
what is in `APART` is left a process of its own, as all are for a reader.

Those of peers are skipped unless their environments are there, or CATALLAX_PEERS=1 asks for them
to be installed. CATALLAX_ENVS says where they lie.
"""

import json
import math
import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from benchmarks import session as sessions
from benchmarks.__main__ import main
from benchmarks.children import TASKS
from benchmarks.envs import DEFAULT, PINS, Envs
from benchmarks.mesa_check import TOLERANCE, largest_difference
from benchmarks.registry import BENCHES
from benchmarks.render import page, render
from benchmarks.session import Session
from benchmarks.store import Results
from catallax.kernels.switch import plain as in_plain_numpy

APART = ("stream",)  # it asks its process for the number of threads
CHILD = Session.child
ENVS = Envs(Path(os.environ.get("CATALLAX_ENVS", DEFAULT)))


def session_with(peer: str) -> Session:
    """A smoke session in which `peer` can run; the test is skipped without it."""
    if not ENVS.made(peer) and os.environ.get("CATALLAX_PEERS") != "1":
        pytest.skip(f"the environment of {peer} is not there: set CATALLAX_PEERS=1 to install it")
    return Session(smoke=True, envs=ENVS)


def measured_here(self, task, *, threads=1, plain=False, **asked):
    """What `Session.child` gives, measured in this process; all of it goes through JSON too."""
    if task in APART:
        return CHILD(self, task, threads=threads, plain=plain, **asked)
    with in_plain_numpy() if plain else nullcontext():
        return json.loads(json.dumps(TASKS[task](**json.loads(json.dumps(asked)))))


@pytest.fixture
def here(monkeypatch):
    """Tasks are done in this process."""
    monkeypatch.setattr(Session, "child", measured_here)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", list(BENCHES))
def test_a_benchmark_runs_at_tiny_sizes(name, tmp_path, capsys):
    out = tmp_path / "results.json"
    code = main(["--smoke", "--no-peers", "--only", name, "--out", str(out)])
    assert code == 0, capsys.readouterr().err
    entry = json.loads(out.read_text("utf-8"))[name]
    assert entry["smoke"]
    assert entry["missing"] == ", ".join(BENCHES[name].peers)
    figures = Results.load(out).figures(name)
    assert figures
    for f in figures:
        assert f.value is not None
        assert math.isfinite(f.value)
        assert f.reached is None  # targets are for real sizes
    render(Results.load(out), tmp_path)
    assert "these numbers mean nothing" in (tmp_path / "benchmarks.md").read_text("utf-8")
    assert (tmp_path / "benchmarks.svg").exists() == (name == "market_speed")


def test_a_child_is_told_its_task_its_threads_and_its_code(monkeypatch):
    told = []
    monkeypatch.setattr(sessions, "run_json", lambda *given: told.append(given) or {})
    Session().child("weeks", threads=2, plain=True, economy="us15")
    ((*_, module, task, asked), environment) = told[0]
    assert (module, task, json.loads(asked)) == (
        "benchmarks.children",
        "weeks",
        {"economy": "us15"},
    )
    assert environment["CATALLAX_PLAIN"] == "1"
    assert {environment[pool] for pool in sessions.POOLS} == {"2"}


@pytest.mark.usefixtures("here")
def test_no_host_and_no_user_is_named(tmp_path):
    out = tmp_path / "results.json"
    main(["--smoke", "--no-peers", "--only", "ten_years", "--out", str(out)])
    text = out.read_text("utf-8")
    assert os.uname().nodename not in text
    assert str(Path.home()) not in text


@pytest.mark.usefixtures("here")
def test_other_benchmarks_keep_their_last_results(tmp_path):
    out = tmp_path / "results.json"
    out.write_text(json.dumps({"optimum": {"kept": True}}))
    main(["--smoke", "--no-peers", "--only", "ten_years", "--out", str(out)])
    assert list(json.loads(out.read_text("utf-8"))) == ["optimum", "ten_years"]


def test_what_fails_is_told_and_is_an_exit_code(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Session, "child", lambda *a, **k: 1 / 0)
    out = tmp_path / "results.json"
    assert main(["--smoke", "--no-peers", "--only", "ten_years", "--out", str(out)]) == 1
    assert "FAILED: ZeroDivisionError" in capsys.readouterr().err


def test_the_names_can_be_listed(capsys):
    assert main(["--list"]) == 0
    assert all(name in capsys.readouterr().err for name in ["market_speed"])


def test_what_was_not_measured_is_said():
    assert page(Results()).count("Not measured yet.") == len(BENCHES)


@pytest.mark.parametrize("economy", ["town:300", "synthetic:3"])
def test_the_mesa_model_is_the_same_model(economy):
    """Prices and sales of every seller in every week, with a shortage from week 4 on."""
    found = largest_difference(economy, 12, session_with("mesa_market"))
    assert found["moved"] > 0.05  # something happened
    assert found["price"] < TOLERANCE
    assert found["sold"] < TOLERANCE


@pytest.mark.parametrize("name", [n for n, bench in BENCHES.items() if bench.peers])
def test_a_benchmark_runs_with_its_peers(name):
    for peer in BENCHES[name].peers:
        session = session_with(peer)
    figures = BENCHES[name].measure(BENCHES[name].tiny, session)
    systems = " ".join(f.system for f in figures)
    words = {"mesa_market": "Mesa", "bam": "bamengine", "highs": "HiGHS pdlp"}
    assert all(words[peer] in systems for peer in BENCHES[name].peers)


def test_every_peer_is_pinned():
    pins = [pin for of in PINS.values() for pin in of]
    assert all("==" in pin for pin in pins)
    assert {peer for bench in BENCHES.values() for peer in bench.peers} == set(PINS)
