"""Following an optimum through a sequence of nearby problems by the chord method.

Newton's method with one Jacobian for many problems: it is paid for once, by differences, and
then each problem takes a few evaluations instead of dozens. Only worth it for dense problems of
moderate size; who loses track falls back on the accelerated fixed point.
"""

from functools import cache

import numpy as np
from threadpoolctl import ThreadpoolController

from catallax.kernels.fixed_point import times
from catallax.kernels.switch import compiled
from catallax.network import Floats
from catallax.optimum.anderson import Step

LARGEST = 600  # coordinates beyond which a dense inverse is not worth its cost
NUDGE = 1e-6  # of a log price, for differences
SLOWEST = 0.5  # a pursuit that does not halve the residual is given up
LIMIT = 12


def tangent(step: Step, x: Floats) -> Floats | None:
    """Transposed inverse Jacobian of the move at `x`, (d, d); None if too large or singular."""
    if len(x) > LARGEST:
        return None
    base, _ = step(x)
    slope = np.empty((len(x), len(x)))
    for j in range(len(x)):
        nudged = x.copy()
        nudged[j] += NUDGE
        slope[:, j] = (step(nudged)[0] - base) / NUDGE
    try:
        # One thread: the bits of a threaded factorisation depend on how many there are.
        with _threads().limit(limits=1, user_api="blas"):
            return np.ascontiguousarray(np.linalg.inv(slope).T)
    except np.linalg.LinAlgError:
        return None


def _newton(inverse: Floats, x: Floats, move: Floats) -> Floats:
    """x less the inverse Jacobian times the move; summed in one order, so with the same bits."""
    if not compiled():
        return np.asarray(x - (inverse * move[:, None]).sum(axis=0))
    out = np.empty_like(x)
    times(inverse.ravel(), len(x), move, x, out)
    return out


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def pursue(step: Step, x: Floats, inverse: Floats, tol: float) -> tuple[Floats, int, float]:
    """Chord iteration from `x`: the best point, evaluations and its residual.

    Stops at `tol`, or as soon as a step does not at least halve the residual.
    """
    best, least, moved = x, np.inf, x
    for k in range(1, LIMIT + 1):
        move, residual = step(moved)
        if not residual < SLOWEST * least:
            return best, k, least
        best, least = moved, residual
        if residual <= tol:
            return best, k, least
        moved = _newton(inverse, moved, move)
    return best, LIMIT, least
