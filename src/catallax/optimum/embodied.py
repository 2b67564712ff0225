"""Large Leontief programmes with several techniques, resources and capacities, to a vertex.

Every product has one *marginal* technique. Whatever else is done, marginal techniques fill up, so
a plan is told by its scale and the other activities alone, and what binds is told by how much of it
is *embodied* in a unit of each product (Sraffa 1960: quantities of dated labour):

    V = H_m + A_m' V           embodied amounts of each limit, n by the number of limits
    max s  such that  s V'd - sum_k x_k g_k <= rhs,  0 <= x_k <= capacity
                               g_k = V of k's product - H_k - A_k' V: what one unit of k saves

Limits are resources and, as far as they turn out to be overstepped, capacities of marginal
techniques or their zero. The small programme leaves the others out, so it is a relaxation, and
nothing can go wrong but that a marginal oversteps one. Then another technique becomes marginal, or
the limit is put in, after which it cannot be overstepped again: the search ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np
from scipy.optimize import linprog

from catallax.network import Floats, Ints
from catallax.optimum.linear import settle
from catallax.optimum.passes import Passes

RESOURCE, CAPACITY, ZERO = 0, 1, 2
Limit = tuple[int, int]  # kind, and which resource or technique

SWAPS = 3  # how often a product's marginal technique may change before limits are put in
BATCH = 8  # limits put in at a time
LOOSE, PRECISION = 1e-4, 1e-4  # of inner balances: at first, and as a share of what is overstepped
ACCEPTED = 1e-9  # overstepping, as a share of the product's output, that repair deals with


@final
@dataclass(frozen=True, eq=False)
class Vertex:
    """Where the search ended: (P,) activities, (n + R,) prices, and whether all limits held."""

    activity: Floats
    scale: float
    price: Floats
    rounds: int
    settled: bool


@final
@dataclass
class Basis:
    """The marginal technique of each product, how often it changed, and what may bind."""

    marginal: Ints
    swapped: Ints
    limits: list[Limit]
    value: Floats
    output: Floats = field(default_factory=lambda: np.empty(0))
    gross: Floats = field(default_factory=lambda: np.empty(0))
    pinned: list[tuple[float, Limit]] = field(default_factory=list)
    embodied: Floats = field(default_factory=lambda: np.empty((0, 0)))


def vertex(passes: Passes, tol: float, limit: int) -> Vertex:
    """The best plan; `tol` for inner balances, at most `limit` rounds."""
    r = passes.recipes
    basis = first_basis(passes)
    best = Vertex(np.zeros(r.techniques), 0.0, np.zeros(r.columns), 0, False)
    inner = max(tol, LOOSE)
    for rounds in range(1, limit + 1):
        found = _round(passes, basis, inner)
        if found is None:
            if not _close(passes, basis, tol):
                break
            continue
        seen = _overstepped(passes, basis, found[0], max(ACCEPTED, inner))
        over = sorted(set(basis.pinned + seen), reverse=True)
        best = Vertex(*found, rounds, not over and inner <= tol)
        changed = bool(over) and _mend(passes, basis, best, over)
        if not changed and inner <= tol:
            break
        inner = max(tol, min(inner, PRECISION * over[0][0])) if changed else tol
    return best


def first_basis(passes: Passes) -> Basis:
    """Cheapest techniques where all that there is of any resource is worth the same."""
    r = passes.recipes
    w = np.divide(1.0, r.supply, out=np.zeros(len(r.supply)), where=r.supply > 0)
    fixed = passes.cost(np.concatenate((np.zeros(r.products), w)))
    fixed += 1e-6 * (float(fixed.max(initial=0.0)) or 1.0)  # so that nothing is free
    p, best = np.zeros(r.products), np.zeros(r.products, np.int64)
    for _ in range(200):
        cost = fixed + passes.cost(np.concatenate((p, np.zeros(len(w)))))
        best = _cheapest(r.product, cost, r.products)
        before, p = p, np.where(best >= 0, cost[best], 0.0)
        if np.all(p - before <= 1e-3 * p):
            break
    limits: list[Limit] = [(RESOURCE, f) for f in range(len(r.supply))]
    return Basis(best, np.zeros(r.products, np.int64), limits, p)


def _round(passes: Passes, basis: Basis, tol: float) -> tuple[Floats, float, Floats] | None:
    r, m = passes.recipes, basis.marginal
    embodied = _embodied(passes, basis, tol)
    saved = embodied[r.product] - _all_costs(passes, basis, embodied)
    others = np.setdiff1d(np.flatnonzero(r.capacity > 0), m)
    if not len(basis.gross):
        basis.gross = _plain(passes, basis, embodied, tol)
    done = _small(passes, basis, embodied, saved[others], others)
    if done is None:
        return None
    scale, x, w = done
    basis.pinned = _pinned(passes, basis, others, x)
    activity = np.zeros(r.techniques)
    activity[others] = x
    source = scale * r.demand + passes.use(x, others)[: r.products] - r.made(activity)
    basis.output = _fill(passes, basis, source, tol)
    activity[m] = basis.output
    basis.gross = r.made(activity)
    price = np.concatenate((embodied @ w, np.zeros(len(r.supply))))
    for (kind, which), worth in zip(basis.limits, w, strict=True):
        if kind == RESOURCE:
            price[r.products + which] = worth
    return activity, scale, price


def _all_costs(passes: Passes, basis: Basis, embodied: Floats) -> Floats:
    return passes.costs(_columns(passes, basis, embodied)) + _own(passes, basis)


def _columns(passes: Passes, basis: Basis, embodied: Floats) -> Floats:
    """Embodied amounts of products (n, c) and, below them, of resources themselves."""
    r = passes.recipes
    v = np.zeros((r.columns, len(basis.limits)))
    v[: r.products] = embodied
    for c, (kind, which) in enumerate(basis.limits):
        if kind == RESOURCE:
            v[r.products + which, c] = 1.0
    return v


def _own(passes: Passes, basis: Basis) -> Floats:
    """What techniques themselves take of limits on techniques, (P, c)."""
    own = np.zeros((passes.recipes.techniques, len(basis.limits)))
    for c, (kind, which) in enumerate(basis.limits):
        if kind != RESOURCE:
            own[which, c] = 1.0 if kind == CAPACITY else -1.0
    return own


def _embodied(passes: Passes, basis: Basis, tol: float) -> Floats:
    """V of the marginal techniques, (n, c)."""
    r, m = passes.recipes, basis.marginal
    nothing = np.zeros((r.products, len(basis.limits)))
    fixed = passes.costs(_columns(passes, basis, nothing), m) + _own(passes, basis)[m]
    below = np.zeros((len(r.supply), len(basis.limits)))

    def image(v: Floats, whole: bool) -> Floats:
        y = passes.costs(np.vstack((v, below)), m)
        return y + fixed if whole else y

    rates = np.array([1.0 / (_rhs(passes, k) or 1.0) for k in basis.limits])
    warm = basis.embodied.shape == fixed.shape
    size = basis.value[:, None] / rates
    start = basis.embodied if warm else image(fixed, True)
    basis.embodied = settle(image, start, size, tol)[0]
    return basis.embodied


def _fill(passes: Passes, basis: Basis, source: Floats, tol: float) -> Floats:
    """Activities of marginal techniques (n,) that leave nothing over: x = source + A_m x."""
    n, m = passes.recipes.products, basis.marginal

    def image(x: Floats, whole: bool) -> Floats:
        y = passes.use(x[:, 0], m)[:n]
        return (y + source if whole else y)[:, None]

    start = basis.output if len(basis.output) else image(source[:, None], True)[:, 0]
    size = np.abs(start)
    size = size + 1e-3 * float(size.mean())
    return settle(image, start[:, None], size[:, None], tol)[0][:, 0]


def _close(passes: Passes, basis: Basis, tol: float) -> bool:
    """Put in the capacities that end first when final demand grows; whether there were any."""
    r, m = passes.recipes, basis.marginal
    output = _fill(passes, basis, r.demand, tol)
    reach = np.divide(r.capacity[m], output, out=np.full(len(m), np.inf), where=output > 0)
    nearest = np.argsort(reach, kind="stable")
    new = [(CAPACITY, int(m[i])) for i in nearest[np.isfinite(reach[nearest])]]
    new = [k for k in new if k not in basis.limits][:BATCH]
    basis.limits += new
    return bool(new)


def _rhs(passes: Passes, limit: Limit) -> float:
    kind, which = limit
    if kind == RESOURCE:
        return float(passes.recipes.supply[which])
    return float(passes.recipes.capacity[which]) if kind == CAPACITY else 0.0


def _small(
    passes: Passes, basis: Basis, embodied: Floats, saved: Floats, others: Ints
) -> tuple[float, Floats, Floats] | None:
    """(scale, other activities, worth of limits) of the small programme."""
    r = passes.recipes
    rhs = np.array([_rhs(passes, k) for k in basis.limits])
    per = r.demand @ embodied
    unit = np.where(basis.value[r.product[others]] > 0, 1.0 / basis.value[r.product[others]], 1.0)
    row = np.where(rhs > 0, 1.0 / np.where(rhs > 0, rhs, 1.0), 1.0 / (np.abs(per) + 1e-300))
    live = np.isfinite(row)
    table = np.hstack((per[:, None], -(saved * unit[:, None]).T)) * row[:, None]
    goal = np.zeros(1 + len(others))
    goal[0] = -1.0
    low, high = _within(passes, basis, others)
    bounds = np.column_stack((np.append(0.0, low / unit), np.append(np.inf, high / unit)))
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    done = linprog(
        goal, A_ub=table[live], b_ub=(rhs * row)[live], bounds=bounds, method="highs", options=tight
    )
    if done.status != 0:
        return None
    worth = np.zeros(len(rhs))
    worth[live] = -done.ineqlin.marginals * row[live]
    return float(done.x[0]), done.x[1:] * unit, np.maximum(worth, 0.0)


def _plain(passes: Passes, basis: Basis, embodied: Floats, tol: float) -> Floats:
    """Gross outputs if marginal techniques made all, at the scale that resources then allow."""
    r = passes.recipes
    per = r.demand @ embodied
    reach = [_rhs(passes, k) / v for k, v in zip(basis.limits, per.tolist(), strict=True) if v > 0]
    return _fill(passes, basis, r.demand, tol) * min(reach, default=1.0)


def _within(passes: Passes, basis: Basis, others: Ints) -> tuple[Floats, Floats]:
    """Least and most of other techniques, so that marginals hold at the last gross outputs."""
    r, m = passes.recipes, basis.marginal
    i = r.product[others]
    y = basis.gross[i]
    free = np.isin(m[i], [which for kind, which in basis.limits if kind != RESOURCE])
    high = np.where(free, np.inf, np.maximum(y, 0.0))
    high = np.minimum(r.capacity[others], high)
    low = np.where(free, 0.0, np.clip(y - r.capacity[m][i], 0.0, high))
    return low, high


def _pinned(passes: Passes, basis: Basis, others: Ints, x: Floats) -> list[tuple[float, Limit]]:
    """Limits of marginals that the small programme would have overstepped at last gross outputs."""
    r = passes.recipes
    low, high = _within(passes, basis, others)
    top = (x >= high * (1 - ACCEPTED)) & (high < r.capacity[others])
    end = (x <= low * (1 + ACCEPTED)) & (low > 0)
    technique = basis.marginal[r.product[others]]
    return [(0.0, (ZERO, int(k))) for k in technique[top]] + [
        (0.0, (CAPACITY, int(k))) for k in technique[end]
    ]


def _overstepped(
    passes: Passes, basis: Basis, activity: Floats, accepted: float
) -> list[tuple[float, Limit]]:
    """Limits of marginal techniques that the plan oversteps and by what share, worst first."""
    r, m = passes.recipes, basis.marginal
    x, size = activity[m], np.maximum(np.abs(activity[m]), r.made(np.abs(activity)))
    size = np.where(size > 0, size, 1.0)
    above, below = (x - r.capacity[m]) / size, -x / size
    found = [(float(above[i]), (CAPACITY, int(m[i]))) for i in np.flatnonzero(above > accepted)]
    found += [(float(below[i]), (ZERO, int(m[i]))) for i in np.flatnonzero(below > accepted)]
    return sorted(found, reverse=True)


def _mend(passes: Passes, basis: Basis, at: Vertex, over: Sequence[tuple[float, Limit]]) -> bool:
    """Let other techniques be marginal, or else put limits in; whether anything changed."""
    r = passes.recipes
    cost = passes.cost(at.price)
    held = {which for kind, which in basis.limits if kind != RESOURCE}
    seen: set[int] = set()
    pending: list[Limit] = []
    for _, (kind, technique) in over:
        i = int(r.product[technique])
        if i in seen:
            continue
        rival = -1 if technique in held else _rival(passes, basis, at, cost, kind, technique)
        if rival >= 0:
            basis.marginal[i] = rival
            basis.swapped[i] += 1
            seen.add(i)
        elif (kind, technique) not in basis.limits:
            pending.append((kind, technique))
    if not seen:
        basis.limits += pending[:BATCH]
    return bool(seen or pending)


def _rival(
    passes: Passes, basis: Basis, at: Vertex, cost: Floats, kind: int, technique: int
) -> int:
    """Which other technique takes the place of a marginal that oversteps its limit; -1 for none."""
    r = passes.recipes
    i = int(r.product[technique])
    if basis.swapped[i] >= SWAPS:
        return -1
    rivals = np.flatnonzero(r.product == i)
    rivals = rivals[rivals != technique]
    x = at.activity[rivals]
    rivals = rivals[x > 0] if kind == ZERO else rivals[x < r.capacity[rivals]]
    if not len(rivals):
        return -1
    best = np.argmin(cost[rivals]) if kind == CAPACITY else np.argmax(at.activity[rivals])
    return int(rivals[best])


def _cheapest(product: Ints, cost: Floats, products: int) -> Ints:
    """The technique of least cost of each product, (n,); 0 where a product has none."""
    order = np.lexsort((cost, product))
    first = np.append(True, product[order][1:] != product[order][:-1])
    best = np.zeros(products, np.int64)
    best[product[order][first]] = order[first]
    return best
