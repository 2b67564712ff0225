"""Steps of Broyden's method.

The inverse Jacobian is a dense matrix, kept with its columns as rows, with rank-one updates on
top: H = (I + w_k s_k') ... (I + w_1 s_1') H_0. All sums run in one order.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.kernels.ces import dot
from catallax.kernels.jit import In, Out, kernel
from catallax.kernels.switch import operation


def _step_by_broyden_plainly(
    transposed: Floats,
    move: Floats,
    last: Floats,
    steady: float,
    rights: Floats,
    lefts: Floats,
    count: int,
) -> tuple[Floats, int]:
    step = (transposed * move[:, None]).sum(axis=0)
    for right, left in zip(rights[:count], lefts[:count], strict=True):
        step = step + right * (left @ step)
    if not len(last):
        return -step, count
    turned = step + last
    turn = float(last @ turned)
    if not abs(turn) > steady * float(last @ last):
        return -step, count
    right = (last - turned) / turn
    rights[count], lefts[count] = right, last
    return -(step + right * (last @ step)), count + 1


@kernel
def broyden(
    transposed: In,
    move: In,
    last: In,
    steady: float,
    rights: Out,
    lefts: Out,
    count: int,
    step: Out,
    added: Out,
) -> None:
    """The next step -H `move` after step `last` (d,), empty at first, which updates H.

    transposed    : (d * d,); rights, lefts : (k * d,) of which `count` updates w, s are filled
    steady        : share of |last|^2 that the update must divide by, or it is left out
    added         : whether it was put in, 1 or 0
    """
    d, zero = np.uint64(len(move)), np.uint64(0)
    top = np.uint64(count) * d
    step[:] = 0.0
    for k in range(d):
        for i in range(d):
            step[i] += transposed[k * d + i] * move[k]
    for k in range(np.uint64(count)):
        along = dot(lefts, step, k * d, zero, d)
        for i in range(d):
            step[i] += rights[k * d + i] * along
    added[0] = 0.0
    if len(last) > 0:
        size, turn = dot(last, last, zero, zero, d), 0.0
        for i in range(d):
            rights[top + i] = step[i] + last[i]  # H times the change of the move
        turn = dot(last, rights, zero, top, d)
        if abs(turn) > steady * size:
            along = dot(last, step, zero, zero, d)
            for i in range(d):
                rights[top + i] = (last[i] - rights[top + i]) / turn
                lefts[top + i] = last[i]
                step[i] += rights[top + i] * along
            added[0] = 1.0
    for i in range(d):
        step[i] = -step[i]


@operation(_step_by_broyden_plainly)
def step_by_broyden(
    transposed: Floats,
    move: Floats,
    last: Floats,
    steady: float,
    rights: Floats,
    lefts: Floats,
    count: int,
) -> tuple[Floats, int]:
    """The next step -H `move` (d,) after step `last`, and how many updates H then has.

    transposed    : (d, d) columns of H_0 as rows
    last          : (d,), empty at first
    steady        : share of |last|^2 that an update must divide by, or it is left out
    rights, lefts : (k, d) the updates w, s, of which `count` are there; the next is written
    """
    step, added = np.empty_like(move), np.zeros(1)
    updates = rights.ravel(), lefts.ravel(), count
    broyden(transposed.ravel(), move, last, steady, *updates, step, added)
    return step, count + int(added[0])
