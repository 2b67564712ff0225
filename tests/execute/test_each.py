"""Work that is no run: what comes of it does not depend on who does it."""

import os
import time

import pytest

from catallax.errors import InputError
from catallax.execute import Processes, Serial, SparingProcesses, each
from catallax.protocol import Reproduced, ValidationRow


class Backwards:
    """Does the jobs here, the last first."""

    hands = 1

    def run(self, function, jobs):
        for k in reversed(range(len(jobs))):
            yield k, function(*jobs[k])

    def close(self):
        """Nothing to let go of."""


def squared(x, more=0):
    return x * x + more


def refused(x):
    if x == 2:
        raise InputError(f"{x}: is refused")
    return x


def where_it_runs(x, seconds):
    time.sleep(seconds)
    return os.getpid()


def reproduced(row):
    return row.compute().value


JOBS = [(x, 1) for x in range(5)]
NAMES = [f"job {x}" for x in range(5)]


def test_results_stand_in_the_order_of_the_jobs_whoever_does_them():
    with Processes(2) as two:
        for executor in (None, Serial(), Backwards(), two):
            found = each(squared, JOBS, names=NAMES, executor=executor)
            assert found == [1, 2, 5, 10, 17]


def test_progress_says_how_many_are_done_and_which_was_the_last():
    told = []
    each(squared, JOBS, names=NAMES, executor=Backwards(), progress=lambda *x: told.append(x))
    assert told == [(k + 1, 5, f"job {4 - k}") for k in range(5)]


def test_what_a_job_raises_is_raised():
    with Processes(1) as one:
        for executor in (None, one):
            with pytest.raises(InputError, match="2: is refused"):
                each(refused, [(x,) for x in range(5)], names=NAMES, executor=executor)


def test_functions_of_the_users_travel_by_value(tmp_path):
    half = 0.5  # a closure is no name of a module
    row = ValidationRow(
        id="half", domain="x", claimed=0.5, tolerance=0.0, unit="", definition="", source="",
        compute=lambda: Reproduced(half),
    )  # fmt: skip
    with Processes(1) as one:
        assert each(reproduced, [(row,)], names=["half"], executor=one) == [0.5]


@pytest.mark.parametrize(("seconds", "processes"), [(0.0, 1), (1.1, 2)])
def test_processes_are_spared_where_the_work_is_done_sooner_here(seconds, processes):
    hands = SparingProcesses(1)
    try:
        jobs = [(x, seconds if x == 0 else 0.0) for x in range(4)]
        found = each(where_it_runs, jobs, names=NAMES, executor=hands)
    finally:
        hands.close()
    assert found[0] == os.getpid()
    assert len(set(found)) == processes
