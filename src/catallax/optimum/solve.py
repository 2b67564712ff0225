"""Eisenberg-Gale optimum of a CES network by a fixed point over its links.

With homothetic tastes the allocation that maximises sum w_h log u_h is the competitive
equilibrium with incomes w (Eisenberg & Gale 1959), and that is a fixed point:

    prices p -> unit costs c(p) -> shares -> sales S = final demand + shares' (gamma S)
    plant      p_i = S_i^(1-gamma) c_i^gamma / (z_i K_i^(1-gamma) gamma^gamma)
    endowment  p_f = S_f / R_f, or 0 where R_f is slack
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import final

import numpy as np
from scipy.sparse import csr_array

from catallax.errors import InputError
from catallax.network import Floats, Ints, Technology, ces_cost, ces_quantity, demand_ratio
from catallax.optimum.anderson import Anderson
from catallax.optimum.chord import pursue, tangent

Spending = Callable[[Floats], Floats]

FLOOR = 1e-13  # a slack endowment's value, as a share of income


@final
class Settled(Enum):
    """Why the solver stopped; the text is advice."""

    CONVERGED = "converged to the tolerance"
    LIMIT = "iteration limit reached: raise `limit`, or accept the residual that is reported"


@final
@dataclass(frozen=True, eq=False)
class Optimum:
    """The optimum and how well it was found.

    technology : what was solved
    income     : (H,) spending of each household
    price      : (n,) money per unit; for households the price of a unit of utility
    sales      : (n,) money a week; for households their spending
    arrive     : (m,) arrivals on each link
    iterations : evaluations of the fixed point
    residual   : largest log error of a price or sale
    stop       : why it stopped
    point      : the settled point itself, from which a nearby problem can start
    chord      : inverse Jacobian there, if the solver was asked to follow a sequence
    """

    technology: Technology
    income: Floats
    price: Floats
    sales: Floats
    arrive: Floats
    iterations: int
    residual: float
    stop: Settled
    point: Floats
    chord: Floats | None = None

    @property
    def ship(self) -> Floats:
        """What sellers ship on each link, (m,)."""
        return self.arrive / self.technology.kept

    @cached_property
    def output(self) -> Floats:
        """What plants make of what arrives and endowments supply, (n,)."""
        return made(self.technology, self.composite)

    @cached_property
    def composite(self) -> Floats:
        """The composite X of each buyer's arrivals, (n,)."""
        t = self.technology
        return ces_quantity(t.network.rows, t.share, t.norm, t.sigma, t.eps, self.arrive)

    @property
    def utility(self) -> Floats:
        """(H,) utility of each household."""
        return self.composite[self.technology.network.households]

    @property
    def balance(self) -> float:
        """Largest overuse of a product or endowment, as a share of what there is.

        Unsold products count too; unused endowments do not, they may be slack.
        """
        net = self.technology.network
        there = self.output[net.sellers]
        gap = (net.orders(self.ship)[net.sellers] - there) / there
        gap[net.endowments] = np.maximum(gap[net.endowments], 0.0)
        return float(np.max(np.abs(gap)))


def made(t: Technology, composite: Floats) -> Floats:
    """Output (n,) of plants from their composite, supply of endowments; 0 for households."""
    net = t.network
    y = np.zeros(net.n)
    y[net.endowments] = t.supply[net.endowments]
    i = net.plants
    y[i] = t.z[i] * t.K[i] * (composite[i] / t.K[i]) ** t.gamma[i]
    return y


def solve(
    technology: Technology,
    income: Floats,
    *,
    start: "Optimum | Floats | None" = None,
    tol: float = 1e-10,
    limit: int = 5000,
    follow: bool = False,
) -> Optimum:
    """The optimum of `technology` at household spending `income` (H,), money a week, > 0.

    start  : (n,) prices to begin from, default 1, or the optimum of a nearby problem on the same
             network; only speed depends on it
    tol    : largest log error of a price or sale that is accepted
    limit  : most evaluations; when reached the result says so in `stop` instead of raising
    follow : whether a sequence of nearby problems comes: take trouble now that saves it later

    Raises InputError for incomes of the wrong shape, negative, not finite or all zero.
    """
    fixed = checked_income(technology, income)
    return equilibrium(technology, lambda _: fixed, start, tol, limit, follow)


