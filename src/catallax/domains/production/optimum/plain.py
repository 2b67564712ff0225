"""The map of the fixed point in plain NumPy, against which the kernels are tested."""

from typing import TYPE_CHECKING

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Technology
from catallax.domains.production.network.plain import ces_shares
from catallax.kernels.fixed_point import LEAST

if TYPE_CHECKING:
    from catallax.domains.production.optimum.fixed_point import FixedPoint

FLOOR = 1e-13  # a slack endowment's value, as a share of income


def bases(t: Technology) -> tuple[Floats, Floats, Floats]:
    """Shares in nests (m,), nests' shares (G,) and logs of base prices (m,)."""
    rows = t.network.rows
    weight = rows.sum_goods(t.share)
    log_base = np.log(t.norm / (t.share * t.kept)) + np.log1p(t.tariff)
    return t.share / weight[rows.good_of], weight, log_base


def shares(t: Technology, log_base: Floats, log_p: Floats) -> tuple[Floats, Floats]:
    """Log unit costs (n,) and each link's share in its row's spending (m,)."""
    net = t.network
    log_q = log_p[net.seller] + log_base
    _, log_cost, part = ces_shares(net.rows, t.share, t.sigma, t.eps, log_q)
    return log_cost, part


def sales(
    t: Technology, part: Floats, plants: Floats, income: Floats, passes: int
) -> tuple[Floats, Floats]:
    """Spending and sales (n,) after `passes` rounds."""
    net = t.network
    spent, sold = np.zeros(net.n), np.zeros(net.n)
    spent[net.households], sold[net.plants] = income, plants
    for _ in range(passes):
        spent[net.plants] = t.gamma[net.plants] * sold[net.plants]
        sold = net.orders(part * spent[net.buyer])
    return spent, sold


def arrive(t: Technology, share: Floats, spent: Floats, price: Floats) -> Floats:
    """(m,) what buyers' spending brings them at sellers' prices."""
    net = t.network
    return share * spent[net.buyer] * t.kept / (price[net.seller] * (1.0 + t.tariff))


def gaps(
    point: "FixedPoint", x: Floats, log_cost: Floats, sold: Floats, total: float
) -> tuple[Floats, float]:
    """Gaps of each coordinate of `x` and the largest log error."""
    net, g = point.net, point.gamma
    log_p, log_s = x[net.sellers], x[net.sellers.stop :]
    gap_f, error_f = _endowments(point, log_p[net.endowments], sold[net.endowments], total)
    new_s = np.log(np.maximum(sold[net.plants], LEAST * total))
    gap = (1 - g) * new_s + g * log_cost[net.plants] - point.log_scale - log_p[net.plants]
    error = np.abs(np.concatenate([gap, new_s - log_s]))
    gaps = np.concatenate([gap_f, gap, new_s - log_s])
    return gaps, max(error_f, float(np.max(error, initial=0.0)))


def _endowments(
    point: "FixedPoint", log_p: Floats, sold: Floats, total: float
) -> tuple[Floats, float]:
    """Gaps of endowments' log prices; at the floor a slack one has nothing left to answer."""
    s = np.maximum(sold, FLOOR * total)
    value = np.exp(log_p) * point.supply
    gap = np.log(s / value)
    slack = (value <= 10 * FLOOR * total) & (gap <= 0)
    gap = np.where(slack, 0.0, gap)
    error = np.minimum(np.abs(gap), np.where(gap < 0, value / total, np.inf))
    return gap, float(np.max(error, initial=0.0))
