"""The largest scale of given final demands under fixed recipes (Kantorovich 1939).

    max s   such that   made(x) - A x >= s d,   B x <= R,   0 <= x <= capacity

Linear programming (HiGHS) where that is sensible, passes over the recipes beyond. Either way the
answer is worth what is certified: the scale of a repaired plan, a bound proved by repaired prices.
"""

from dataclasses import dataclass
from enum import Enum
from typing import final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from catallax.errors import InputError, unknown
from catallax.network import Floats, Technology
from catallax.optimum.certify import Shortfall, bounded, executed, repaired
from catallax.optimum.embodied import vertex
from catallax.optimum.passes import Passes
from catallax.optimum.recipes import Recipes, recipes

METHODS = ("auto", "highs", "iterate")
SENSIBLE = 50_000  # coefficients above which passes over the recipes are faster than HiGHS


@final
class Planned(Enum):
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
    method    : "highs" or "iterate"
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
    stop: Planned

    @property
    def gap(self) -> float:
        """By what share a better plan could be larger at most; inf where nothing is known."""
        return self.bound / self.scale - 1.0 if self.scale > 0 else np.inf


def leontief(
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

    what     : recipes, or a technology whose elasticities are 0 and whose returns are constant
    utility, capacity, pooled : of a technology, as in `recipes`; then 1/scale is its `farrell`
    method   : "highs", "iterate", or "auto": HiGHS up to SENSIBLE coefficients
    tol      : gap that counts as found
    limit    : most rounds of "iterate"

    Raises InputError for a technology that is no table of fixed recipes, a product that nothing
    makes, or where nothing bounds the scale.
    """
    if method not in METHODS:
        raise unknown("method", method, METHODS)
    r = _recipes(what, utility, capacity, pooled)
    if method == "auto":
        method = "highs" if r.entries <= SENSIBLE else "iterate"
    passes = Passes(r)
    if method == "highs":
        activity, scale, price, rounds = _highs(r)
    else:
        end = vertex(passes, min(tol * 1e-2, 1e-9), limit)
        activity, scale, price, rounds = end.activity, end.scale, end.price, end.rounds
    return _certified(passes, activity, scale, price, method, rounds, tol)


def _certified(
    passes: Passes,
    activity: Floats,
    scale: float,
    price: Floats,
    method: str,
    rounds: int,
    tol: float,
) -> LeontiefPlan:
    n = passes.recipes.products
    found = executed(passes, np.maximum(activity, 0.0), scale)
    plan, attained = repaired(passes, activity, scale)
    price, bound = bounded(passes, price)
    after = executed(passes, plan, attained)
    close = attained > 0 and bound / attained - 1.0 <= tol
    stop = Planned.FOUND if close else Planned.SHORT if attained > 0 else Planned.NONE
    return LeontiefPlan(
        plan,
        attained,
        price[:n],
        price[n:],
        bound,
        after,
        found,
        method,
        rounds,
        passes.passes,
        stop,
    )


def _recipes(
    what: Recipes | Technology, utility: npt.ArrayLike | None, capacity: bool, pooled: bool
) -> Recipes:
    if isinstance(what, Recipes):
        if utility is not None or capacity or pooled:
            raise InputError("leontief: utility, capacity and pooled go with a technology only")
        r = what
    else:
        if utility is None:
            raise InputError("leontief: a technology needs `utility`, one number a household")
        r = recipes(what, utility, capacity=capacity, pooled=pooled)
    makers = np.bincount(r.product, minlength=r.products)
    if np.any(makers == 0):
        raise InputError(f"recipes: no technique makes product {int(np.argmin(makers))}")
    if not len(r.supply) and not np.any(np.isfinite(r.capacity)):
        raise InputError("leontief: no resource and no capacity bounds the scale; give one")
    return r


def programme(r: Recipes) -> tuple[sparse.csr_matrix, Floats]:
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


def _highs(r: Recipes) -> tuple[Floats, float, Floats, int]:
    matrix, rhs = programme(r)
    goal = np.zeros(r.techniques + 1)
    goal[-1] = -1.0
    top = np.append(r.capacity, np.inf)
    bounds = np.column_stack((np.zeros(len(top)), top))
    done = linprog(goal, A_ub=matrix, b_ub=rhs, bounds=bounds, method="highs")
    if done.status == 3:
        raise InputError("leontief: nothing bounds the scale; give supplies or capacities")
    if done.x is None:
        return np.zeros(r.techniques), 0.0, np.zeros(r.columns), 0
    return done.x[:-1], float(done.x[-1]), -done.ineqlin.marginals, int(done.nit)
