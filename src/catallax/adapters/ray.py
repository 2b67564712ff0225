"""Ray: jobs on processes of this machine, or on a Ray cluster that runs elsewhere."""

import os
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar, TypeVarTuple, final

from catallax.errors import InputError, WorkerLost
from catallax.extras import extra
from catallax.workers import done

Result = TypeVar("Result")
Job = TypeVarTuple("Job")

AHEAD = 4  # jobs out for each processor: on its way one takes longer than within a machine
HERE: dict[str, Any] = {
    "address": "local",  # whatever RAY_ADDRESS says
    "_node_ip_address": "127.0.0.1",
    "include_dashboard": False,
}
# Ray puts this machine's address in the network in place of 127.0.0.1 and listens to everybody,
# unless it is told before it is imported that no other machine takes part.
ALONE = ("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
DIED = "the worker that did it died: it was killed, ran out of memory or crashed"


@final
class Ray:
    """Does jobs through `ray`; `close` lets go of it.

    workers : processors of this machine that are taken; None takes all. Ray is then started here
              and listens to this machine alone
    address : of a cluster that is running ("auto", "10.0.0.1:6379"), which needs this version of
              Catallax and of Python everywhere; then `workers` is of no account

    A worker's death costs its own job alone. Raises InputError when nobody answers at the
    address, or Ray does not start in time, as on a machine that is very busy.
    """

    def __init__(self, workers: int | None = None, address: str | None = None) -> None:
        if address is None:
            os.environ.setdefault(*ALONE)
        self._ray = ray()
        where = {"num_cpus": workers, **HERE} if address is None else {"address": address}
        try:
            self._ray.init(log_to_driver=False, logging_level="ERROR", **where)
        except Exception as e:  # Ray raises bare ones
            what = f"no cluster answers at {address}" if address else "it does not start here"
            raise InputError(f"ray: {what} ({e})") from e

    @property
    def hands(self) -> int:
        """Processors of all machines."""
        return max(int(self._ray.cluster_resources().get("CPU", 1)), 1)

    def run(
        self, function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]]
    ) -> Generator[tuple[int, Result | Exception], None, None]:
        """As they are finished; a job that raises gives its error, one that is lost WorkerLost."""
        remote = self._ray.remote(max_retries=0)(done)
        left, out = list(range(len(jobs)))[::-1], dict[Any, int]()
        while left or out:
            while left and len(out) < AHEAD * self.hands:
                k = left.pop()
                out[remote.remote(function, *jobs[k])] = k
            (ready, *_), _ = self._ray.wait(list(out), num_returns=1)
            yield out.pop(ready), self._read_outcome(ready)

    def close(self) -> None:
        """Leave the cluster; end it if it was started here."""
        self._ray.shutdown()

    def _read_outcome(self, ready: Any) -> Any:
        """What a job gave, or the error that it raised."""
        errors = self._ray.exceptions
        try:
            return self._ray.get(ready)
        except errors.RayTaskError as e:
            return e.cause if isinstance(e.cause, Exception) else e
        except (errors.WorkerCrashedError, errors.OutOfMemoryError, errors.NodeDiedError) as e:
            return WorkerLost(f"{DIED} ({type(e).__name__})")


def ray() -> Any:
    """The module, imported when it is needed."""
    return extra("ray", "running on Ray", "ray")
