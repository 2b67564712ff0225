"""Who does the jobs: this process, others on this machine, or a cluster through an adapter.

A job that raises, and one whose process dies, is a result like any other: no other job is lost.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, Protocol, TypeVar, TypeVarTuple, final

import cloudpickle

from catallax.processes import JobOutcomes, Processes
from catallax.protocol import Progress, files_behind, module_of
from catallax.protocol.userfile import contain_errors
from catallax.workers import done

Result = TypeVar("Result")
Job = TypeVarTuple("Job")

START = 2.0  # seconds of work for which processes are started


class Executor(Protocol):
    """Whoever does jobs. The bits of a result do not depend on who."""

    @property
    def hands(self) -> int:
        """Jobs that can be done at the same time, at least 1."""
        ...

    def run(
        self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]
    ) -> JobOutcomes[Result]:
        """Position of every job and what came of it, as they are finished.

        What comes of a job that raises is the error, of one whose process died `WorkerLost`.
        """
        ...

    def close(self) -> None:
        """Let go of processes and connections; jobs that are under way are given up."""
        ...


@final
class Serial:
    """One job after the other, in this process."""

    hands = 1

    def run(
        self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]
    ) -> JobOutcomes[Result]:
        """In their order. A job that calls `sys.exit` has raised an error and ends nothing."""
        for k, job in enumerate(jobs):
            yield k, _run_one(function, *job)

    def close(self) -> None:
        """Nothing to let go of."""


def _run_one(function: Callable[[*Job], Result], *job: *Job) -> Result | Exception:
    try:
        found: Result = done(function, *job)
        return found
    except Exception as e:
        return e


def each(
    function: Callable[..., Result],
    jobs: Sequence[tuple[Any, ...]],
    *,
    names: Sequence[str],
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Result]:
    """What `function` gives for the arguments of every job, in the order of the jobs.

    function : of a module, so that a worker can import it
    names    : what each job is called where progress is told
    executor : does the jobs; None does them in this process, one after the other

    What a job raises is raised here. The results do not depend on who does the jobs.
    """
    ready = executor or Serial()
    results: dict[int, Result] = {}
    parcels = [(function, Parcel(arguments)) for arguments in jobs]
    with closing(ready.run(_do, parcels)) as came:
        for k, result in came:
            if isinstance(result, Exception):
                raise result
            results[k] = result
            if progress is not None:
                progress(len(results), len(jobs), names[k])
    return [results[k] for k in range(len(jobs))]


@final
class SparingProcesses:
    """Processes for work that takes longer than to start them; what is left is done here.

    workers : None takes one a CPU
    """

    def __init__(self, workers: int | None = None) -> None:
        self._pool = Processes(workers)
        self.hands = self._pool.hands

    def run(
        self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]
    ) -> JobOutcomes[Result]:
        """One after the other, until what is left by the speed so far is worth processes."""
        began, count = time.monotonic(), 0
        for k, came in Serial().run(function, jobs):
            yield k, came
            count = k + 1
            if (time.monotonic() - began) / count * (len(jobs) - count) > START:
                break
        for k, came in self._pool.run(function, jobs[count:]):
            yield count + k, came

    def close(self) -> None:
        """End the processes."""
        self._pool.close()


@final
class Parcel:
    """Arguments of a job. On their way classes and functions of the user's go by value."""

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        self.arguments = arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        raw = cloudpickle.dumps(self.arguments)
        return _open_parcel, (files_behind(raw), raw)


def _open_parcel(files: Sequence[tuple[str, str]], raw: bytes) -> Parcel:
    """The parcel where it arrives; files of the user's have to be read first."""
    for path, shown in files:
        module_of(path, shown)
    return Parcel(cloudpickle.loads(raw))


def _do(function: Callable[..., Result], parcel: Parcel) -> Result:
    with contain_errors():
        return function(*parcel.arguments)
