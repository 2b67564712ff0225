"""Who does the jobs: this process, others on this machine, or a cluster through an adapter.

A job that raises, and one whose process dies, is a result like any other: no other job is lost.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Protocol, TypeVar, TypeVarTuple, final

from catallax.processes import Processes
from catallax.workers import done

__all__ = ["Executor", "Processes", "Serial"]

Result = TypeVar("Result")
Job = TypeVarTuple("Job")
Came = Generator[tuple[int, Result | Exception], None, None]


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
        """In their order. A job that calls `sys.exit` has raised an error and ends nothing."""
        for k, job in enumerate(jobs):
            yield k, _came_of(function, *job)

    def close(self) -> None:
        """Nothing to let go of."""


def _came_of(function: Callable[[*Job], Result], *job: *Job) -> Result | Exception:
    try:
        found: Result = done(function, *job)
        return found
    except Exception as e:
        return e
