"""Facts that nobody told, inferred from what was observed.

What cannot be put into words can still be seen in what it does: productivity in what came out of
what went in, tastes in what was bought at which prices.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Rows, Technology, ces_cost, ces_quantity
from catallax.kernels.ces import quantities
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over


def productivity(
    belief: Technology, used: Floats, output: Floats, sigma: Floats | None = None
) -> Floats:
    """(n,) log z with which inputs `used` (m,) make `output` (n,) under believed recipes.

    sigma : (n,) elasticities in place of the belief's

    NaN where nothing was used or made, and for rows that are no plants.
    """
    t, i = belief, belief.network.plants
    composite = _composites(t, used, t.sigma if sigma is None else sigma)
    log_z = np.full(t.network.n, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = t.gamma[i] * np.log(composite / t.K[i])
        found = np.log(output[i] / t.K[i]) - scale
    log_z[i] = np.where(np.isfinite(found), found, np.nan)
    return log_z


def _composites(t: Technology, used: Floats, sigma: Floats) -> Floats:
    """(P,) of plants from their inputs (m,)."""
    rows, i = t.network.rows, t.network.plants
    if not compiled():
        return ces_quantity(rows, t.share, t.norm, sigma, t.eps, used)[i]
    made = np.empty(rows.n)

    def work(first: int, stop: int) -> None:
        at = i.start + first, i.start + stop
        quantities(*rows.csr, t.share, t.norm, sigma, t.eps, used, made, *at)

    over(i.stop - i.start, rows.m, work)
    return made[i]


def revealed_tastes(
    rows: Rows, share: Floats, sigma: Floats, eps: Floats, price: Floats, bought: Floats
) -> Floats:
    """(G,) log tastes, up to a constant a row, behind purchases at known prices.

    share  : (m,) public shares of links in their row's spending
    price  : (m,) prices paid, relative to the base year's
    bought : (m,) quantities at base-year prices

    Of a CES buyer w_g ~ a_g q_g^(1-sigma): spending shares and the price of each good give a_g.
    NaN where nothing of a good was bought.
    """
    log_good, _ = ces_cost(rows, share, sigma, eps, np.log(price))
    spent = rows.sum_goods(price * bought)
    with np.errstate(divide="ignore"):
        log_w = np.log(spent / rows.sum_goods(share))
    log_a = log_w + (sigma[rows.good_row] - 1.0) * log_good
    return np.where(np.isfinite(log_a), log_a, np.nan)