def equilibrium(
    t: Technology,
    spend: Spending,
    start: "Optimum | Floats | None",
    tol: float,
    limit: int,
    follow: bool,
) -> Optimum:
    """The fixed point when spending follows households' log unit costs of utility."""
    point = FixedPoint(t, spend)
    if isinstance(start, Optimum):
        x, chord = start.point, start.chord
    else:
        x, chord = point.start(start), None
    used, residual = 0, np.inf
    if chord is not None:
        x, used, residual = pursue(point.step, x, chord, tol)
    if residual > tol:
        x, more, residual = Anderson().run(point.step, x, tol, limit)
        chord, used = tangent(point.step, x) if follow else None, used + more
    price, sales, arrive, income = point.finish(x)
    stop = Settled.CONVERGED if residual <= tol else Settled.LIMIT
    return Optimum(t, income, price, sales, arrive, used, residual, stop, x, chord)


def checked_income(t: Technology, income: Floats) -> Floats:
    """`income` as an array, or InputError saying what is wrong with it."""
    w = np.asarray(income, dtype=np.float64)
    size = t.network.households.stop - t.network.households.start
    if w.shape != (size,):
        raise InputError(f"income: shape {w.shape}, expected ({size},), one per household")
    if not (np.all(np.isfinite(w)) and np.all(w >= 0) and w.sum() > 0):
        raise InputError("income: must be finite, not negative and not all zero")
    return w


def _demand_elasticity(t: Technology) -> Floats:
    """(n,) the largest elasticity with which any buyer's demand answers a seller's price."""
    net, rows = t.network, t.network.rows
    rivals = np.bincount(rows.good_of)[rows.good_of] > 1
    link = np.where(rivals, t.eps[net.buyer], t.sigma[net.buyer])
    largest = np.zeros(net.n)
    np.maximum.at(largest, net.seller, link)
    return largest


@final
class Nest:
    """One level of a CES tree: many nests side by side, with what does not depend on prices.

    share : (e,) share of each entry in its nest; elasticity : (k,) of each nest;
    of    : (e,) the nest of each entry
    """

    def __init__(self, share: Floats, elasticity: Floats, of: Ints) -> None:
        count = len(elasticity)
        first = np.searchsorted(of, np.arange(count + 1))
        self.share, self.of = share, of
        self.mean = csr_array((share, np.arange(len(of)), first), shape=(count, len(of)))
        one = 1.0 - elasticity
        self.rate = one[of]
        self.divisor = np.where(one == 0.0, 1.0, one)

    def costs(self, log_q: Floats) -> tuple[Floats, Floats]:
        """Log cost of each nest (k,) and each entry's share in its cost (e,).

        The same numbers as `ces_cost` and `demand_ratio`, from one exponential an entry.
        """
        mean = self.mean @ log_q
        power = self.rate * (log_q - mean[self.of])
        bend = np.expm1(power)
        total = np.maximum(self.mean @ bend, 0.0)
        small = bend < -0.5
        bend += 1.0
        bend[small] = np.exp(power[small])  # where 1 + expm1 cancels
        bend *= self.share
        return mean + np.log1p(total) / self.divisor, bend * (1.0 / (1.0 + total))[self.of]


