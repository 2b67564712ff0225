"""Following an optimum through a sequence of nearby problems by Broyden's method.

Newton's method with one Jacobian for many problems (the chord method): it is paid for once, by
differences, and then each problem takes a few evaluations instead of dozens. What each step shows
of the Jacobian is put into it (Broyden 1965), for the steps that follow and, where a problem took
many, for the problems that follow. Only worth it for dense problems of moderate size; who loses
track falls back on the accelerated fixed point.
"""

from dataclasses import dataclass
from functools import cache
from typing import final

import numpy as np
from threadpoolctl import ThreadpoolController

from catallax.kernels import chord as kernels
from catallax.kernels.switch import compiled
from catallax.network import Floats
from catallax.optimum.anderson import Step

LARGEST = 600  # coordinates beyond which a dense inverse is not worth its cost
NUDGE = 1e-6  # of a log price, for differences
WORST = 2.0  # a pursuit whose residual grows beyond that many times the best is given up
LIMIT = 16
STEADY = 0.1  # an update that divides by less than this share of its step squared is left out
EASY = 7  # evaluations up to which a chord is good enough as it is
LEARNED, HELD = 6, 32  # updates kept of a harder pursuit; and held before they enter the matrix


@final
@dataclass(frozen=True, eq=False)
class Chord:
    """An inverse Jacobian (d, d) as far as it is known.

    transposed    : (d, d), columns as rows
    rights, lefts : (k, d) updates w, s since, oldest first: (I + w s') on the left of all before
    """

    transposed: Floats
    rights: Floats
    lefts: Floats

    @staticmethod
    def of(inverse: Floats) -> "Chord":
        """The chord of a matrix."""
        none = np.empty((0, len(inverse)))
        return Chord(np.ascontiguousarray(inverse.T), none, none)

    @property
    def inverse(self) -> Floats:
        """The matrix itself, (d, d)."""
        return np.asarray(self._folded().T)

    def learned(self, rights: Floats, lefts: Floats) -> "Chord":
        """The chord after updates (k, d)."""
        more = Chord(
            self.transposed,
            np.concatenate([self.rights, rights]),
            np.concatenate([self.lefts, lefts]),
        )
        return more if len(more.lefts) <= HELD else Chord.of(more.inverse)

    def _folded(self) -> Floats:
        out = self.transposed.copy()
        if compiled():
            kernels.fold(out.ravel(), len(out), self.rights.ravel(), self.lefts.ravel())
            return out
        for right, left in zip(self.rights, self.lefts, strict=True):
            out += np.outer(out @ left, right)
        return out


def tangent(step: Step, x: Floats) -> "Chord | None":
    """Inverse Jacobian of the move at `x`, by differences; None if too large or singular."""
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
            return Chord.of(np.asarray(np.linalg.inv(slope), dtype=np.float64))
    except np.linalg.LinAlgError:
        return None


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


@final
class _Broyden:
    """A chord while it is used: the updates of its last problems, then those of this one."""

    def __init__(self, chord: Chord) -> None:
        self.chord, self.before = chord, len(chord.lefts)
        self.count, size = self.before, len(chord.transposed)
        self.rights, self.lefts = np.empty((2, self.before + LIMIT, size))
        self.rights[: self.before], self.lefts[: self.before] = chord.rights, chord.lefts
        self.last = np.empty(0)

    def step(self, move: Floats) -> Floats:
        """The step (d,) that would end at a move of 0."""
        step, added = np.empty_like(move), np.zeros(1)
        if compiled():
            work = self.rights.ravel(), self.lefts.ravel(), self.count
            matrix = self.chord.transposed.ravel()
            kernels.broyden(matrix, move, self.last, STEADY, *work, step, added)
        else:
            step, added[0] = self._plain(move)
        self.count += int(added[0])
        self.last = step
        return step

    def _plain(self, move: Floats) -> tuple[Floats, float]:
        step, s = (self.chord.transposed * move[:, None]).sum(axis=0), self.last
        for right, left in zip(self.rights[: self.count], self.lefts[: self.count], strict=True):
            step = step + right * (left @ step)
        if not len(s):
            return -step, 0.0
        turned = step + s
        turn = float(s @ turned)
        if not abs(turn) > STEADY * float(s @ s):
            return -step, 0.0
        right = (s - turned) / turn
        self.rights[self.count], self.lefts[self.count] = right, s
        return -(step + right * (s @ step)), 1.0

    def after(self, used: int) -> Chord:
        """The chord for the next problem when this one took `used` evaluations."""
        if used <= EASY:
            return self.chord
        new = slice(self.before, min(self.count, self.before + LEARNED))
        return self.chord.learned(self.rights[new], self.lefts[new])


def pursue(step: Step, x: Floats, chord: Chord, tol: float) -> tuple[Floats, int, float, Chord]:
    """Broyden's iteration from `x`: the best point, evaluations, its residual and the new chord.

    Stops at `tol`, or as soon as a residual is WORST times the best or none at all.
    """
    best, least, moved, broyden = x, np.inf, x, _Broyden(chord)
    for k in range(1, LIMIT + 1):
        move, residual = step(moved)
        if not residual < WORST * least:
            return best, k, least, chord
        if residual < least:
            best, least = moved, residual
        if residual <= tol:
            return best, k, least, broyden.after(k)
        moved = moved + broyden.step(move)
    return best, LIMIT, least, chord
