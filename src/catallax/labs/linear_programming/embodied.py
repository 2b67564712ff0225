"""What is embodied in products when each is made by one technique, its *marginal* one.

Whatever else is done, marginal techniques fill up, so a plan is told by its scale and the other
activities alone, and what binds by how much of it a unit of each product embodies (Leontief 1951,
Sraffa 1960 for labour):

    V = H_m + A_m' V      embodied amounts, products by limits; H is what a technique takes itself

Limits are resources and, where asked for, the capacity or the zero of a technique.
"""

from dataclasses import dataclass, field
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.labs.linear_programming.linear import solve_linear_fixed_point
from catallax.labs.linear_programming.passes import Passes

RESOURCE, CAPACITY, ZERO = 0, 1, 2
Limit = tuple[int, int]  # kind, and which resource or technique


@final
@dataclass
class MarginalBasis:
    """Marginal techniques, what may bind, and what was last worked out from them.

    marginal : (n,) the technique of each product that fills up
    swapped  : (n,) how often it changed
    limits   : c of them
    value    : (n,) cost of each product where all that there is of any resource costs 1
    embodied : (n, c)
    output   : (n,) of marginal techniques
    gross    : (n,) of all techniques of each product
    """

    passes: Passes
    marginal: Ints
    swapped: Ints
    limits: list[Limit]
    value: Floats
    embodied: Floats = field(default_factory=lambda: np.empty((0, 0)))
    output: Floats = field(default_factory=lambda: np.empty(0))
    gross: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def rhs(self) -> Floats:
        """(c,) how much there is of each limit."""
        r = self.passes.recipes
        there = {RESOURCE: r.supply, CAPACITY: r.capacity, ZERO: np.zeros(r.techniques)}
        return np.array([there[kind][which] for kind, which in self.limits])

    @property
    def held(self) -> Ints:
        """Techniques that a limit is about."""
        return np.array([which for kind, which in self.limits if kind != RESOURCE], np.int64)

    def embody(self, tol: float) -> None:
        """Work out `embodied`, from the last one where limits are the same."""
        m, c = self.marginal, len(self.limits)
        fixed = self.taken(np.zeros((self.passes.recipes.products, c)), m)
        below = np.zeros((len(self.passes.recipes.supply), c))

        def image(v: Floats, whole: bool) -> Floats:
            y = self.passes.costs(np.vstack((v, below)), m)
            return y + fixed if whole else y

        rhs = self.rhs
        size = self.value[:, None] * np.where(rhs > 0, rhs, 1.0)
        start = self.embodied if self.embodied.shape == fixed.shape else image(fixed, True)
        self.embodied = solve_linear_fixed_point(image, start, size, tol)[0]

    def taken(self, embodied: Floats, which: Ints) -> Floats:
        """What a unit of techniques `which` takes of each limit, inputs as embodied; (which, c)."""
        r = self.passes.recipes
        v = np.vstack((embodied, np.zeros((len(r.supply), len(self.limits)))))
        own = np.zeros((r.techniques, len(self.limits)))
        for c, (kind, at) in enumerate(self.limits):
            if kind == RESOURCE:
                v[r.products + at, c] = 1.0
            else:
                own[at, c] = 1.0 if kind == CAPACITY else -1.0
        return self.passes.costs(v, which) + own[which]

    def fill(self, source: Floats, tol: float) -> Floats:
        """Activities of marginal techniques (n,) that leave nothing over: x = source + A_m x."""
        n, m = self.passes.recipes.products, self.marginal

        def image(x: Floats, whole: bool) -> Floats:
            y = self.passes.use(x[:, 0], m)[:n]
            return (y + source if whole else y)[:, None]

        start = self.output if len(self.output) else image(source[:, None], True)[:, 0]
        size = np.abs(start)
        size = size + 1e-6 * (float(size.mean()) or 1.0)
        return solve_linear_fixed_point(image, start[:, None], size[:, None], tol)[0][:, 0]

    def price(self, worth: Floats) -> Floats:
        """(n + R,) prices of products and resources where limits are worth `worth` (c,)."""
        r = self.passes.recipes
        p = np.concatenate((self.embodied @ worth, np.zeros(len(r.supply))))
        for (kind, which), w in zip(self.limits, worth.tolist(), strict=True):
            if kind == RESOURCE:
                p[r.products + which] = w
        return p


def find_cheapest_basis(passes: Passes) -> MarginalBasis:
    """The basis of least cost where all that there is of any resource costs 1."""
    r = passes.recipes
    w = np.divide(1.0, r.supply, out=np.zeros(len(r.supply)), where=r.supply > 0)
    fixed = passes.cost(np.concatenate((np.zeros(r.products), w)))
    fixed += 1e-6 * (float(fixed.max(initial=0.0)) or 1.0)  # so that nothing is free
    p, best = np.zeros(r.products), np.zeros(r.products, np.int64)
    for _ in range(200):  # of ever higher prices, so that free inputs do not mislead
        cost = fixed + passes.cost(np.concatenate((p, np.zeros(len(w)))))
        best = _find_cheapest(r.product, cost, r.products)
        before, p = p, cost[best]
        if np.all(p - before <= 1e-2 * p):
            break
    limits: list[Limit] = [(RESOURCE, f) for f in range(len(r.supply))]
    return MarginalBasis(passes, best, np.zeros(r.products, np.int64), limits, p)


def _find_cheapest(product: Ints, cost: Floats, products: int) -> Ints:
    """The technique of least cost of each product, (n,)."""
    order = np.lexsort((cost, product))
    first = np.append(True, product[order][1:] != product[order][:-1])
    best = np.zeros(products, np.int64)
    best[product[order][first]] = order[first]
    return best
