"""The map whose fixed point is the optimum, and nothing about how it is iterated."""

from collections.abc import Callable
from typing import final

import numpy as np
from scipy.sparse import csr_array

from catallax.errors import InputError
from catallax.network import Floats, Ints, Technology, ces_cost, demand_ratio

Spending = Callable[[Floats], Floats]
"""Households' spending (H,) given the log unit costs of their utility (H,)."""

FLOOR = 1e-13  # a slack endowment's value, as a share of income


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
    of    : (e,) the nest of each entry; first : (k + 1,) first entry of each nest, and e
    """

    def __init__(self, share: Floats, elasticity: Floats, of: Ints, first: Ints) -> None:
        count = len(elasticity)
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
        self.log_base = np.log(t.norm / (t.share * t.kept)) + np.log1p(t.tariff)
        self.received = 1.0 / (1.0 + t.tariff)  # of what a buyer spends on a link
        goods = rows.sum_goods(t.share)
        part, eps = t.share / goods[rows.good_of], t.eps[rows.good_row]
        self.within = Nest(part, eps, rows.good_of, rows.good_first)
        self.between = Nest(goods, t.sigma, rows.good_row, rows.row_first)
        i = net.plants
        g, k = t.gamma[i], np.maximum(1.0, t.eps[i])
        self.log_scale = np.log(t.z[i]) + (1 - g) * np.log(t.K[i]) + g * np.log(g)
        self.damp = 0.7 / (1 + (1 - g) * (k - 1))
        self.damp_f = 0.7 / np.maximum(1.0, _demand_elasticity(t)[net.endowments])
        self.supply = t.supply[net.endowments]
        self._check_supply()
        first = rows.good_first[rows.row_first]
        self.bought_by = csr_array((t.share, net.seller, first), shape=(net.n, net.n)).T

    def _check_supply(self) -> None:
        none = np.flatnonzero(self.supply <= 0)
        if none.size:
            name = self.net.names[none[0]]
            raise InputError(
                f"technology: endowment {name!r} has no supply; give it a small flow or take its "
                f"links away"
            )

    def start(self, price: Floats | None) -> Floats:
        """The point of prices `price` (n,), default 1, and of the sales that go with them."""
        net = self.net
        p = np.ones(net.n) if price is None else np.asarray(price, dtype=np.float64)
        if p.shape != (net.n,) or not np.all(np.isfinite(p[net.sellers]) & (p[net.sellers] >= 0)):
            raise InputError(f"start: expected {net.n} finite prices >= 0, one per row")
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
        self.bought_by.data = share * self.received
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
