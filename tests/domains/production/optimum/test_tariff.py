"""The equilibrium with a wedge: by hand, by textbook equations, by identities."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import root

from catallax.domains.production.network import Network, Technology
from catallax.domains.production.optimum import Optimum, Settled, farrell, solve

INCOME = np.array([1.0, 2.0])


def taxed(make, seed: int, rate: float, **options) -> Technology:
    """A random technology with a tariff of `rate` on a third of the links between plants' goods."""
    t = make(seed, **options)
    hit = (np.arange(t.network.m) % 3 == seed % 3) & ~t.network.rows.perishable
    assert hit.any()
    return replace(t, tariff=np.where(hit, rate, 0.0))


def revenue(best: Optimum) -> float:
    """What buyers pay beyond what sellers get."""
    t = best.technology
    return float((best.ship * best.price[t.network.seller] * t.tariff).sum())


def rents(best: Optimum) -> float:
    """What endowments earn and what plants do not spend on inputs."""
    t, net = best.technology, best.technology.network
    mine = best.sales * (1.0 - t.gamma)
    return float(best.sales[net.endowments].sum() + mine[net.plants].sum())


def excess(log_p: np.ndarray, t: Technology, income: np.ndarray) -> np.ndarray:
    """Log excess demand for every seller's good, from textbook CES demand and profit maximisation.

    Nothing here is in logs, ratios or shares of spending, and plants' sales are not unknowns.
    """
    net = t.network
    p = np.exp(log_p)
    paid = p[net.seller] * (1.0 + t.tariff) / t.kept * t.norm / t.share
    demand = np.zeros(net.m)
    output = t.supply[net.sellers].copy()
    for b in range(net.endowments.stop, net.n):
        mine = np.flatnonzero(net.buyer == b)
        sigma, eps = t.sigma[b], t.eps[b]
        goods = {g: mine[net.good[mine] == g] for g in np.unique(net.good[mine])}
        weight = {g: t.share[at].sum() for g, at in goods.items()}
        price = {
            g: (t.share[at] / weight[g] @ paid[at] ** (1 - eps)) ** (1 / (1 - eps))
            for g, at in goods.items()
        }
        cost = sum(w * price[g] ** (1 - sigma) for g, w in weight.items()) ** (1 / (1 - sigma))
        if net.kind[b] == 2:
            X = income[b - net.households.start] / cost
        else:
            gamma, z, K = t.gamma[b], t.z[b], t.K[b]
            X = K * (gamma * z * p[b] / cost) ** (1 / (1 - gamma))
            output[b] = z * K * (X / K) ** gamma
        for g, at in goods.items():
            demand[at] = X * t.norm[at] * (cost / price[g]) ** sigma * (price[g] / paid[at]) ** eps
    return np.log(net.orders(demand / t.kept)[net.sellers] / output)


@pytest.mark.parametrize("rate", [0.1, 0.5, 3.0])
@pytest.mark.parametrize("seed", range(3))
def test_textbook_equations_and_another_solver_find_the_same_prices(make, seed, rate):
    t = taxed(make, seed, rate, sigma=0.6, eps=3.0, gamma=0.7)
    best = solve(t, INCOME, tol=1e-12)
    found = root(excess, np.zeros(t.network.sellers.stop), (t, INCOME), tol=1e-12)
    assert found.success
    np.testing.assert_allclose(np.exp(found.x), best.price[t.network.sellers], rtol=1e-8)
    first_best = solve(t.untaxed, INCOME, tol=1e-12).price[t.network.sellers]
    assert np.max(np.abs(np.log(first_best) - found.x)) > 0.1 * rate / (1 + rate)


@pytest.mark.parametrize("rate", [0.0, 0.25, 2.0])
@pytest.mark.parametrize(("sigma", "eps"), [(0.0, 4.0), (0.5, 4.0), (1.0, 1.0), (1.5, 10.0)])
def test_all_money_is_accounted_for_and_goods_balance(make, sigma, eps, rate):
    """Incomes are rents and the revenue, though neither is an unknown of the solver."""
    for seed in range(4):
        best = solve(taxed(make, seed, rate, sigma=sigma, eps=eps), INCOME)
        assert best.stop is Settled.CONVERGED
        assert best.balance <= 1e-9
        assert rents(best) + revenue(best) == pytest.approx(INCOME.sum(), rel=1e-9)
        assert (revenue(best) > 1e-3) == (rate > 0)


