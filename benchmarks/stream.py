"""The STREAM triad (McCalpin 1995): what memory can give, as a yardstick for everything else."""

import time

import numpy as np

BYTES = 24  # an element: two numbers read and one written, as STREAM counts
ROUNDS = 10


def triad(elements: int, threads: int) -> float:
    """Bytes a second of a[i] = b[i] + s c[i], best of ten.

    elements : of each array; take them far larger than the last cache
    threads  : 1 runs a serial loop; more a parallel one
    """
    import numba

    def loop(a, b, c, s):  # type: ignore[no-untyped-def]
        for i in numba.prange(len(a)):
            a[i] = b[i] + s * c[i]

    # No fast math is needed: the loop is vectorised as it stands.
    run = numba.njit(parallel=threads > 1)(loop)
    if threads > 1:
        numba.set_num_threads(threads)
    a, b, c = np.zeros(elements), np.ones(elements), np.full(elements, 2.0)
    run(a, b, c, 3.0)
    if not np.all(a == 7.0):
        raise AssertionError("the triad is wrong")
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run(a, b, c, 3.0)
        seconds.append(time.perf_counter() - began)
    return BYTES * elements / min(seconds)
