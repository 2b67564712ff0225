"""Every published number is reproduced, and no row passes when the model is wrong.

Each row was seen to fail on a package in which one line was broken; `BROKEN` says which.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import small
from catallax.domains.production.optimum import solve
from catallax.domains.production.validation import ROWS, economies
from catallax.domains.production.validation.direct import QuantityProgramme, find_best_allocation
from catallax.domains.production.validation.economies import horizontal_economy, open_economy
from catallax.errors import CatallaxError
from catallax.protocol import ValidationResult, validate

BY_ID = {row.id: row for row in ROWS}

# Row -> the line, what was put in its place, and what the row then said. Where a kernel does the
# same work as the plain version that is named, CATALLAX_PLAIN=1 was set.
BROKEN = {
    "hulten": "optimum/fixed_point.py, log_scale: 0.999 * np.log(t.z[i]); 0.9990",
    "cobb-douglas": "kernels/spending.py, _nest_cost: one = 1.001 - s; -2.3e-4",
    "horizontal": "kernels/spending.py, _demand_ratio_plainly: 1.005 * sigma...; -0.10447",
    "horizontal-decreasing": "kernels/fixed_point.py, _find_gaps_plainly: 1.005 - gamma; -0.13162",
    "eisenberg-gale": "optimum/fixed_point.py, log_scale: (1.000001 - g) * log K; 0.999993",
    "armington-5": "kernels/composites.py, _ces_quantity_plainly: 1.05 * eps[...]; 1.36",
    "armington-10": "kernels/composites.py, _ces_quantity_plainly: 1.05 * eps[...]; 0.686",
    "lucas": "measures/values.py, welfare: np.exp(log).mean(); 0.0",
    "muth-learned": "learning/track.py, _muth: ratio = walk / 1.3 / ...; 0.353",
    "calvo": "mechanisms/repricing.py, turns: draw < 1.05 * reprice; 38.17",
}


def muth(q: float) -> float:
    return (math.sqrt(q * q + 4 * q) - q) / 2


def horizontal(theta: float, gamma: float, share: float) -> float:
    return (theta - 1) / (gamma + theta * (1 - gamma)) * share * (1 - share)


# What is claimed, by its formula, to the digits with which it is declared; and how far off ours
# may be: neither moves unless it is meant to.
CLAIMED = {
    "hulten": (1.0, 1e-4),
    "cobb-douglas": (0.0, 1e-6),
    "horizontal": (horizontal(0.5, 1.0, 0.3), 1e-3 * 0.105),
    "horizontal-decreasing": (horizontal(0.5, 0.6, 0.3), 1e-3 * 0.13125),
    "eisenberg-gale": (1.0, 1e-8),
    "armington-5": (round(100 * (1 - 0.93 ** (1 / 5)), 2), 0.02),
    "armington-10": (round(100 * (1 - 0.93 ** (1 / 10)), 2), 0.02),
    "lucas": (0.5 * 0.013**2, 0.02 * 8.45e-5),
    "muth-learned": (round(muth(0.25), 5), 0.05 * 0.39039),
    "calvo": (1 / 0.025, 0.02 * 40),
}


@pytest.fixture(scope="module")
def results() -> dict[str, ValidationResult]:
    """All rows, worked out once."""
    return {result.row.id: result for result in validate(ROWS)}


@pytest.mark.parametrize("name", BY_ID)
def test_the_published_number_is_reproduced(results, name):
    result = results[name]
    assert result.passed, result.reason
    assert result.ours is not None
    assert abs(result.ours - result.row.claimed) <= result.row.allowed


@pytest.mark.parametrize("name", BY_ID)
def test_targets_and_tolerances_are_those_that_were_declared(name):
    claimed, allowed = CLAIMED[name]
    row = BY_ID[name]
    assert row.claimed == pytest.approx(claimed, rel=1e-12, abs=0)
    assert row.allowed == pytest.approx(allowed, rel=1e-12)
    assert row.domain == "production"
    assert not row.held_out


def test_every_row_has_a_target_and_was_broken_once():
    assert list(CLAIMED) == list(BY_ID)
    assert list(BROKEN) == list(BY_ID)


def skilled(t):
    """Productivity counts for a tenth less than it should."""
    return replace(t, z=t.z**0.9)


def bent(t):
    """Elasticities are slightly off."""
    return replace(t, sigma=t.sigma * 1.001)


def loose(t):
    """Elasticities between suppliers are a tenth off."""
    return replace(t, eps=t.eps * 1.1)


def poor(t):
    """Capital is slightly off."""
    return replace(t, K=t.K * (1 + 1e-6 * np.arange(t.network.n)))


WRONG = {
    "hulten": skilled,
    "cobb-douglas": bent,
    "horizontal": bent,
    "horizontal-decreasing": bent,
    "eisenberg-gale": poor,
    "armington-5": loose,
    "armington-10": loose,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_row_fails_where_the_optimum_is_that_of_something_else(monkeypatch, name):
    monkeypatch.setattr(economies, "solve", lambda t, w, **how: solve(WRONG[name](t), w, **how))
    (result,) = validate([BY_ID[name]])
    assert result.ours is not None
    assert not result.passed


def test_an_optimum_that_was_not_found_fails_the_row(monkeypatch):
    monkeypatch.setattr(economies, "solve", lambda t, w, **how: solve(t, w, limit=2))
    (result,) = validate([BY_ID["horizontal-decreasing"]])
    assert result.ours is None
    assert result.reason.startswith("an optimum was found to")


def test_the_small_economies_are_what_their_rows_say():
    share = np.array([0.3, 0.5, 0.2])
    for gamma in (0.6, 1.0):
        best = solve(horizontal_economy(share, 0.5, gamma), np.ones(1), tol=1e-12)
        assert best.sales[1:4] == pytest.approx(share, rel=1e-9)
    traded = solve(open_economy(0.93, 6.0), np.ones(1), tol=1e-12)
    spent = traded.arrive * traded.price[traded.technology.network.seller]
    home, abroad = spent[-2:]
    assert home / (home + abroad) == pytest.approx(0.93, rel=1e-9)
    # What is exported pays for what is imported.
    assert spent[1] == pytest.approx(abroad, rel=1e-9)


def test_the_gradients_of_the_direct_optimum_are_those_of_its_functions():
    economy = small(3)
    p = QuantityProgramme(economy.technology, economy.income / economy.income.sum())
    r = np.random.default_rng(0)
    point = np.log(economy.flow) + r.normal(0, 0.2, economy.network.m)
    h, turn = 1e-6, np.eye(len(point))
    slope = np.array([p.welfare(point + h * e)[0] - p.welfare(point - h * e)[0] for e in turn])
    assert p.welfare(point)[1] == pytest.approx(slope / (2 * h), abs=1e-8)
    room = np.array([p.room(point + h * e) - p.room(point - h * e) for e in turn])
    assert p.slopes(point) == pytest.approx(room.T / (2 * h), abs=1e-8)


def test_the_direct_optimum_is_better_than_what_is_near_it_and_uses_all_there_is():
    """Any move of arrivals that keeps within what there is lowers welfare."""
    economy = small(3)
    t, weight = economy.technology, economy.income / economy.income.sum()
    t = replace(t, z=t.z * 1.1)
    best = weight @ np.log(find_best_allocation(t, weight, economy.flow * 0.5).utility)
    p, r = QuantityProgramme(t, weight), np.random.default_rng(1)
    optimum = np.log(solve(t, weight, tol=1e-12).arrive)
    for _ in range(50):
        moved = optimum + r.normal(0, 0.05, len(optimum))
        for _ in range(200):  # everybody gives up what some seller lacks
            moved += np.minimum(p.room(moved), 0.0)[t.network.seller]
        assert p.room(moved).min() > -1e-9
        assert p.welfare(moved)[0] < best


def test_a_direct_optimum_that_stalls_is_told(monkeypatch):
    from catallax.domains.production.validation import direct

    monkeypatch.setattr(direct, "MET", 1e-30)
    economy = small(3)
    with pytest.raises(CatallaxError, match="left a first-order condition open"):
        find_best_allocation(economy.technology, economy.income, economy.flow)
