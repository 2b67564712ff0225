"""Ranges of rows shared out to threads.

Kernels drop the GIL and work on ranges of rows, each row by itself, so the bits of a result do not
depend on how many threads there are. Processes that run many runs side by side use one thread
each; threads are for one run of a large economy.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from catallax.errors import InputError

THREADS = "CATALLAX_THREADS"
NAME = "catallax"
GRAIN = 1 << 17  # entries below which a thread of its own costs more than it saves
PARTS = 4  # ranges a thread: rows differ in length, and whoever is done takes the next


def count() -> int:
    """How many threads large loops use: CATALLAX_THREADS, else one a core; 1 in workers.

    A loop inside a loop that is shared out has the thread that it runs in and no other.
    """
    if threading.current_thread().name.startswith(NAME):
        return 1
    given = os.environ.get(THREADS)
    if given is None:
        return 1 if multiprocessing.parent_process() is not None else _cores()
    if not given.isdecimal() or int(given) < 1:
        raise InputError(f"{THREADS}: {given!r} is no number of threads; give 1 or more")
    return int(given)


@cache
def _cores() -> int:
    return os.cpu_count() or 1


def over(size: int, entries: int, work: Callable[[int, int], object]) -> None:
    """Call `work(first, stop)` on ranges that make up 0 to `size`, shared out to threads.

    entries : what the whole costs, in numbers read; small jobs are done here and now
    """
    parts = 1 if entries < GRAIN or count() == 1 else min(PARTS * count(), size)
    if parts <= 1:
        work(0, size)
        return
    edges = [size * k // parts for k in range(parts + 1)]
    for job in [_pool(count()).submit(work, a, b) for a, b in pairwise(edges)]:
        job.result()


def summed(
    edges: Sequence[int], size: int, work: Callable[[npt.NDArray[np.float64], int, int], object]
) -> npt.NDArray[np.float64]:
    """The sum (size,) of what `work(out, first, stop)` adds up on each range between `edges`.

    `out` begins with zeros. Ranges are added one after the other whoever did them, so the bits
    depend on `edges` alone.
    """
    parts = np.zeros((len(edges) - 1, size))
    if len(parts) == 1 or count() == 1:
        for out, (a, b) in zip(parts, pairwise(edges), strict=True):
            work(out, a, b)
    else:
        pool = _pool(count())
        jobs = [pool.submit(work, *job) for job in zip(parts, edges[:-1], edges[1:], strict=True)]
        for job in jobs:
            job.result()
    return parts[0] if len(parts) == 1 else np.asarray(parts.sum(axis=0))


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix=NAME)
