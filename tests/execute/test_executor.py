"""Whoever does the jobs: every job has its result, and a job that dies takes no other along."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from catallax.errors import WorkerLost
from catallax.study.sweep import Processes, Serial
from tests.study.sweep.jobs import (
    deadly,
    deadly_once,
    large,
    leaving,
    odd,
    picky,
    slow,
    square,
)

JOBS = [(k,) for k in range(8)]


def results(executor, function, jobs=JOBS) -> dict:
    return dict(executor.run(function, jobs))


@pytest.fixture(scope="module")
def processes():
    with Processes(2) as executor:
        yield executor


@pytest.mark.parametrize("function", [square, picky])
def test_this_process_and_others_do_the_same(processes, function):
    here, there = results(Serial(), function), results(processes, function)
    assert {k: repr(v) for k, v in here.items()} == {k: repr(v) for k, v in there.items()}
    assert sorted(here) == list(range(8))


def test_what_a_job_raises_is_its_result(processes):
    found = results(processes, picky)
    assert isinstance(found.pop(3), ValueError)
    assert found == {k: k * k for k in range(8) if k != 3}


def test_the_job_that_kills_its_process_is_found_and_no_other_is_lost(processes):
    found = results(processes, deadly)
    lost = found.pop(3)
    assert isinstance(lost, WorkerLost)
    assert "out of memory" in str(lost)
    assert found == {k: k * k for k in range(8) if k != 3}


def test_a_process_that_is_killed_once_costs_nothing(processes, tmp_path):
    jobs = [(k, str(tmp_path / "mark")) for k in range(8)]
    assert results(processes, deadly_once, jobs) == {k: k * k for k in range(8)}


def pids(processes) -> list[int]:
    return [w.process.pid for w in processes._workers]


def test_processes_are_kept_from_one_run_to_the_next(processes):
    results(processes, square)
    before = pids(processes)
    results(processes, square)
    assert pids(processes) == before != []


@pytest.mark.parametrize("executor", [Serial(), Processes(2)], ids=["serial", "processes"])
def test_a_job_that_would_end_the_process_has_raised_an_error(executor):
    jobs = JOBS[:4] if isinstance(executor, Serial) else JOBS
    found = results(executor, leaving, jobs)
    executor.close()
    assert "SystemExit enough" in str(found.pop(3))
    if 4 in found:
        assert "KeyboardInterrupt" in str(found.pop(4))
    assert found == {k: k * k for (k,) in jobs if k not in (3, 4)}


def test_what_cannot_travel_is_the_result_of_its_own_job_alone(processes):
    found = results(processes, odd)
    assert "Odd: 1 and 2" in str(found.pop(3))
    assert isinstance(found.pop(4), Exception)
    assert found == {k: k * k for k in range(8) if k not in (3, 4)}
    found = results(processes, square, [(1,), (threading.Lock(),), (3,)])
    assert isinstance(found.pop(1), TypeError)
    assert found == {0: 1, 2: 9}
    assert isinstance(results(processes, square, [(threading.Lock(),)])[0], TypeError)


def test_a_run_that_is_given_up_leaves_no_result_for_the_next(processes):
    with closing(processes.run(square, JOBS)) as run:
        next(run)
    assert results(processes, slow, [(2, 0.0)]) == {0: 4}


def test_processes_end_with_the_one_that_started_them():
    script = (
        "import os; from catallax.execute import Processes\n"
        "from tests.study.sweep.jobs import slow\n"
        "with Processes(1) as p:\n"
        "    for _ in p.run(slow, [(1, 0.0), (1, 60.0)]):\n"
        "        print(p._workers[0].process.pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    for _ in range(200):
        if not is_there(int(ended.stdout)):
            return
        time.sleep(0.05)
    pytest.fail("the worker is still there")


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_an_open_executor_does_not_keep_its_process_from_ending():
    script = (
        "from catallax.execute import Processes\n"
        "from tests.study.sweep.jobs import square\n"
        "p = Processes(2)\n"
        "print(dict(p.run(square, [(1,), (2,)])))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert said.stderr == ""
    assert eval(said.stdout) == {0: 1, 1: 4}


def killed_at_work(executor, function, jobs, kills: int, seed: int) -> tuple[dict, int]:
    """Results while processes that are at a job are killed, each at a moment by chance."""
    random, done, over = Random(seed), 0, threading.Event()

    def kill():
        nonlocal done
        spared = set[int]()  # jobs at which a process was killed already
        while done < kills and not over.wait(random.uniform(0.0, 0.03)):
            for worker in list(executor._workers):
                at = worker.out[0] if worker.ready and worker.out else None
                if at is not None and at not in spared and random.random() < 0.5:
                    os.kill(worker.process.pid, signal.SIGKILL)
                    spared.add(at)
                    done += 1
                    break

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        return results(executor, function, jobs), done
    finally:
        over.set()
        killer.join()


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_kills_at_work_and_while_large_results_are_sent_lose_nothing(kills):
    """Results are larger than any pipe, so that most kills come in the middle of one."""
    size = 8_000_000
    jobs = [(k, size) for k in range(8 * kills)]
    with Processes(2) as executor:
        found, killed = killed_at_work(executor, large, jobs, kills, 1)
    assert killed == kills
    assert sorted(found) == list(range(len(jobs)))
    assert all(found[k] == large(k, size) for k in found)