def duopoly(rate: float) -> Technology:
    """Labour makes wine at home and abroad; one household spends 0.6 and 0.4 on them for ever."""
    links = [(1, 0, 0), (2, 0, 0), (3, 1, 1), (3, 1, 2)]
    net = Network.build(
        [0, 1, 1, 2], [0, 1, 1, -1], links, ["labour", "home", "abroad", "Ann"], ["labour", "wine"]
    )
    share = np.array([1.0, 1.0, 0.6, 0.4])
    row = np.ones(net.n)
    gamma = np.array([1.0, 0.5, 0.8, 1.0])
    supply = np.array([10.0, 0.0, 0.0, 0.0])
    tariff = np.array([0.0, 0.0, 0.0, rate])
    return Technology(net, share, share, np.ones(4), row, row, gamma, row, row, supply, tariff)


@pytest.mark.parametrize("rate", [0.0, 0.25, 1.0])
def test_cobb_douglas_by_hand(rate):
    """Of an income of 100 home wine gets 60 and foreign wine 40/(1 + rate); they pay 0.5 and 0.8
    of it in wages, so the wage is that over 10 hours, and 40 rate/(1 + rate) is the revenue."""
    best = solve(duopoly(rate), np.array([100.0]), tol=1e-13)
    home, abroad = 60.0, 40.0 / (1.0 + rate)
    wage = (0.5 * home + 0.8 * abroad) / 10.0
    np.testing.assert_allclose(best.sales, [10 * wage, home, abroad, 100], rtol=1e-11)
    np.testing.assert_allclose(best.price[0], wage, rtol=1e-11)
    np.testing.assert_allclose(best.arrive[:2], [0.5 * home / wage, 0.8 * abroad / wage])
    made = [(0.5 * home / wage) ** 0.5, (0.8 * abroad / wage) ** 0.8]
    np.testing.assert_allclose(best.arrive[2:], made, rtol=1e-11)
    assert revenue(best) == pytest.approx(40.0 * rate / (1.0 + rate), rel=1e-11)


def test_what_a_small_tariff_wastes_grows_with_its_square(make):
    """Harberger's triangle: the first best is a maximum, so to first order nothing is lost."""
    for seed in range(3):
        lost = []
        for rate in (0.02, 0.04):
            t = taxed(make, seed, rate)
            lost.append(1.0 - farrell(t, solve(t, INCOME, tol=1e-13).utility, tol=1e-13).value)
        assert lost[0] > 1e-8
        assert lost[1] / lost[0] == pytest.approx(4.0, rel=0.05)


def test_a_rate_on_everything_that_households_buy_moves_no_quantity(make):
    t = make(5)
    final = np.repeat([False, True], [t.network.m - t.network.final.m, t.network.final.m])
    even = solve(replace(t, tariff=np.where(final, 0.3, 0.0)), INCOME, tol=1e-12)
    free = solve(t, INCOME, tol=1e-12)
    np.testing.assert_allclose(even.arrive, free.arrive, rtol=1e-9)
    ends = t.network.sellers
    np.testing.assert_allclose(even.price[ends], free.price[ends] / 1.3, rtol=1e-9)


def test_the_yardstick_does_not_see_the_tariff(make):
    t = taxed(make, 1, 0.5)
    utility = solve(t, INCOME).utility
    assert farrell(t, utility).value == farrell(t.untaxed, utility).value < 1 - 1e-4
    plain = t.untaxed
    assert (t.taxed, plain.taxed) == (True, False)
    assert plain.untaxed is plain


def test_a_tariff_of_zero_changes_no_bit(make):
    t = make(2)
    zero = replace(t, tariff=np.zeros(t.network.m))
    assert solve(zero, INCOME).price.tobytes() == solve(t, INCOME).price.tobytes()
