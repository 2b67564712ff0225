"""The slope of the optimum's map: what the gap of each coordinate owes to each coordinate.

With shares Omega in spending, suppliers' shares within their good, and log prices p:

    d log Omega_l = (1 - eps)(dp_l - dc_good) + (1 - sigma)(dc_good - dc_row)

where the changes of log costs dc are means of dp by those shares (Shephard's lemma). What plants
spend follows their sales; what households spend follows their costs where money is shared out.
"""

import numpy as np
from scipy.sparse import csr_array

from catallax.arrays import Floats
from catallax.domains.production.optimum.fixed_point import FLOOR, FixedPoint, Spending
from catallax.kernels.fixed_point import LEAST


def slope(point: FixedPoint, x: Floats) -> Floats:
    """(d, d) derivatives of `point.gap` at `x` (d,) with one round of sales, gaps by rows.

    Endowments that are slack are taken as if they were not: their prices have nowhere to go.
    """
    net, g = point.net, point.gamma
    sellers, plants, goods = net.sellers.stop, len(g), net.plants
    part, flow, sold, least = _flows(point, x)
    cost = _matrix(net.rows.good_first[net.rows.row_first], part, point).toarray()
    sales = np.hstack([_by_prices(point, part, flow, cost), _by_sales(point, flow)])
    sales /= np.where(sold > least, sold, np.inf)[:, None]
    gap = np.vstack([sales, sales[goods]])
    gap[goods] *= (1 - g)[:, None]
    gap[goods, :sellers] += g[:, None] * cost[goods]
    gap[np.diag_indices(sellers + plants)] -= 1.0
    return gap


def _flows(point: FixedPoint, x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Shares in spending and money that sellers get on links, both (m,); all of it and its floor.

    Both (S,): sales below the floor count as that, whatever becomes of prices.
    """
    net, sellers = point.net, point.net.sellers.stop
    log_cost, part = point.shares(x[:sellers])
    income = point.spend(log_cost[net.households])
    spent, sold = point.sales(part, np.exp(x[sellers:]), income, passes=1)
    least = np.full(sellers, LEAST * income.sum())
    least[net.endowments] = FLOOR * income.sum()
    return part, part * spent[net.buyer] / (1.0 + point.t.tariff), sold[:sellers], least


def _by_prices(point: FixedPoint, part: Floats, flow: Floats, cost: Floats) -> Floats:
    """(S, S) change of money that sellers get with log prices."""
    t, net, rows = point.t, point.net, point.net.rows
    whole = rows.sum_goods(part)
    inner = part / np.where(whole > 0, whole, 1.0)[rows.good_of]
    good, first = rows.good_row, rows.good_first[rows.row_first]
    within = _matrix(rows.good_first, flow, point).T @ _matrix(
        rows.good_first, inner * (t.eps - t.sigma)[good][rows.good_of], point
    )
    by_row = _matrix(first, flow, point).T
    out = within.toarray() - by_row @ ((1.0 - t.sigma)[:, None] * cost)
    out += np.diag(net.orders((1.0 - t.eps)[net.buyer] * flow)[net.sellers])
    if isinstance(point.spend, Spending) and point.spend.money:
        out += by_row @ _richer(point, flow, cost)
    return np.asarray(out)


def _richer(point: FixedPoint, flow: Floats, cost: Floats) -> Floats:
    """(n, S) change of households' log spending with log prices, where they share one sum."""
    net, out = point.net, np.zeros_like(cost)
    spent = net.rows.sum(flow * (1.0 + point.t.tariff))[net.households]
    home = cost[net.households]
    out[net.households] = home - (spent / spent.sum()) @ home
    return out


def _by_sales(point: FixedPoint, flow: Floats) -> Floats:
    """(S, P) change of money that sellers get with plants' log sales."""
    rows = point.net.rows
    by_row = _matrix(rows.good_first[rows.row_first], flow, point)
    return np.asarray(by_row[point.net.plants].toarray().T)


def _matrix(first: np.ndarray, link: Floats, point: FixedPoint) -> csr_array:
    """Numbers of links (m,) by what they belong to, of which `first` is the first, and seller."""
    shape = len(first) - 1, point.net.sellers.stop
    return csr_array((link, point.net.seller, first), shape=shape)
