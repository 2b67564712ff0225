"""Jobs spread over processes."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar, TypeVarTuple

Result = TypeVar("Result")
Job = TypeVarTuple("Job")


def spread(
    function: Callable[[*Job], Result], jobs: Sequence[tuple[*Job]], workers: int | None
) -> Iterator[tuple[tuple[*Job], Result]]:
    """Every job and what `function` made of it, as they are finished.

    workers : processes; 0 runs in this one, None takes one a CPU. The bits are the same.
    """
    if workers == 0 or len(jobs) == 1:
        yield from ((job, function(*job)) for job in jobs)
        return
    # Spawned, never forked: threads of numerical libraries do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(function, *job): job for job in jobs}
        try:
            yield from ((futures[f], f.result()) for f in as_completed(futures))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
