"""What a plan and its prices are worth after repair: a feasible scale and a bound on all scales.

Whoever found them, by whatever method to whatever tolerance, the two numbers are valid: activities
are made to balance and scaled until nothing is over-used, prices are lowered until no technique
without a capacity earns anything.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.labs.linear_programming.linear import solve_linear_fixed_point
from catallax.labs.linear_programming.passes import Passes

REMADE = 1e-3  # what one round leaves of what lacked
ROUNDS = 60  # of making good what lacks; each leaves about half of the gap
PAID = 1e-11  # share by which resources may have to be dearer so that nothing gains
DUST = 1e-22  # price below which, as a share of the highest, a thing is free
SMALL = 1e-14  # share of a product's output or price that is left to rounding


@final
@dataclass(frozen=True, eq=False)
class Shortfall:
    """What a plan lacks when it is carried out as it stands.

    product  : worst share of a product's planned delivery that is not delivered
    which    : that product
    resource : worst over-use of a resource, as a share of its planned use
    capacity : worst over-use of a technique's capacity, as a share of its planned output
    """

    product: float
    which: int
    resource: float
    capacity: float

    @property
    def worst(self) -> float:
        """The largest of the three."""
        return max(self.product, self.resource, self.capacity)


def find_shortfall(passes: Passes, activity: Floats, scale: float) -> Shortfall:
    """What lacks when `activity` (P,) is meant to deliver `scale` times final demand.

    All activities are scaled down alike until no resource and no capacity is over-used. Plants take
    their inputs first; where a product does not cover plants' own needs, whoever uses it runs at
    the share that is there. Final users get what is left. A product that nobody finally wants is
    short by what plants lack.
    """
    r = passes.recipes
    n = r.products
    use = passes.use(activity)
    resource, capacity = _find_worst_lack(r.supply, use[n:]), _find_worst_lack(r.capacity, activity)
    fit = min(1.0 - resource, 1.0 - capacity)
    planned = r.made(activity)
    there = np.ones(r.columns)
    there[:n] = 1.0 - _measure_lack(planned, use[:n])
    if np.any(there < 1.0):
        activity = activity * passes.least(there)
        use = passes.use(activity)
    made = r.made(activity)
    left = (made - use[:n]) * fit
    wanted = scale * r.demand
    final = 1.0 - np.divide(left, wanted, out=np.ones(n), where=wanted > 0)
    among = 1.0 - np.divide(
        made * fit + np.minimum(left, 0.0), planned, out=np.ones(n), where=planned > 0
    )
    unmade = (planned <= 0) & (use[:n] > 0)
    short = np.clip(np.where(wanted > 0, final, np.where(unmade, 1.0, among)), 0.0, 1.0)
    at = int(np.argmax(short))
    return Shortfall(float(short[at]), at, resource, capacity)


def repair_plan(passes: Passes, activity: Floats, scale: float) -> tuple[Floats, float]:
    """(activity, scale) of a plan that can be carried out, near the given one.

    What lacks is made by techniques that the plan uses and that have room, with all it takes; then
    everything is scaled down alike until no resource and no capacity is over-used.
    """
    r = passes.recipes
    x = np.clip(activity, 0.0, r.capacity)
    by = _find_roomiest(passes, x)
    wanted = max(scale, 0.0) * r.demand
    for left_rounds in range(ROUNDS, -1, -1):
        use, made = passes.use(x), r.made(x)
        lack = np.maximum(wanted + use[: r.products] - made, 0.0)
        if left_rounds == 0 or np.all(lack <= SMALL * made):
            break
        x[by] += _remake(passes, by, lack, made)
    fit = 1.0 - max(_find_worst_lack(r.supply, use[r.products :]), _find_worst_lack(r.capacity, x))
    left = (made - use[: r.products]) * fit
    some = r.demand > 0
    safe = np.all(left[~some] >= -4 * SMALL * made[~some])
    return x * fit, float(max(0.0, np.min(left[some] / r.demand[some]))) if safe else 0.0


def prove_bound(passes: Passes, price: Floats) -> tuple[Floats, float]:
    """(price, bound): no plan has a larger scale than `bound`, which the prices prove.

    price : (n + R,) of products and resources, made >= 0 and such that final demand costs 1. At
    these prices no technique without a capacity earns anything, and what those with one earn and
    resources are worth together is the bound: inf where no prices nearby prove anything.
    """
    r = passes.recipes
    n = r.products
    v = np.maximum(price, 0.0)
    v[v < DUST * float(v[: r.products].max(initial=0.0))] = 0.0
    free = ~np.isfinite(r.capacity)
    direct = passes.cost(np.concatenate((np.zeros(n), v[n:])))
    for left_rounds in range(ROUNDS, -1, -1):
        cost = passes.cost(v)
        worst = _measure_unpaid((v[r.product] * (1.0 - SMALL) - cost)[free], direct[free])
        if left_rounds == 0 or worst <= PAID:
            break
        np.minimum.at(v, r.product[free], cost[free])
    worth = float(v[:n] @ r.demand)
    if not (worth > 0 and np.isfinite(worst)):
        return v, np.inf
    rent = np.maximum(v[r.product] - cost, 0.0)[~free] @ r.capacity[~free]
    bound = (float(v[n:] @ r.supply) * (1.0 + worst) + float(rent)) / worth
    return v / worth, bound


def _remake(passes: Passes, by: Ints, lack: Floats, made: Floats) -> Floats:
    """What techniques `by` have to make so that `lack` is there, all that it takes included."""
    n = len(lack)

    def image(x: Floats, whole: bool) -> Floats:
        y = passes.use(x[:, 0], by)[:n]
        return (y + lack if whole else y)[:, None]

    size = made + 1e-3 * float(np.mean(made + lack))
    worst = float(np.max(lack / size))
    more = solve_linear_fixed_point(image, lack[:, None], size[:, None], REMADE * worst, 50)[0][
        :, 0
    ]
    return np.maximum(more, 0.0)


def _measure_unpaid(gain: Floats, direct: Floats) -> float:
    """By what share resources must be dearer so that no technique gains; inf where none do."""
    over = np.maximum(gain, 0.0)
    paid = np.divide(over, direct, out=np.where(over > 0, np.inf, 0.0), where=direct > 0)
    return float(np.max(paid, initial=0.0))


def _find_roomiest(passes: Passes, x: Floats) -> Ints:
    """The technique of each product with most room both ways, or else most in use, (n,)."""
    r = passes.recipes
    order = np.lexsort((x, np.minimum(x, r.capacity - x), r.product))
    ranked = r.product[order]
    last = np.append(ranked[1:] != ranked[:-1], True)
    by = np.zeros(r.products, np.int64)
    by[ranked[last]] = order[last]
    return by


def _measure_lack(there: Floats, need: Floats) -> Floats:
    """Share of `need` that is not `there`."""
    gap = np.divide(need - there, need, out=np.zeros(len(need)), where=need > 0)
    return np.maximum(gap, 0.0)


def _find_worst_lack(there: Floats, need: Floats) -> float:
    return float(np.max(_measure_lack(there, need), initial=0.0))
