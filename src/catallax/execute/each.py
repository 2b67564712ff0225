"""Work that is no run: a function of many jobs, done here or by an executor."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, TypeVar, TypeVarTuple, final

import cloudpickle

from catallax.execute.executor import Came, Executor, Processes, Serial
from catallax.execute.journal import Progress
from catallax.protocol import files_behind, module_of
from catallax.protocol.blame import contain_errors

Result = TypeVar("Result")
Job = TypeVarTuple("Job")

START = 2.0  # seconds of work for which processes are started


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

    def run(self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]) -> Came[Result]:
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
