"""Following an optimum through a sequence of nearby problems by Broyden's method.

Newton's method with one Jacobian for many problems (the chord method): each takes a few
evaluations instead of dozens. What a step shows of the Jacobian is put into it (Broyden 1965) for
the steps that follow in the same problem. When a sequence has moved so far that evaluations beyond
the few come to what a new Jacobian costs, a new one is taken. Only worth it for dense problems of
moderate size; who loses track falls back on the accelerated fixed point.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import final

import numpy as np
from threadpoolctl import ThreadpoolController

from catallax.arrays import Floats
from catallax.domains.production.optimum.anderson import Step
from catallax.domains.production.optimum.fixed_point import FixedPoint
from catallax.domains.production.optimum.slope import slope
from catallax.kernels.chord import step_by_broyden

LARGEST = 600  # coordinates beyond which a dense inverse is not worth its cost
WORST = 2.0  # a pursuit whose residual grows beyond that many times the best is given up
LIMIT = 16
STEADY = 0.1  # an update that divides by less than this share of its step squared is left out
EASY = 4  # evaluations of a problem that is pursued with a good chord
PRICE = 40  # evaluations that cost as much as a new chord


@final
@dataclass(frozen=True, eq=False)
class Chord:
    """An inverse Jacobian.

    transposed : (d, d), columns as rows
    worn       : evaluations beyond the easy ones of all that were pursued with it
    """

    transposed: Floats
    worn: int = 0

    def after(self, used: int) -> "Chord | None":
        """The chord for the next problem when this one took `used` evaluations; None: a new one."""
        worn = self.worn + max(used - EASY, 0)
        return replace(self, worn=worn) if worn <= PRICE else None


def tangent(point: FixedPoint, x: Floats) -> "Chord | None":
    """The chord at `x`; None if too large or singular."""
    if len(x) > LARGEST:
        return None
    try:
        # One thread: the bits of a threaded factorisation depend on how many there are.
        with _threads().limit(limits=1, user_api="blas"):
            return Chord(np.ascontiguousarray(np.linalg.inv(slope(point, x)).T))
    except np.linalg.LinAlgError:
        return None


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


@final
class _Broyden:
    """A chord while it is used, with what the steps of this problem showed."""

    def __init__(self, chord: Chord) -> None:
        self.chord, self.count, size = chord, 0, len(chord.transposed)
        self.rights, self.lefts = np.empty((2, LIMIT, size))
        self.last = np.empty(0)

    def step(self, move: Floats) -> Floats:
        """The step (d,) that would end at a move of 0."""
        known = self.chord.transposed, move, self.last, STEADY
        self.last, self.count = step_by_broyden(*known, self.rights, self.lefts, self.count)
        return self.last


def pursue(step: Step, x: Floats, chord: Chord, tol: float) -> tuple[Floats, int, float]:
    """Broyden's iteration from `x`: the best point, evaluations and its residual.

    Stops at `tol`, or as soon as a residual is WORST times the best or none at all.
    """
    best, least, moved, broyden = x, np.inf, x, _Broyden(chord)
    for k in range(1, LIMIT + 1):
        move, residual = step(moved)
        if not residual < WORST * least:
            return best, k, least
        if residual < least:
            best, least = moved, residual
        if residual <= tol:
            return best, k, least
        moved = moved + broyden.step(move)
    return best, LIMIT, least
