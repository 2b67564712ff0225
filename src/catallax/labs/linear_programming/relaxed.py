"""The small programme: scale and other activities, where marginal techniques fill up.

    max s   such that   s V'd - sum_k x_k g_k <= rhs,   0 <= x_k <= capacity of k
                        g_k = V of k's product - what k takes: what a unit of k saves

It leaves out that marginal techniques must stay between zero and capacity, so it is a relaxation.
To keep near, each technique is held to what leaves its product's marginal in order at the gross
output of the round before; where that binds, the marginal was the wrong one.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.labs.linear_programming.embodied import CAPACITY, ZERO, Limit, MarginalBasis

TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
NEAR = 1e-9  # share of a bound within which it binds


@final
@dataclass(frozen=True, eq=False)
class Relaxation:
    """Its answer.

    scale  : of final demand
    others : techniques that are not marginal and could be used
    x      : their activities
    worth  : (c,) of each limit, in units of scale
    pinned : limits of marginals that bound the programme at last gross outputs
    """

    scale: float
    others: Ints
    x: Floats
    worth: Floats
    pinned: list[Limit]


def solve_relaxation(basis: MarginalBasis) -> Relaxation | None:
    """The best answer; None where nothing that it knows of bounds the scale."""
    from scipy.optimize import linprog  # a third of a second, and few runs need it

    r = basis.passes.recipes
    others = np.setdiff1d(np.flatnonzero(r.capacity > 0), basis.marginal)
    product, rhs = r.product[others], basis.rhs
    saved = basis.embodied[product] - basis.taken(basis.embodied, others)
    per = r.demand @ basis.embodied
    unit = 1.0 / basis.value[product]
    row = 1.0 / np.where(rhs > 0, rhs, np.where(per != 0, np.abs(per), 1.0))
    table = np.hstack((per[:, None], -(saved * unit[:, None]).T)) * row[:, None]
    low, high = _find_room(basis, others)
    bounds = np.column_stack((np.append(0.0, low / unit), np.append(np.inf, high / unit)))
    goal = np.zeros(1 + len(others))
    goal[0] = -1.0
    done = linprog(goal, A_ub=table, b_ub=rhs * row, bounds=bounds, method="highs", options=TIGHT)
    if done.status != 0:
        return None
    x = done.x[1:] * unit
    worth = np.maximum(-done.ineqlin.marginals * row, 0.0)
    return Relaxation(float(done.x[0]), others, x, worth, _find_pinned(basis, others, x, low, high))


def _find_room(basis: MarginalBasis, others: Ints) -> tuple[Floats, Floats]:
    """Least and most of other techniques, so that marginals hold at the last gross outputs."""
    r = basis.passes.recipes
    m = basis.marginal[r.product[others]]
    y = np.maximum(basis.gross[r.product[others]], 0.0)
    free = np.isin(m, basis.held)
    high = np.minimum(r.capacity[others], np.where(free, np.inf, y))
    low = np.clip(y - np.where(free, np.inf, r.capacity[m]), 0.0, high)
    return low, high


def _find_pinned(
    basis: MarginalBasis, others: Ints, x: Floats, low: Floats, high: Floats
) -> list[Limit]:
    r = basis.passes.recipes
    m = basis.marginal[r.product[others]]
    top = (x >= high * (1.0 - NEAR)) & (high < r.capacity[others])
    end = (x <= low * (1.0 + NEAR)) & (low > 0.0)
    return [(ZERO, int(k)) for k in m[top]] + [(CAPACITY, int(k)) for k in m[end]]
