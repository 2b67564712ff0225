"""Dask: jobs on a cluster of this machine, or on one that runs elsewhere."""

from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar, TypeVarTuple, final

from catallax.errors import InputError, WorkerLost
from catallax.extras import extra
from catallax.workers import done

Result = TypeVar("Result")
Job = TypeVarTuple("Job")

AHEAD = 4  # jobs out for each worker: on its way one takes longer than within a machine
WAIT = "10s"  # for an answer from a cluster that should be running
FETCHED = "20s"  # by when a result is here, once it is there
CONFIG = {
    # A worker's first death is told: whose fault it was is found out job by job.
    "distributed.scheduler.allowed-failures": 0,
    # Else a worker that is being started again is given up some seconds after it died before.
    "distributed.deploy.lost-worker-timeout": "1 hour",
}
GONE = "dask: the cluster is gone; start it anew, and the same command goes on where it was"
DIED = "the worker that did it died: it was killed, ran out of memory or crashed"


@final
class Dask:
    """Does jobs through `distributed`; `close` lets go of the cluster.

    workers : processes of a cluster that is started here, one thread each; None takes one a CPU.
              It listens to this machine alone
    address : of the scheduler of a cluster that is running ("tcp://10.0.0.1:8786"), which needs
              this version of Catallax and of Python everywhere; then `workers` is of no account

    A job whose worker dies is given to others, and alone to one of its own in the end, so that
    the one at fault is found. Raises InputError when nobody answers at the address.
    """

    def __init__(self, workers: int | None = None, address: str | None = None) -> None:
        self.cluster: Any = None
        module = distributed()
        try:
            if address is None:
                self.cluster = _start_cluster(module, workers)
            self.client = module.Client(address or self.cluster, timeout=WAIT)
        except (OSError, ValueError) as e:
            raise InputError(
                f"dask: no scheduler answers at {address} ({e}); start one with `dask scheduler`"
            ) from e
        self._module = module

    @property
    def hands(self) -> int:
        """Threads of all workers."""
        return max(int(sum(self.client.nthreads().values())), 1)

    def run(
        self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]
    ) -> Generator[tuple[int, Result | Exception], None, None]:
        """As they are finished; a job that raises gives its error, one that is lost WorkerLost."""
        left, lost = list(range(len(jobs)))[::-1], []
        out: dict[Any, int] = {}
        ready = self._module.as_completed()
        while left or out:
            while left and len(out) < AHEAD * self.hands:
                k = left.pop()
                future = self._send(function, jobs[k])
                out[future] = k
                ready.add(future)
            future = next(ready)
            k, came = out.pop(future), _read_outcome(future, self._module)
            future.release()
            if isinstance(came, WorkerLost):
                lost.append(k)
            else:
                yield k, came
        for k in lost:  # alone, for others may have died of a job beside them
            yield k, _read_outcome(self._send(function, jobs[k]), self._module)

    def close(self) -> None:
        """Leave the cluster; end it if it was started here."""
        self.client.close()
        if self.cluster is not None:
            self.cluster.close()

    def _send(self, function: Callable[[*Job], Result], job: tuple[*Job]) -> Any:
        return self.client.submit(done, function, *job, pure=False)


def _start_cluster(module: Any, workers: int | None) -> Any:
    import dask

    dask.config.set(CONFIG)
    return module.LocalCluster(
        n_workers=workers,
        host="127.0.0.1",
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",  # any port that is free: None means 8787
        memory_limit=0,
        silence_logs="CRITICAL",
    )


def _read_outcome(future: Any, module: Any) -> Any:
    """What a job gave, or the error that it raised; raises WorkerLost if all of it is gone.

    What a worker has worked out it also holds until it is fetched, so it can be lost after all.
    """
    if future.cancelled():
        raise WorkerLost(GONE)
    error = future.exception()
    if error is None:
        try:
            return future.result(timeout=FETCHED)
        except (module.KilledWorker, module.TimeoutError, OSError):
            return WorkerLost(DIED)
    if isinstance(error, module.KilledWorker):
        return WorkerLost(DIED)
    if isinstance(error, Exception):
        return error.with_traceback(future.traceback())
    raise error


def distributed() -> Any:
    """The module, imported when it is needed."""
    return extra("distributed", "running on Dask", "dask")
