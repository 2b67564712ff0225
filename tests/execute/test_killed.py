"""Processes that die in mid-run, after the first runs are kept: nothing lost, doubled or different.

`test_gather` kills at any moment, mostly before the first file is there; here it is there first.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from catallax.domains.production.experiments import FREE
from catallax.execute import Processes, execute, requests_of
from catallax.execute import journal as journal_module
from catallax.execute.row import FAILED
from catallax.execute.store import Store
from catallax.protocol import domain_in
from catallax.study.sweep import Base
from catallax.study.sweep.cells import requests_at

SLEEPY = Path(__file__).with_name("sleepy.py")
ROOT = Path(__file__).parents[2]


def asked(what: str, seeds: int):
    """Runs of the economy, or quick ones that do little."""
    if what == "economy":
        base = Base(FREE, {"economy": "small:0", "weeks": 60}, ["market", "five_year_plan"])
        return requests_at([base.at({"delay": d}) for d in (0.0, 1.0)], range(seeds))
    contract = domain_in(SLEEPY).experiments["sleepy"].build({})
    return requests_of(contract, ["rest", "rest:share=0.2"], range(seeds))


def plain(rows):
    return [replace(row, seconds=0.0) for row in rows]


class Killer:
    """Kills processes that are at a job, at moments by chance, once some runs are kept.

    No job loses more processes than it may (`Processes.tries`).
    """

    def __init__(self, executor: Processes, kills: int, seed: int) -> None:
        self.executor, self.kills, self.done = executor, kills, 0
        self.random, self.kept, self.over = Random(seed), threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._kill)

    def _kill(self) -> None:
        self.kept.wait()
        spared = set[int]()
        while self.done < self.kills and not self.over.wait(self.random.uniform(0.0, 0.2)):
            for worker in list(self.executor._workers):
                at = worker.out[0] if worker.ready and worker.out else None
                if at is not None and at not in spared:
                    worker.process.kill()
                    spared.add(at)
                    self.done += 1
                    break

    def told(self, done: int, total: int, what: str) -> None:
        """Runs are on disk."""
        self.kept.set()

    def __enter__(self) -> "Killer":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.kept.set()
        self.thread.join()


@pytest.mark.parametrize(
    ("what", "seeds", "kills"),
    [
        ("sleepy", 30, 3),
        pytest.param("sleepy", 400, 60, marks=pytest.mark.slow),
        pytest.param("economy", 25, 12, marks=pytest.mark.slow),
    ],
)
def test_processes_that_are_killed_in_mid_run_cost_nothing(
    tmp_path, monkeypatch, what, seeds, kills
):
    monkeypatch.setattr(journal_module, "EVERY", 0.05)
    monkeypatch.setattr("catallax.execute.jobs.JOBS", 2 * kills)  # small jobs
    requests, store = asked(what, seeds), Store(tmp_path)
    with Processes(2) as executor, Killer(executor, kills, 1) as killer:
        there = execute(requests, store=store, executor=executor, traced=True, progress=killer.told)
    assert killer.done == kills
    here = execute(requests, workers=0, traced=True)
    assert plain(there.rows) == plain(here.rows)
    assert FAILED not in {row.stop for row in there.rows}
    kept = Store(tmp_path)
    assert plain(kept.rows()) == plain(here.table)
    assert not kept.notes
    traces = kept.traces(row.key for row in here.rows)
    assert [traces[r.key].to_dict() for r in here.rows] == [
        t.to_dict() for t in here.traces if t is not None
    ]


SCRIPT = """
import sys
from catallax.execute import Processes, execute, journal
from catallax.execute.store import Store
from tests.execute.test_killed import asked

if __name__ == "__main__":
    journal.EVERY = 0.05
    with Processes(2) as executor:
        execute(asked("economy", int(sys.argv[2])), store=Store(sys.argv[1]), executor=executor)
    print("done")
"""


@pytest.mark.slow
def test_a_sweep_that_is_killed_in_mid_run_goes_on(tmp_path):
    """The whole sweep dies six times, each time after it has kept some more runs."""
    seeds, kills = 50, 6
    (tmp_path / "sweep.py").write_text(SCRIPT)
    folder, random, killed = tmp_path / "runs", Random(2), 0
    words = [sys.executable, str(tmp_path / "sweep.py"), str(folder), str(seeds)]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    found = {**os.environ, "PYTHONPATH": path}
    while True:
        before = len(list(folder.glob("*.parquet")))
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=found)
        while killed < kills and process.poll() is None:
            if len(list(folder.glob("*.parquet"))) > before:
                time.sleep(random.uniform(0.0, 0.5))
                process.send_signal(signal.SIGKILL)
                killed += 1
                break
            time.sleep(0.01)
        said, _ = process.communicate()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    assert said == "done\n"
    assert killed == kills
    store = Store(folder)
    here = execute(asked("economy", seeds), workers=0)
    assert plain(store.rows()) == plain(here.table)
    assert not store.notes
    assert not list(Path(folder).glob("*.part"))
