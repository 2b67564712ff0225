"""Ranges of rows shared out to threads.

Kernels drop the GIL and work on ranges of rows, each row by itself, so the bits of a result do not
depend on how many threads there are. Processes that run many runs side by side use one thread
each; threads are for one run of a large economy.
"""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

from catallax.errors import InputError

THREADS = "CATALLAX_THREADS"
GRAIN = 1 << 15  # entries below which a thread of its own costs more than it saves


def count() -> int:
    """How many threads large loops use: CATALLAX_THREADS, else one a core; 1 in workers."""
    given = os.environ.get(THREADS)
    if given is None:
        return 1 if multiprocessing.parent_process() is not None else os.cpu_count() or 1
    if not given.isdecimal() or int(given) < 1:
        raise InputError(f"{THREADS}: {given!r} is no number of threads; give 1 or more")
    return int(given)


def over(size: int, entries: int, work: Callable[[int, int], object]) -> None:
    """Call `work(first, stop)` on ranges that make up 0 to `size`, each in a thread of its own.

    entries : what the whole costs, in numbers read; small jobs are done here and now
    """
    parts = min(count(), size, entries // GRAIN + 1)
    if parts <= 1:
        work(0, size)
        return
    edges = [size * k // parts for k in range(parts + 1)]
    jobs = [_pool(parts - 1).submit(work, a, b) for a, b in pairwise(edges[1:])]
    work(edges[0], edges[1])
    for job in jobs:
        job.result()


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="catallax")
