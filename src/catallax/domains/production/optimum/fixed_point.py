"""The map whose fixed point is the optimum, and nothing about how it is iterated."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Technology
from catallax.errors import InputError
from catallax.kernels.fixed_point import LEAST, evaluate, find_gaps, find_sales
from catallax.kernels.shares import find_arrivals, find_bases, find_shares
from catallax.kernels.switch import operation
from catallax.kernels.threads import GRAIN

Spender = Callable[[Floats], Floats]
"""Households' spending (H,) given the log unit costs of their utility (H,)."""

FLOOR = 1e-13  # a slack endowment's value, as a share of income
PASSES = 3  # rounds of sales in a step: cheap beside costs, and each brings sales nearer to prices


@final
@dataclass(frozen=True, eq=False)
class Spending:
    """What each household spends, or what all spend together in proportion to utilities' cost.

    weight : (H,) money of each, or its utility where there is
    money  : of all, > 0; 0: each has its own
    """

    weight: Floats
    money: float = 0.0

    def __call__(self, log_cost: Floats) -> Floats:
        """Spending (H,) at log unit costs of utility (H,)."""
        if not self.money:
            return self.weight
        cost = self.weight * np.exp(log_cost)
        return np.asarray(self.money * cost / cost.sum())


def _demand_elasticity(t: Technology) -> Floats:
    """(F,) the largest elasticity with which any buyer's demand answers an endowment's price."""
    net, rows = t.network, t.network.rows
    link = np.flatnonzero(rows.perishable)
    good, buyer = rows.good_of[link], net.buyer[link]
    rivals = rows.good_first[good + 1] - rows.good_first[good] > 1
    largest = np.zeros(net.endowments.stop)
    np.maximum.at(largest, net.seller[link], np.where(rivals, t.eps[buyer], t.sigma[buyer]))
    return largest


@final
class FixedPoint:
    """The map of one technology; what does not depend on prices is worked out once.

    A point is (log prices of sellers, log sales of plants), shape (F + P + P,).
    """

    def __init__(self, t: Technology, spend: Spender) -> None:
        net, rows = t.network, t.network.rows
        self.t, self.net, self.rows, self.spend = t, net, rows, spend
        self.bases = find_bases(rows, t.share, t.norm, t.kept, t.tariff)
        i = net.plants
        self.gamma, self.supply = t.gamma[i], t.supply[net.endowments]
        g = self.gamma
        self.log_scale = np.log(t.z[i]) + (1 - g) * np.log(t.K[i]) + g * np.log(g)
        self.seen: tuple[Floats, Floats, Floats] | None = None  # a point, costs and shares there
        self._check_supply()

    @cached_property
    def damp(self) -> Floats:
        """(F + P + P,) of each coordinate, with which plain steps settle."""
        t, net = self.t, self.net
        elasticity = np.maximum(1.0, _demand_elasticity(t))
        price = 1 + (1 - self.gamma) * (np.maximum(1.0, t.eps[net.plants]) - 1)
        return np.concatenate([0.7 / elasticity, 0.7 / price, np.ones_like(price)])

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
        sales = self.sales(share, self.t.K[net.plants], income, passes=8)[1][net.plants]
        return np.concatenate([log_p, np.log(np.maximum(sales, LEAST * income.sum()))])

    def step(self, x: Floats) -> tuple[Floats, float]:
        """Damped move from point `x`, and the largest log error that decides convergence."""
        gap, error = self.gap(x, PASSES)
        return self.damp * gap, error

    def gap(self, x: Floats, passes: int = 1) -> tuple[Floats, float]:
        """What point `x` lacks in each coordinate, and the error that decides convergence.

        passes : rounds of sales before they are held against the point's
        """
        if isinstance(self.spend, Spending) and self.net.m < GRAIN:
            return self._gap_at_once(x, passes)
        return self._gap_in_parts(x, passes)

    def _gap_in_parts(self, x: Floats, passes: int) -> tuple[Floats, float]:
        net = self.net
        log_cost, share = self.shares(x[net.sellers])
        self.seen = x, log_cost, share
        income = self.spend(log_cost[net.households])
        _, sales = self.sales(share, np.exp(x[net.sellers.stop :]), income, passes)
        given = self.supply, self.gamma, self.log_scale, float(income.sum()), FLOOR
        return find_gaps(x, log_cost, sales, *given)

    @operation(_gap_in_parts)
    def _gap_at_once(self, x: Floats, passes: int) -> tuple[Floats, float]:
        """`gap` of a small problem whose spending is `Spending`, in one call."""
        t, rows, spend = self.t, self.rows, self.spend
        assert isinstance(spend, Spending)
        at = *rows.csr, rows.good_of.view(np.uint64), self.net.sold_by
        cost, spent, sales = np.zeros((3, rows.n))
        part = self.seen[2] if self.seen else np.empty(rows.m)  # one room for all points
        gap, error = np.empty_like(x), np.empty(1)
        evaluate(
            *at, *self.bases, t.sigma, t.eps, self.paid, spend.weight, spend.money, t.gamma,
            self.supply, self.gamma, self.log_scale, passes, FLOOR, x, cost, part, spent, sales,
            gap, error,
        )  # fmt: skip
        self.seen = x, cost, part
        return gap, float(error[0])

    @cached_property
    def paid(self) -> Floats:
        """(m,) share of spending that sellers get, not duty; empty where there is none."""
        return 1.0 / (1.0 + self.t.tariff) if self.t.taxed else np.empty(0)

    def shares(self, log_p: Floats) -> tuple[Floats, Floats]:
        """Log unit costs (n,) and each link's share in its row's spending (m,)."""
        t = self.t
        return find_shares(self.net, t.share, self.bases, t.sigma, t.eps, log_p)

    def sales(
        self, share: Floats, plants: Floats, income: Floats, passes: int
    ) -> tuple[Floats, Floats]:
        """Spending and sales (n,) after rounds of sales = final demand + shares' (gamma S).

        share : (m,) of what buyers spend; plants, income : sales and spending to begin with
        """
        net = self.net
        part = share / (1.0 + self.t.tariff) if self.t.taxed else share  # the rest is duty
        spent, sales = np.zeros((2, net.n))
        spent[net.households], sales[net.plants] = income, plants
        return find_sales(net, part, self.t.gamma, net.plants, passes, spent, sales)

    def finish(self, x: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Prices (n,), sales (n,), arrivals (m,), composites (n,), incomes (H,) at a point."""
        net = self.net
        if self.seen is None or self.seen[0] is not x:
            self.seen = x, *self.shares(x[net.sellers])
        _, log_cost, share = self.seen
        income = self.spend(log_cost[net.households])
        spent, sales = self.sales(share, np.exp(x[net.sellers.stop :]), income, passes=1)
        sales[net.households] = income
        cost = np.exp(log_cost)
        price = cost.copy()
        price[net.sellers] = np.exp(x[net.sellers])
        arrive = find_arrivals(net, share, self.t.kept, self.t.tariff, spent, price)
        return price, sales, arrive, spent / cost, income
