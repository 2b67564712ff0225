"""The largest scale of given final demands under fixed recipes (Kantorovich 1939).

    max s   such that   made(x) - A x >= s d,   B x <= R,   0 <= x <= capacity

Linear programming (HiGHS) where that is sensible, passes over the recipes beyond. Either way the
answer is worth what is certified: the scale of a repaired plan, a bound proved by repaired prices.
With decreasing returns it is no linear programme, and the fixed point of `farrell` is the method.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from catallax.arrays import Floats
from catallax.domains.production.network import Technology
from catallax.errors import InputError, unknown
from catallax.labs.linear_programming.certify import (
    Shortfall,
    find_shortfall,
    prove_bound,
    repair_plan,
)
from catallax.labs.linear_programming.curved import plan_curved
from catallax.labs.linear_programming.passes import Passes
from catallax.labs.linear_programming.recipes import (
    Recipes,
    check_fixed,
    check_utility,
    make_recipes,
)
from catallax.labs.linear_programming.vertex import UNBOUNDED, Vertex, search_vertices

METHODS = ("auto", "highs", "iterate")
TRY = 1.0  # times `tol`: marginals overstep so little on average that the gap may be proved
SENSIBLE = 50_000  # coefficients above which passes over the recipes are faster than HiGHS


@final
class PlanStatus(Enum):
    """Why the search for a plan ended; the text is advice."""

    FOUND = "found: scale and bound agree to the tolerance"
    SHORT = "stopped short of the tolerance: accept the gap, raise `limit` or try another method"
    NONE = "no plan with a scale above 0 found: are the recipes productive, and is there supply?"


@final
@dataclass(frozen=True, eq=False)
class LeontiefPlan:
    """A plan that can be carried out, and how far it may be from the best.

    activity  : (P,) output of each technique a week
    scale     : final demand is met `scale` times
    price     : (n,) of products, such that final demand at scale 1 costs 1
    worth     : (R,) price of a unit of each resource; 0 where it is slack
    bound     : no plan has a larger scale; the prices prove it
    shortfall : what lacks when this plan is carried out: rounding, or the plan is bad
    found     : the same of the plan as the method left it, before repair
    method    : "highs", "iterate" or, where returns decrease, "fixed point"
    rounds    : iterations of the method
    passes    : how often all coefficients were read, repair included
    stop      : why the search ended
    """

    activity: Floats
    scale: float
    price: Floats
    worth: Floats
    bound: float
    shortfall: Shortfall
    found: Shortfall
    method: str
    rounds: int
    passes: float
    stop: PlanStatus

    @property
    def gap(self) -> float:
        """By what share a better plan could be larger at most; inf where nothing is known."""
        return self.bound / self.scale - 1.0 if self.scale > 0 else np.inf


def plan_largest_scale(
    what: Recipes | Technology,
    utility: npt.ArrayLike | None = None,
    *,
    capacity: bool = False,
    pooled: bool = False,
    method: str = "auto",
    tol: float = 1e-8,
    limit: int = 100,
) -> LeontiefPlan:
    """The plan with the largest scale of final demand.

    what     : recipes, or a technology whose elasticities are 0
    utility, capacity, pooled : of a technology, as in `make_recipes`; then 1/scale is its `farrell`
    method   : "highs", "iterate", or "auto": HiGHS up to SENSIBLE coefficients. A technology with
               decreasing returns is solved by its fixed point in any case; then neither capacity
               nor pooled is possible
    tol      : gap that counts as found
    limit    : most rounds of "iterate"

    Raises InputError for a technology that is no table of fixed recipes, a product that nothing
    makes, or where nothing bounds the scale.
    """
    if method not in METHODS:
        raise unknown("method", method, METHODS)
    if isinstance(what, Technology) and np.any(what.gamma < 1.0):
        return _plan_curved(what, utility, capacity or pooled, tol)
    r = _prepare_recipes(what, utility, capacity, pooled)
    if method == "auto":
        method = "highs" if r.entries <= SENSIBLE else "iterate"
    passes = Passes(r)
    return _make_plan(
        passes, _solve_by_highs(passes) if method == "highs" else _iterate(passes, tol, limit), tol
    )


@final
@dataclass(frozen=True, eq=False)
class _Candidate:
    """What a method came to, and what is certified of it."""

    method: str
    rounds: int
    activity: Floats
    scale: float
    plan: Floats
    attained: float
    price: Floats
    bound: float


def _iterate(passes: Passes, tol: float, limit: int) -> _Candidate:
    """Rounds until the gap is proved to be small; the best plan and the best bound of all."""
    r = passes.recipes
    rounds, last = 0, Vertex(np.zeros(r.techniques), 0.0, np.zeros(r.columns), 0.0, True)
    best: _Candidate | None = None
    for rounds, last in enumerate(search_vertices(passes, min(tol * 1e-2, 1e-9), limit), 1):
        if last.settled or last.over <= tol * TRY * r.products:
            found = _certify(passes, "iterate", rounds, last.activity, last.scale, last.price)
            best = found if best is None else _choose_better(best, found)
            if best.bound <= best.attained * (1.0 + tol):
                return best
    if best is None or not last.settled:
        found = _certify(passes, "iterate", rounds, last.activity, last.scale, last.price)
        best = found if best is None else _choose_better(best, found)
    return best


def _choose_better(a: _Candidate, b: _Candidate) -> _Candidate:
    """The better plan of two and the better bound."""
    plan, proof = max(b, a, key=lambda f: f.attained), min(b, a, key=lambda f: f.bound)
    return replace(plan, rounds=b.rounds, price=proof.price, bound=proof.bound)


def _certify(
    passes: Passes, method: str, rounds: int, activity: Floats, scale: float, price: Floats
) -> _Candidate:
    plan, attained = repair_plan(passes, activity, scale)
    return _Candidate(method, rounds, activity, scale, plan, attained, *prove_bound(passes, price))


def _make_plan(passes: Passes, f: _Candidate, tol: float) -> LeontiefPlan:
    n = passes.recipes.products
    found = find_shortfall(passes, np.maximum(f.activity, 0.0), f.scale)
    after = find_shortfall(passes, f.plan, f.attained)
    close = f.attained > 0 and f.bound <= f.attained * (1.0 + tol)
    stop = PlanStatus.FOUND if close else PlanStatus.SHORT if f.attained > 0 else PlanStatus.NONE
    return LeontiefPlan(
        activity=f.plan,
        scale=f.attained,
        price=f.price[:n],
        worth=f.price[n:],
        bound=f.bound,
        shortfall=after,
        found=found,
        method=f.method,
        rounds=f.rounds,
        passes=passes.passes,
        stop=stop,
    )


def _plan_curved(
    t: Technology, utility: npt.ArrayLike | None, choices: bool, tol: float
) -> LeontiefPlan:
    if choices:
        raise InputError(
            "recipes: capacity and pooled need constant returns; gamma of some plant is below 1"
        )
    check_fixed(t)
    u = check_utility(t, np.empty(0) if utility is None else utility)
    activity, scale, price, bound, rounds, short = plan_curved(t, u, 20_000)
    first = t.network.endowments.stop
    close = scale > 0 and bound <= scale * (1.0 + tol)
    return LeontiefPlan(
        activity=activity,
        scale=scale,
        price=price[first:],
        worth=price[:first],
        bound=bound,
        shortfall=short,
        found=short,
        method="fixed point",
        rounds=rounds,
        passes=float(rounds),
        stop=PlanStatus.FOUND if close else PlanStatus.SHORT if scale > 0 else PlanStatus.NONE,
    )


def _prepare_recipes(
    what: Recipes | Technology, utility: npt.ArrayLike | None, capacity: bool, pooled: bool
) -> Recipes:
    if isinstance(what, Recipes):
        if utility is not None or capacity or pooled:
            raise InputError("recipes: utility, capacity and pooled go with a technology only")
        r = what
    else:
        if utility is None:
            raise InputError("recipes: a technology needs `utility`, one number a household")
        r = make_recipes(what, utility, capacity=capacity, pooled=pooled)
    makers = np.bincount(r.product, minlength=r.products)
    if np.any(makers == 0):
        raise InputError(f"recipes: no technique makes product {int(np.argmin(makers))}")
    if not len(r.supply) and not np.any(np.isfinite(r.capacity)):
        raise InputError("recipes: no resource and no capacity bounds the scale; give one")
    return _close_unusable(r)


def _close_unusable(r: Recipes) -> Recipes:
    """The same with no capacity for techniques that need what there cannot be any of."""
    before = -1
    while True:
        can = np.bincount(r.product, weights=r.capacity > 0, minlength=r.products) > 0
        none = np.concatenate((~can, r.supply == 0.0))
        if none.sum() in (0, before):
            return r
        before = none.sum()
        idle = Passes(r).cost(none.astype(np.float64)) > 0.0
        r = replace(r, capacity=np.where(idle, 0.0, r.capacity))


def build_programme(r: Recipes) -> tuple[sparse.csr_matrix, Floats]:
    """(matrix, right-hand side) of matrix (x, s) <= rhs: products, then resources."""
    taken = sparse.csr_matrix(
        (r.amount.astype(np.float64), r.input.astype(np.int64), r.start),
        shape=(r.techniques, r.columns),
    )
    made = sparse.csr_matrix(
        (np.ones(r.techniques), (r.product, np.arange(r.techniques))),
        shape=(r.columns, r.techniques),
    )
    wants = np.concatenate((r.demand, np.zeros(len(r.supply))))[:, None]
    rhs = np.concatenate((np.zeros(r.products), r.supply))
    return sparse.hstack((taken.T - made, wants), format="csr"), rhs


def _solve_by_highs(passes: Passes) -> _Candidate:
    from scipy.optimize import linprog  # a third of a second, and few runs need it

    r = passes.recipes
    matrix, rhs = build_programme(r)
    goal = np.zeros(r.techniques + 1)
    goal[-1] = -1.0
    top = np.append(r.capacity, np.inf)
    bounds = np.column_stack((np.zeros(len(top)), top))
    done = linprog(goal, A_ub=matrix, b_ub=rhs, bounds=bounds, method="highs")
    if done.status == 3:
        raise InputError(UNBOUNDED)
    if done.x is None:
        nothing = np.zeros(r.techniques), 0.0, np.zeros(r.columns)
        return _certify(passes, "highs", 0, *nothing)
    activity, scale, price = done.x[:-1], float(done.x[-1]), -done.ineqlin.marginals
    return _certify(passes, "highs", int(done.nit), activity, scale, price)
