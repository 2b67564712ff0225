"""The vector work of Anderson's acceleration: a window of secants, each read once a step.

What is done with it stands in `optimum.anderson`. Sums run over blocks of fixed length, each in one
order, so their bits do not depend on how blocks are shared out.

moves, turns : (w, d), flat in loops: rows of x's changes plus `mix` times r's, and of r's changes
"""

import numpy as np

from catallax.arrays import Floats
from catallax.kernels.ces import dot
from catallax.kernels.jit import In, Out, kernel
from catallax.kernels.switch import operation
from catallax.kernels.threads import over

BLOCK = 1024

Iterate = tuple[Floats, Floats]
"""A point (d,) and the move that it calls for."""


def _add_secant_plainly(
    now: Iterate, before: Iterate, mix: float, slot: int, moves: Floats, turns: Floats
) -> tuple[Floats, Floats]:
    turns[slot] = now[1] - before[1]
    moves[slot] = (now[0] - before[0]) + mix * turns[slot]
    return (turns * turns[slot]).sum(axis=1), turns @ now[1]


@kernel
def add(
    x: In,
    r: In,
    x_before: In,
    r_before: In,
    mix: float,
    width: int,
    slot: int,
    moves: Out,
    turns: Out,
    partial: Out,
    first: int,
    stop: int,
) -> None:
    """Put the newest secant in `slot`; to `partial` (blocks, 2, w) what it makes with all turns.

    first, stop : blocks to do; the second half of a row of `partial` are products of `r` itself
    """
    d, w, size = np.uint64(len(x)), np.uint64(width), np.uint64(BLOCK)
    at = np.uint64(slot) * d
    for b in range(np.uint64(first), np.uint64(stop)):
        lo, hi = b * size, min((b + np.uint64(1)) * size, d)
        for i in range(lo, hi):
            turn = r[i] - r_before[i]
            turns[at + i] = turn
            moves[at + i] = (x[i] - x_before[i]) + mix * turn
        for k in range(w):
            row = k * d + lo
            partial[b * np.uint64(2) * w + k] = dot(turns, turns, row, at + lo, hi - lo)
            partial[(b * np.uint64(2) + np.uint64(1)) * w + k] = dot(turns, r, row, lo, hi - lo)


@operation(_add_secant_plainly)
def add_secant(
    now: Iterate, before: Iterate, mix: float, slot: int, moves: Floats, turns: Floats
) -> tuple[Floats, Floats]:
    """Put the newest secant in `slot`; products (w,) of its turn and of the move with all turns."""
    width, size = moves.shape
    blocks = -(-size // BLOCK)
    partial = np.empty((blocks, 2, width))
    given = *now, *before, mix, width, slot, moves.ravel(), turns.ravel(), partial.ravel()
    over(blocks, size * width, lambda a, b: add(*given, a, b))
    new, along = partial.sum(axis=0)
    return new, along


def _leap_from_plainly(
    now: Iterate, mix: float, weight: Floats, moves: Floats, most: float
) -> Floats:
    x, move = now
    go = mix * move - weight @ moves[: len(weight)]
    return np.asarray(x + np.clip(go, -most, most))


@kernel
def leap(
    x: In, r: In, mix: float, weight: In, moves: In, most: float, out: Out, first: int, stop: int
) -> None:
    """x + mix r less the secants' moves by `weight`, at most `most` from x; blocks `first` on."""
    d, w, size = np.uint64(len(x)), np.uint64(len(weight)), np.uint64(BLOCK)
    for b in range(np.uint64(first), np.uint64(stop)):
        lo, hi = b * size, min((b + np.uint64(1)) * size, d)
        for i in range(lo, hi):
            out[i] = mix * r[i]
        for k in range(w):
            for i in range(lo, hi):
                out[i] -= weight[k] * moves[k * d + i]
        for i in range(lo, hi):
            out[i] = x[i] + min(max(out[i], -most), most)


@operation(_leap_from_plainly)
def leap_from(now: Iterate, mix: float, weight: Floats, moves: Floats, most: float) -> Floats:
    """(d,) x + mix r less the first secants' moves by `weight`, at most `most` from x."""
    x, move = now
    out, flat = np.empty_like(x), moves.ravel()
    over(
        -(-len(x) // BLOCK),
        len(x) * (1 + len(weight)),
        lambda a, b: leap(x, move, mix, weight, flat, most, out, a, b),
    )
    return out
