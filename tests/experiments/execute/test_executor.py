"""Whoever does the jobs: every job has its result, and a job that dies takes no other along."""

import pytest

from catallax.errors import WorkerLost
from catallax.experiments.sweep import Processes, Serial
from tests.experiments.sweep.jobs import deadly, deadly_once, picky, square

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


def test_processes_are_kept_from_one_run_to_the_next(processes):
    results(processes, square)
    before = processes._pool
    results(processes, square)
    assert processes._pool is before is not None
