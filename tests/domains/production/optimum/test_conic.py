"""The fixed point against a conic programme, written in quantities and solved by Clarabel."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.network import Technology
from catallax.domains.production.optimum import Optimum, Settled, farrell, solve

INCOME = np.array([1.0, 2.0])


def agree(best: Optimum, other) -> None:
    """Utilities to 1e-6; prices and flows to 1e-4 wherever a seller earns 1e-5 of all income.

    What costs nothing is wasted by one solver and not by the other, so its flow means nothing.
    """
    net = best.technology.network
    assert best.stop is Settled.CONVERGED
    assert best.utility == pytest.approx(other.utility, rel=1e-6)
    priced = best.sales[net.sellers] > 1e-5 * best.income.sum()
    price = best.price[net.sellers]
    assert price[priced] == pytest.approx(other.price[priced], rel=1e-4)
    value = other.price * np.where(net.kind == 0, best.technology.supply, 0.0)[net.sellers]
    assert value[~priced] == pytest.approx(0.0, abs=2e-5 * best.income.sum())
    bought = priced[net.seller]
    assert best.arrive[bought] == pytest.approx(other.arrive[bought], rel=1e-4)


CASES = [
    (sigma, eps, gamma)
    for sigma in (0.0, 0.05, 0.3, 0.9, 1.0, 1.5)
    for eps, gamma in ((0.0, 0.8), (1.0, 0.6), (4.0, 0.95), (10.0, 0.8), (10.0, 0.95))
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("sigma", "eps", "gamma"), CASES)
def test_optimum(make, conic, sigma, eps, gamma, seed):
    t = make(seed, sigma=sigma, eps=eps, gamma=gamma)
    agree(solve(t, INCOME), conic.best(t, INCOME))


@pytest.mark.parametrize("sigma", [1 - 1e-9, 1 + 1e-9])
@pytest.mark.parametrize("gamma", [0.6, 0.95])
def test_beside_cobb_douglas(make, conic, sigma, gamma):
    """Utility moves by some 1e-9 for 1e-9 in sigma; a textbook power would err by 1e-7 a nest."""
    exact = solve(make(1, sigma=1.0, gamma=gamma), INCOME)
    near = solve(make(1, sigma=sigma, gamma=gamma), INCOME)
    agree(near, conic.best(make(1, sigma=1.0, gamma=gamma), INCOME))
    assert near.utility == pytest.approx(exact.utility, rel=1e-8)
    assert near.price == pytest.approx(exact.price, rel=1e-8)


def mixed(make, seed: int) -> Technology:
    """Every row has elasticities and returns of its own, among them exact zeros and ones."""
    t = make(seed, endowments=3, plants=8, households=3)
    r, n = np.random.default_rng(seed), t.network.n
    gamma = np.where(t.network.kind == 1, r.choice([0.6, 0.8, 0.95], n), 1.0)
    sigma, eps = r.choice([0.0, 0.2, 0.7, 1.0, 1.5], n), r.choice([0.0, 1.0, 2.0, 5.0, 10.0], n)
    return replace(t, sigma=sigma, eps=eps, gamma=gamma)


@pytest.mark.parametrize("seed", range(8))
def test_every_row_different(make, conic, seed):
    t = mixed(make, seed)
    income = np.array([1.0, 2.0, 0.5])
    agree(solve(t, income), conic.best(t, income))


@pytest.mark.parametrize("seed", range(8))
def test_farrell(make, conic, seed):
    """theta of a feasible allocation: below a mixture of two optima, by random factors."""
    t = mixed(make, seed)
    r = np.random.default_rng([seed, 1])
    ends = [solve(t, r.lognormal(0, 1, 3)).utility for _ in range(2)]
    u = (0.5 * ends[0] + 0.5 * ends[1]) * r.uniform(0.2, 1, 3)
    theta = conic.scale(t, u).value
    assert theta > 1
    assert farrell(t, u).value == pytest.approx(1 / theta, rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_farrell_with_a_household_at_zero(make, conic, seed):
    t = mixed(make, seed)
    u = np.array([1.0, 0.0, 2.0])
    found = farrell(t, u)
    assert found.value == pytest.approx(1 / conic.scale(t, u).value, rel=1e-6)
    assert found.optimum is not None
    assert found.optimum.utility[1] == 0.0
