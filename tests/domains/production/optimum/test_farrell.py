"""Efficiency: one on the frontier, proportional along a ray, zero only for nothing."""

import numpy as np
import pytest

from catallax.domains.production.optimum import Settled, farrell, solve
from catallax.errors import InputError

INCOME = np.array([1.0, 2.0])


@pytest.mark.parametrize("sigma", [0.0, 0.3, 1.0, 1.5])
@pytest.mark.parametrize("ratio", [0.05, 1.0, 30.0])
def test_every_optimum_is_efficient(make, sigma, ratio):
    """Whatever the distribution; k times its utilities have efficiency k."""
    t = make(4, sigma=sigma)
    best = solve(t, np.array([ratio, 1.0]), tol=1e-12)
    for k in (1.0, 0.25, 0.9, 1.1):
        found = farrell(t, k * best.utility, tol=1e-12)
        assert found.value == pytest.approx(k, rel=1e-9)
        assert found.optimum is not None
        assert found.optimum.stop is Settled.CONVERGED
        assert found.optimum.utility == pytest.approx(best.utility, rel=1e-8)


def test_theta_raises_everybody_alike(make):
    t = make(4)
    u = np.array([0.1, 0.4])
    found = farrell(t, u)
    assert found.optimum is not None
    assert found.optimum.utility == pytest.approx(u / found.value, rel=1e-8)


def test_taking_from_one_lowers_it(make):
    t = make(4)
    u = solve(t, INCOME).utility
    less = farrell(t, u * [1.0, 0.8]).value
    assert 0.8 < less < 1


def test_a_household_at_zero_is_not_seen(make):
    """Giving the other all it could have alone is efficient, whoever starves."""
    t = make(4)
    alone = solve(t, np.array([1.0, 0.0])).utility
    assert alone[1] == 0.0
    assert farrell(t, alone).value == pytest.approx(1.0, rel=1e-8)


def test_nothing_is_worth_nothing(make):
    found = farrell(make(4), np.zeros(2))
    assert found.value == 0.0
    assert found.optimum is None


@pytest.mark.parametrize(
    "utility", [np.ones(3), np.ones((2, 1)), np.array([1.0, -0.1]), np.array([1.0, np.nan])]
)
def test_bad_utilities(make, utility):
    with pytest.raises(InputError, match="utility: expected 2 finite numbers >= 0"):
        farrell(make(4), utility)


def test_the_limit_is_a_result(make):
    found = farrell(make(4), INCOME, limit=3)
    assert found.optimum is not None
    assert found.optimum.stop is Settled.LIMIT
