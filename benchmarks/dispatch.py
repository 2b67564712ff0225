"""What it costs to hand out jobs: per job, and as a share of jobs of fifty milliseconds.

Whoever hands out a job does so in one process, whatever the number of workers. So what an empty
job takes bounds how many workers can be kept busy: the time of a job over it.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from benchmarks.figure import Figure
from benchmarks.session import Session, in_turn
from benchmarks.spec import Bench
from catallax.errors import MissingExtra
from catallax.execute.executor import Executor
from catallax.processes import Processes

TASK, RUN = 0.05, 1.0  # seconds of the jobs that are handed out, and of a short run
HANDS = 2


def spin(seconds: float) -> int:
    """Keep a core busy for some seconds of its own time."""
    end, turns = time.process_time() + seconds, 0
    while time.process_time() < end:
        turns += 1
    return turns


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Every executor in turn; `sizes` are the numbers of jobs."""
    return [figure for size in sizes for figure in _at(size, session)]


def _at(jobs: int, session: Session) -> list[Figure]:
    rounds, figures = (1 if session.smoke else 3), list[Figure]()
    ways = _ways(smoke=session.smoke)
    timed: dict[str, Callable[[], tuple[float, float]]] = {
        name: (lambda way=way: (_wall(way, TASK, jobs), _wall(way, 0.0, jobs)))  # type: ignore[misc]
        for name, way in ways.items()
    }
    found = in_turn(rounds, timed)
    for name, pairs in found.items():
        busy, empty = (min(pair[k] for pair in pairs) for k in (0, 1))
        figures += _figures(name, jobs, busy, empty, rounds)
    for way in ways.values():
        way.close()
    return figures


def _figures(name: str, jobs: int, busy: float, empty: float, rounds: int) -> list[Figure]:
    how, size = f"best of {rounds}, {HANDS} workers that are already there", f"{jobs:,} jobs"
    share = 100.0 * jobs * TASK / (HANDS * busy)
    each = empty / jobs
    return [
        Figure("share of 50 ms jobs that is work", name, size, share, "%", how),
        Figure("handing out a job that does nothing", name, size, 1e3 * each, "ms", how),
        Figure(
            "workers that one process can keep busy with runs of a second",
            name,
            size,
            RUN / each,
            "",
            "a second over the line above: beyond what was measured",
        ),
    ]


def _ways(*, smoke: bool) -> dict[str, Executor]:
    """Executors, each with its workers started."""
    ways: dict[str, Executor] = {"processes": Processes(HANDS)}
    if not smoke:
        with suppress(MissingExtra):
            from catallax.adapters.dask import Dask

            ways["Dask, a cluster on this machine"] = Dask(HANDS)
    for way in ways.values():
        _wall(way, 0.0, 4 * HANDS)
    return ways


def _wall(way: Executor, seconds: float, jobs: int) -> float:
    began = time.perf_counter()
    for _, came in way.run(spin, [(seconds,)] * jobs):
        if isinstance(came, Exception):
            raise came
    return time.perf_counter() - began


BENCH = Bench("dispatch", "handing out runs", (400,), (20,), measure)
