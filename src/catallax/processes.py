"""Jobs on processes of this machine, each at the end of a pipe of its own.

A process that is killed, at whatever moment, ends its own pipe and nothing else. So whoever waits
for the rest of its result is told at once, and the others go on.
"""

import atexit
import os
import pickle
from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from contextlib import nullcontext, suppress
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import Any, Self, TypeVar, TypeVarTuple, final

from catallax.errors import WorkerLost
from catallax.workers import READY, script_spared, serve

Result = TypeVar("Result")
Job = TypeVarTuple("Job")
JobOutcomes = Generator[tuple[int, Result | Exception], None, None]
"""Position of each job, and what it gave or the error that it raised."""

DIED = "the process that did it died: it was killed, ran out of memory or crashed"
UNSTARTED = (
    "no process for runs can be started. A script that asks for some has to do so under "
    "`if __name__ == '__main__':`; or ask for no processes (workers=0)"
)
AHEAD = 2  # jobs out for each worker, so that none waits for the next
TRIES = 3  # processes that may die at a job
STILLBORN = 3  # processes in a row that end before they begin
PATIENCE = 2.0  # seconds for a process to end by itself


@final
class Processes:
    """Processes of this machine, each started once and kept until `close`.

    workers : None takes one a CPU
    tries   : processes that may die at a job before it is lost, >= 1

    When a process dies, the job that it was at is tried again. The last try is made alone, once all
    other jobs are done, since the job may have lacked the room. No other job is touched.
    """

    def __init__(self, workers: int | None = None, *, tries: int = TRIES) -> None:
        self.hands = workers or os.cpu_count() or 1
        self.tries = tries
        self._workers: list[_Worker] = []
        self._spared = True
        self._stillborn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]
    ) -> JobOutcomes[Result]:
        """As they are finished. Raises WorkerLost where no process can even be started."""
        if self._spared != _is_importable(function):
            self.close()
            self._spared = not self._spared
        work = _Work(function, jobs, self.tries)
        try:
            yield from self._run_until_done(work, deque(range(len(jobs))), self.hands)
            for k in work.alone:
                self.close()
                yield from self._run_until_done(work, deque([k]), 1)
        finally:
            for worker in self._busy:
                self._let_go(worker)

    def close(self) -> None:
        """End the processes, whatever they are at."""
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.pipe.close()
        for worker in workers:
            worker.end()

    def _run_until_done(self, work: "_Work", left: deque[int], hands: int) -> JobOutcomes[Any]:
        """Every job that is left, but for those that are to be done alone."""
        while left or self._busy:
            self._staff(min(hands, len(left) + len(self._busy)))
            yield from self._hand_out(work, left)
            pipes = {w.pipe: w for w in self._workers}
            if self._busy or (left and not all(w.ready for w in self._workers)):
                for pipe in wait(list(pipes)):
                    yield from self._hear(pipes[pipe], work, left)  # type: ignore[index]

    @property
    def _busy(self) -> list["_Worker"]:
        return [w for w in self._workers if w.out]

    def _hear(self, worker: "_Worker", work: "_Work", left: deque[int]) -> JobOutcomes[Any]:
        """What a worker said: that it is ready, or what came of its job; or it has died."""
        try:
            said = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            yield from self._requeue(worker, work, left)
            return
        if worker.ready:
            yield worker.out.popleft(), _read_outcome(said)
        elif said == READY:
            worker.ready, self._stillborn = True, 0

    def _requeue(self, worker: "_Worker", work: "_Work", left: deque[int]) -> JobOutcomes[Any]:
        """The jobs of a worker that died are done again; it was at the first of them."""
        self._let_go(worker)
        if not worker.ready:
            self._count_stillborn()
        lost = list(worker.out)
        worker.out.clear()
        if lost:
            yield from work.died_at(lost[0], left)
        left.extendleft(reversed(lost[1:]))

    def _count_stillborn(self) -> None:
        self._stillborn += 1
        if self._stillborn >= STILLBORN:
            self._stillborn = 0
            raise WorkerLost(UNSTARTED)

    def _hand_out(self, work: "_Work", left: deque[int]) -> JobOutcomes[Any]:
        """One job to each idle worker, and one more each while there are plenty."""
        for ahead in range(AHEAD):
            for worker in self._workers:
                plenty = len(left) > ahead * self.hands
                if worker.ready and len(worker.out) == ahead and plenty:
                    yield from worker.given(left.popleft(), work)

    def _staff(self, wanted: int) -> None:
        """As many processes as are wanted, or as can be started."""
        while len(self._workers) < wanted:
            try:
                with script_spared() if self._spared else nullcontext():
                    self._workers.append(_Worker())
            except OSError:
                self._count_stillborn()
                if self._workers:
                    return

    def _let_go(self, worker: "_Worker") -> None:
        self._workers = [w for w in self._workers if w is not worker]
        worker.end()


@final
class _Work:
    """What is to be done, and what happened on the way.

    tries  : processes that may die at a job
    deaths : job -> processes that died at it
    alone  : jobs that are to be done when all others are done
    """

    def __init__(
        self, function: Callable[..., Any], jobs: Sequence[tuple[Any, ...]], tries: int
    ) -> None:
        self.function, self.jobs, self.tries = function, jobs, tries
        self.deaths = Counter[int]()
        self.alone: list[int] = []

    def died_at(self, k: int, left: deque[int]) -> JobOutcomes[Any]:
        """Have job `k` done again, for now or alone; lost if it died even so."""
        self.deaths[k] += 1
        if self.deaths[k] >= self.tries:
            yield k, WorkerLost(DIED)
        elif self.deaths[k] == self.tries - 1:
            self.alone.append(k)
        else:
            left.appendleft(k)


@final
class _Worker:
    """A process, and this end of its pipe.

    ready : whether it has begun
    out   : the jobs that it has, the one that it is at first
    """

    def __init__(self) -> None:
        # Spawned, never forked: threads of numerical libraries do not survive a fork.
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,))
        self.ready, self.out = False, deque[int]()
        try:
            self.process.start()
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()  # or the pipe would not end when the process does
        atexit.register(self.end)

    def given(self, k: int, work: _Work) -> JobOutcomes[Any]:
        """Hand it job `k`; one that cannot be sent gives its error."""
        try:
            raw = pickle.dumps((work.function, work.jobs[k]), pickle.HIGHEST_PROTOCOL)
        except Exception as e:
            yield k, e
            return
        self.out.append(k)
        with suppress(OSError):  # it has died, which its pipe is about to tell
            self.pipe.send_bytes(raw)

    def end(self) -> None:
        """End the process, by the end of its pipe or else by force."""
        atexit.unregister(self.end)
        self.pipe.close()
        self.process.join(PATIENCE)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()


def _read_outcome(said: bytes) -> Any:
    """What a job gave, or the error that it raised, with its traceback as the cause."""
    try:
        found, error, where = pickle.loads(said)
    except Exception as e:
        return e
    if error is None:
        return found
    error.__cause__ = _Elsewhere(where)
    return error


class _Elsewhere(Exception):
    """The traceback of an error in another process, as text."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""'


def _is_importable(function: Callable[..., Any]) -> bool:
    """Whether a worker can do the job without the script that asks for it."""
    return getattr(function, "__module__", "") != "__main__"
