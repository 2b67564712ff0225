"""Fixed recipes with decreasing returns: the fixed point of `farrell`, certified.

With y = z K (X/K)^gamma and gamma < 1 capital bounds output by itself. The bound is the programme's
dual: what plants can earn at most at the prices found, and what resources are worth.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Technology
from catallax.domains.production.optimum.farrell import farrell
from catallax.domains.production.optimum.solve import made
from catallax.labs.linear_programming.certify import Shortfall

Certified = tuple[Floats, float, Floats, float, int, Shortfall]


def plan_curved(t: Technology, utility: Floats, limit: int) -> Certified:
    """(output of plants, scale, prices of sellers, bound, evaluations, shortfall).

    The scale is what is left for final users once plants have had their inputs, all scaled down
    alike until no endowment is over-used. The shortfall is what plants themselves then lack.
    """
    net = t.network
    best = farrell(t, utility, limit=limit).optimum
    assert best is not None  # utility is not all zero
    want = np.zeros(net.n)
    want[net.households] = utility
    wanted = _order(t, want)
    X = best.composite.copy()
    X[net.households] = 0.0
    use, f = _order(t, X), net.endowments
    fit = np.divide(t.supply[f], use[f], out=np.ones(f.stop), where=use[f] > 0)
    X *= min(1.0, float(np.min(fit, initial=1.0)))
    use, there = _order(t, X), made(t, X)
    left = (there - use)[net.plants]
    final = wanted[net.plants]
    scale = max(0.0, float(np.min(left[final > 0] / final[final > 0])))
    lack = np.maximum(-left, 0.0) / np.maximum(there[net.plants], 1e-300)
    worst = int(np.argmax(lack))
    price = best.price[net.sellers] / float(best.price @ wanted)
    short = Shortfall(float(lack[worst]), worst, 0.0, 0.0)
    return there[net.plants], scale, price, _prove_bound(t, price), best.iterations, short


def _order(t: Technology, composite: Floats) -> Floats:
    """What every seller has to ship for `composite` (n,) of its buyers."""
    return t.network.orders(t.norm / t.kept * composite[t.network.buyer])


def _prove_bound(t: Technology, price: Floats) -> float:
    """The most that plants earn at `price` and the worth of endowments; inf at constant returns."""
    net, i = t.network, t.network.plants
    if np.any(t.gamma[i] == 1.0):
        return np.inf
    p = np.concatenate((price, np.zeros(net.n - len(price))))
    cost = net.rows.sum(t.norm / t.kept * net.gather(p))[i]
    g, rest = t.gamma[i], 1.0 - t.gamma[i]
    best = t.K[i] * (g * p[i] * t.z[i] / cost) ** (1.0 / rest)
    profit = p[i] * t.z[i] * t.K[i] ** rest * best**g - cost * best
    return float(profit.sum() + p[net.endowments] @ t.supply[net.endowments])
