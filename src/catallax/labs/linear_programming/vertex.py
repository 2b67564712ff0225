"""The search among bases of a Leontief programme, round by round.

A round solves the small programme and fills up. If no marginal technique oversteps its zero or its
capacity, the relaxation left nothing out and the plan is the best. If some do, other techniques
become marginal in all those products at once; products where this does not settle get their limit
put in, after which it cannot be overstepped again, so the search ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.errors import InputError
from catallax.labs.linear_programming.embodied import (
    CAPACITY,
    ZERO,
    Limit,
    MarginalBasis,
    find_cheapest_basis,
)
from catallax.labs.linear_programming.passes import Passes
from catallax.labs.linear_programming.relaxed import solve_relaxation

UNBOUNDED = "recipes: nothing bounds the scale; give supplies or capacities of what is needed"

SWAPS = 3  # how often a product's marginal technique may change before its limit is put in
BATCH = 8  # limits put in at a time
LOOSE, PRECISION = 1e-4, 1e-4  # of inner balances: at first, and as a share of what is overstepped
ACCEPTED = 1e-9  # overstepping, as a share of the product's output, that repair deals with


@final
@dataclass(frozen=True, eq=False)
class Vertex:
    """Where a round came to.

    activity : (P,) some of them out of bounds unless settled
    price    : (n + R,) of products and resources
    over     : sum of what marginals overstep, as shares of their products' outputs
    settled  : whether there is nothing left to change
    """

    activity: Floats
    scale: float
    price: Floats
    over: float
    settled: bool


def search_vertices(passes: Passes, tol: float, limit: int) -> Iterator[Vertex]:
    """Rounds until settled, at most `limit`; `tol` for the inner balances of the last ones.

    Raises InputError where nothing bounds the scale.
    """
    basis = find_cheapest_basis(passes)
    inner = max(tol, LOOSE)
    for _ in range(limit):
        basis.embody(inner)
        if not len(basis.gross):
            basis.gross = _guess_gross_output(basis, inner)
        found = solve_relaxation(basis)
        if found is None:
            if not _add_limits(basis, inner):
                raise InputError(UNBOUNDED)
            continue
        activity = _fill(basis, found.scale, found.others, found.x, inner)
        price = basis.price(found.worth)
        seen = _find_overstepped(basis, activity, max(ACCEPTED, inner))
        over = [*seen, *(k for k in found.pinned if k not in seen)]
        changed = bool(over) and _mend(basis, activity, price, over)
        settled = not changed and inner <= tol
        yield Vertex(activity, found.scale, price, sum(seen.values()), settled)
        if settled:
            return
        inner = max(tol, min([inner, *(PRECISION * v for v in seen.values())][:2]))
        inner = inner if changed else tol


def _guess_gross_output(basis: MarginalBasis, tol: float) -> Floats:
    """Gross outputs if marginal techniques made all, at the scale that limits then allow."""
    demand = basis.passes.recipes.demand
    per, rhs = demand @ basis.embodied, basis.rhs
    scale = float(np.min(rhs[per > 0] / per[per > 0], initial=np.inf))
    return basis.fill(demand, tol) * (scale if np.isfinite(scale) else 1.0)


def _add_limits(basis: MarginalBasis, tol: float) -> bool:
    """Put in what ends first when final demand grows; whether there was anything.

    First capacities of marginals, nearest first, then that marginals of products with several
    techniques cannot run backwards.
    """
    r, m = basis.passes.recipes, basis.marginal
    output = basis.fill(r.demand, tol)
    reach = np.divide(r.capacity[m], output, out=np.full(len(m), np.inf), where=output > 0)
    nearest = [i for i in np.argsort(reach, kind="stable").tolist() if np.isfinite(reach[i])]
    several = np.flatnonzero(np.bincount(r.product, minlength=len(m)) > 1)
    limits = [(CAPACITY, int(m[i])) for i in nearest] + [(ZERO, int(k)) for k in m[several]]
    new = [limit for limit in limits if limit not in basis.limits][:BATCH]
    basis.limits += new
    return bool(new)


def _fill(basis: MarginalBasis, scale: float, others: Ints, x: Floats, tol: float) -> Floats:
    """All activities (P,) when `others` are at `x` and marginals fill up."""
    passes = basis.passes
    r = passes.recipes
    activity = np.zeros(r.techniques)
    activity[others] = x
    source = scale * r.demand + passes.use(x, others)[: r.products] - r.made(activity)
    basis.output = basis.fill(source, tol)
    activity[basis.marginal] = basis.output
    basis.gross = r.made(activity)
    return activity


def _find_overstepped(
    basis: MarginalBasis, activity: Floats, accepted: float
) -> dict[Limit, float]:
    """Limits of marginals that are overstepped by more than `accepted`, worst first."""
    r, m = basis.passes.recipes, basis.marginal
    x, size = activity[m], np.maximum(np.abs(activity[m]), r.made(np.abs(activity)))
    size = np.maximum(size, 1e-12 * (float(size.max()) or 1.0))
    above, below = (x - r.capacity[m]) / size, -x / size
    found = [(float(above[i]), (CAPACITY, int(m[i]))) for i in np.flatnonzero(above > accepted)]
    found += [(float(below[i]), (ZERO, int(m[i]))) for i in np.flatnonzero(below > accepted)]
    return {limit: share for share, limit in sorted(found, reverse=True)}


def _mend(basis: MarginalBasis, activity: Floats, price: Floats, over: Sequence[Limit]) -> bool:
    """Let other techniques be marginal, or else put limits in; whether anything changed."""
    cost = basis.passes.cost(price)
    held, swapped = set(basis.held.tolist()), set()
    pending: list[Limit] = []
    for kind, technique in over:
        i = int(basis.passes.recipes.product[technique])
        if i in swapped:
            continue
        rival = -1 if technique in held else _find_rival(basis, activity, cost, kind, technique)
        if rival >= 0:
            basis.marginal[i] = rival
            basis.swapped[i] += 1
            swapped.add(i)
        elif (kind, technique) not in basis.limits:
            pending.append((kind, technique))
    if not swapped:
        basis.limits += pending[:BATCH]
    return bool(swapped or pending)


def _find_rival(
    basis: MarginalBasis, activity: Floats, cost: Floats, kind: int, technique: int
) -> int:
    """Which technique takes the place of a marginal that oversteps its limit; -1 for none."""
    r = basis.passes.recipes
    i = r.product[technique]
    if basis.swapped[i] >= SWAPS:
        return -1
    rivals = np.flatnonzero(r.product == i)
    rivals = rivals[rivals != technique]
    x = activity[rivals]
    rivals = rivals[x > 0] if kind == ZERO else rivals[x < r.capacity[rivals]]
    if not len(rivals):
        return -1
    best = np.argmin(cost[rivals]) if kind == CAPACITY else np.argmax(activity[rivals])
    return int(rivals[best])