@final
class FixedPoint:
    """The map of one technology; what does not depend on prices is worked out once.

    A point is (log prices of sellers, log sales of plants), shape (F + P + P,).
    """

    def __init__(self, t: Technology, spend: Spending) -> None:
        net, rows = t.network, t.network.rows
        self.t, self.net, self.rows, self.spend = t, net, rows, spend
        self.log_base = np.log(t.norm / (t.share * t.kept))
        goods = rows.sum_goods(t.share)
        self.within = Nest(t.share / goods[rows.good_of], t.eps[rows.good_row], rows.good_of)
        self.between = Nest(goods, t.sigma, rows.good_row)
        i = net.plants
        g, k = t.gamma[i], np.maximum(1.0, t.eps[i])
        self.log_scale = np.log(t.z[i]) + (1 - g) * np.log(t.K[i]) + g * np.log(g)
        self.damp = 0.7 / (1 + (1 - g) * (k - 1))
        self.damp_f = 0.7 / np.maximum(1.0, _demand_elasticity(t)[net.endowments])
        self.supply = t.supply[net.endowments]
        first = np.searchsorted(net.buyer, np.arange(net.n + 1))
        self.bought_by = csr_array((t.share, net.seller, first), shape=(net.n, net.n)).T

    def start(self, price: Floats | None) -> Floats:
        """The point of prices `price` (n,), default 1, and of the sales that go with them."""
        net = self.net
        p = np.ones(net.n) if price is None else np.asarray(price, dtype=np.float64)
        with np.errstate(divide="ignore"):
            log_p = np.maximum(np.log(p[net.sellers]), np.log(FLOOR))
        log_cost, share = self.shares(log_p)
        income = self.spend(log_cost[net.households])
        sales = self._sales(share, self.t.K[net.plants], income, passes=8)[net.plants]
        return np.concatenate([log_p, np.log(np.maximum(sales, FLOOR * income.sum()))])

    def step(self, x: Floats) -> tuple[Floats, float]:
        """Damped move from point `x`, and the largest log error that decides convergence."""
        net = self.net
        log_p, log_s = x[net.sellers], x[net.sellers.stop :]
        log_cost, share = self.shares(log_p)
        income = self.spend(log_cost[net.households])
        sales = self._sales(share, np.exp(log_s), income, passes=4)
        total = float(income.sum())
        move_f, error_f = self._endowments(log_p[net.endowments], sales, total)
        i = net.plants
        g = self.t.gamma[i]
        new_s = np.log(np.maximum(sales[i], FLOOR * total))
        gap = (1 - g) * new_s + g * log_cost[i] - self.log_scale - log_p[i]
        move = np.concatenate([move_f, self.damp * gap, new_s - log_s])
        error = np.abs(np.concatenate([gap, new_s - log_s]))
        return move, max(error_f, float(np.max(error, initial=0.0)))

    def shares(self, log_p: Floats) -> tuple[Floats, Floats]:
        """Log unit costs (n,) and each link's share in its row's spending (m,)."""
        log_good, inside = self.within.costs(log_p[self.net.seller] + self.log_base)
        log_cost, among = self.between.costs(log_good)
        return log_cost, inside * among[self.rows.good_of]

    def _sales(self, share: Floats, plants: Floats, income: Floats, passes: int) -> Floats:
        """`passes` rounds of sales = final demand + shares' (gamma sales), shape (n,)."""
        net = self.net
        spent = np.zeros(net.n)
        spent[net.households] = income
        sales = np.zeros(net.n)
        sales[net.plants] = plants
        self.bought_by.data = share
        for _ in range(passes):
            spent[net.plants] = self.t.gamma[net.plants] * sales[net.plants]
            sales = self.bought_by @ spent
        self.spent = spent
        return np.asarray(sales)

    def _endowments(self, log_p: Floats, sales: Floats, total: float) -> tuple[Floats, float]:
        """Move of endowments' log prices; at the floor a slack one has nothing left to answer."""
        s = np.maximum(sales[self.net.endowments], FLOOR * total)
        value = np.exp(log_p) * self.supply
        gap = np.log(s / value)
        slack = (value <= 10 * FLOOR * total) & (gap <= 0)
        gap = np.where(slack, 0.0, gap)
        error = np.minimum(np.abs(gap), np.where(gap < 0, value / total, np.inf))
        return self.damp_f * gap, float(np.max(error, initial=0.0))

    def finish(self, x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Prices (n,), sales (n,), arrivals (m,) and incomes (H,) at a settled point."""
        net, t, rows = self.net, self.t, self.rows
        log_q = x[net.sellers][net.seller] + self.log_base
        log_good, log_cost = ces_cost(rows, t.share, t.sigma, t.eps, log_q)
        ratio = demand_ratio(rows, t.sigma, t.eps, log_q, log_good, log_cost)
        share = t.share * ratio * np.exp(log_q - log_cost[rows.row_of])
        income = self.spend(log_cost[net.households])
        sales = self._sales(share, np.exp(x[net.sellers.stop :]), income, passes=1)
        sales[net.households] = income
        price = np.exp(log_cost)
        price[net.sellers] = np.exp(x[net.sellers])
        composite = self.spent / np.exp(log_cost)
        return price, sales, t.norm * ratio * composite[rows.row_of], income
