"""Leontief economies against linear programming (HiGHS): gamma = 1, sigma = eps = 0."""

import numpy as np
import pytest
from scipy.optimize import linprog

from catallax.domains.production.network import Technology
from catallax.domains.production.optimum import Settled, solve

INCOME = np.array([3.0])


def programme(t: Technology) -> tuple[float, np.ndarray, np.ndarray]:
    """Most utility of the one household, composites (n,) and shadow prices (sellers,) in utility.

    max X_h  s.t. each seller: sum over links norm X_buyer / kept <= z X, or <= supply.
    """
    net = t.network
    use = np.zeros((net.sellers.stop, net.n))
    np.add.at(use, (net.seller, net.buyer), t.norm / t.kept)
    plants = np.arange(net.n)[net.plants]
    use[plants, plants] -= t.z[plants]
    goal = -(net.kind == 2).astype(float)
    bounds = [(0, 0 if k == 0 else None) for k in net.kind]
    done = linprog(goal, A_ub=use, b_ub=t.supply[net.sellers], bounds=bounds, method="highs")
    assert done.status == 0, done.message
    return -done.fun, done.x, -done.ineqlin.marginals


@pytest.mark.parametrize("endowments", [1, 3, 5])
@pytest.mark.parametrize("seed", range(6))
def test_one_household(make, seed, endowments):
    t = make(seed, endowments=endowments, plants=8, households=1, sigma=0.0, eps=0.0, gamma=1.0)
    net = t.network
    utility, composite, shadow = programme(t)
    best = solve(t, INCOME)
    assert best.stop is Settled.CONVERGED
    assert best.utility[0] == pytest.approx(utility, rel=1e-6)
    assert best.composite == pytest.approx(composite, rel=1e-6)
    # A shadow price in utility is worth income / utility in money.
    money = shadow * INCOME[0] / utility
    assert best.price[net.sellers] == pytest.approx(money, rel=1e-6, abs=1e-6 * money.max())


@pytest.mark.parametrize("seed", range(6))
def test_complementary_prices(make, seed):
    """Slack has no price, income buys just what binds, and no plant earns or loses anything."""
    t = make(seed, endowments=5, plants=8, households=1, sigma=0.0, eps=0.0, gamma=1.0)
    net, best = t.network, solve(t, INCOME)
    f = net.endowments
    unused = t.supply[f] - net.orders(best.ship)[f]
    assert np.sum(unused > 1e-3 * t.supply[f]) >= 3
    assert np.abs(best.price[f] * unused).max() <= 1e-9 * INCOME[0]
    assert best.price[f] @ t.supply[f] == pytest.approx(INCOME[0], rel=1e-9)
    paid = net.rows.sum(net.gather(best.price) * best.ship)
    i = net.plants
    assert paid[i] == pytest.approx(best.price[i] * best.output[i], rel=1e-9)
