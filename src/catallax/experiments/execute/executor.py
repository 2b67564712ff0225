"""Who does the jobs: this process, others on this machine, or a cluster through an adapter.

A job that raises, and one whose process dies, is a result like any other: no other job is lost.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext, suppress
from multiprocessing import get_context
from typing import Any, Protocol, Self, TypeVar, TypeVarTuple, final

from catallax.errors import WorkerLost
from catallax.workers import end_with_parent, script_spared

Result = TypeVar("Result")
Job = TypeVarTuple("Job")
Came = Generator[tuple[int, Result | Exception], None, None]

DIED = "the process that did it died: it was killed, ran out of memory or crashed"
UNSTARTED = (
    "no process for runs can be started. A script that asks for some has to do so under "
    "`if __name__ == '__main__':`; or ask for no processes (workers=0)"
)
PATIENCE = 1.0  # seconds for a pool to notice that its processes are gone
AHEAD = 2  # jobs out for each worker, so that none waits for the next


class Executor(Protocol):
    """Whoever does jobs. The bits of a result do not depend on who."""

    @property
    def hands(self) -> int:
        """Jobs that can be done at the same time, at least 1."""
        ...

    def run(self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]) -> Came[Result]:
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

    def run(self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]) -> Came[Result]:
        """In their order."""
        for k, job in enumerate(jobs):
            yield k, _done(function, *job)

    def close(self) -> None:
        """Nothing to let go of."""


def _done(function: Callable[[*Job], Result], *job: *Job) -> Result | Exception:
    try:
        return function(*job)
    except Exception as e:
        return e


@final
class Processes:
    """Processes of this machine, each started once and kept until `close`.

    workers : None takes one a CPU

    When a process dies its whole pool is gone. The jobs that were under way are tried again in a
    new pool, once; of those that are there when that one dies as well, each is done alone, so
    that the one at fault is found.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.hands = workers or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]) -> Came[Result]:
        """As they are finished."""
        left, again = deque(range(len(jobs))), set[int]()
        while left:
            lost = yield from self._until_broken(function, jobs, left)
            for k in lost & again:
                yield from self._alone(function, jobs, k)
            left.extendleft(sorted(lost - again, reverse=True))
            again |= lost

    def close(self) -> None:
        """End the processes."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        if any(p.exitcode is not None for p in _processes_of(pool)):
            _unblock(pool)
        pool.shutdown(wait=True, cancel_futures=True)

    def _until_broken(
        self,
        function: Callable[[*Job], Result],
        jobs: Sequence[tuple[*Job]],
        left: deque[int],
    ) -> Generator[tuple[int, Result | Exception], None, set[int]]:
        """All jobs, or those that are done before the pool dies; returns those it took along."""
        pool, out, lost = self._ready(), dict[Future[Result], int](), set[int]()
        spared = script_spared if _needs_no_script(function) else nullcontext
        while (left and not lost) or out:
            while left and not lost and len(out) < AHEAD * self.hands:
                k = left.popleft()
                try:
                    with spared():
                        out[pool.submit(function, *jobs[k])] = k
                except BrokenProcessPool:
                    lost.add(k)
            for future in wait(out, return_when=FIRST_COMPLETED).done:
                k, error = out.pop(future), future.exception()
                if isinstance(error, BrokenProcessPool):
                    lost.add(k)
                else:
                    yield k, _came_of(future)
        if lost:
            self.close()
        return lost

    def _alone(
        self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]], k: int
    ) -> Came[Result]:
        """One job in a process of its own; WorkerLost if no process can even be started."""
        spared = script_spared if _needs_no_script(function) else nullcontext
        with _pool(1) as pool:
            with spared():
                first = pool.submit(os.getpid)
            if isinstance(first.exception(), BrokenProcessPool):
                raise WorkerLost(UNSTARTED)
            future = pool.submit(function, *jobs[k])
            wait([future])
        yield k, _came_of(future)

    def _ready(self) -> ProcessPoolExecutor:
        self._pool = self._pool or _pool(self.hands)
        return self._pool


def _came_of(future: Future[Any]) -> Any:
    """What a job gave, or the error that it raised."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenProcessPool):
        return WorkerLost(DIED)
    if not isinstance(error, Exception):
        raise error
    return error


def _processes_of(pool: ProcessPoolExecutor) -> list[Any]:
    """The pool's processes; none once it has ended them itself."""
    return list((getattr(pool, "_processes", None) or {}).values())


def _unblock(pool: ProcessPoolExecutor) -> None:
    """Make a pool end whose processes were killed, as by Ctrl-C.

    As a rule it notices by itself. But one that is killed while it writes leaves half a result,
    and the pool waits for the rest for ever: its own end of the pipe keeps the pipe open. The same
    holds for jobs that nobody reads any more.
    """
    thread = getattr(pool, "_executor_manager_thread", None)
    for process in _processes_of(pool):
        process.kill()
        process.join()
    if thread is None:
        return
    thread.join(PATIENCE)
    if thread.is_alive():
        for queue, end in (("_result_queue", "_writer"), ("_call_queue", "_reader")):
            with suppress(AttributeError, OSError):
                getattr(getattr(pool, queue), end).close()


def _needs_no_script(function: Callable[..., Any]) -> bool:
    """Whether a worker can do the job without the script that asks for it."""
    return getattr(function, "__module__", "") != "__main__"


def _pool(workers: int) -> ProcessPoolExecutor:
    # Spawned, never forked: threads of numerical libraries do not survive a fork.
    return ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=end_with_parent
    )
