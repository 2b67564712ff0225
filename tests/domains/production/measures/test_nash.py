"""Nash welfare: by hand, and never above efficiency."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import Shock, generate, small
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.measures import (
    MEASURES,
    Assessed,
    assess,
    find_best_log,
    measure_nash_welfare,
)
from catallax.domains.production.mechanisms import five_year_plan, market
from catallax.domains.production.optimum import farrell, solve
from catallax.domains.production.run import Contract, StaticOptimum, draw_truths, simulate


@pytest.fixture(scope="module")
def e():
    return generate(2, products=3, firms=1, households=3)


@pytest.fixture(scope="module")
def run(e):
    return simulate(Contract(e, weeks=9, settle=0), market(), 1)


def with_utility(run, utility, weeks=range(9)):
    weeks = np.array(weeks)
    series = {**run.series, "utility": np.array(utility)}
    ones = np.ones((len(weeks), run.contract.economy.network.n))
    return Assessed(replace(run, series=series), weeks, ones[:, 0], ones)


def optimal(run):
    """(weeks, H) utilities of each week's optimum."""
    c = run.contract
    return np.array([solve(t.whole, c.economy.income).utility for t in draw_truths(c, run.seed)])


def test_it_is_a_weighted_geometric_mean_of_shares_of_the_optimum(e, run):
    u, w = optimal(run), e.income / e.income.sum()
    assert measure_nash_welfare(with_utility(run, u), None).value == pytest.approx(1.0, abs=1e-7)
    u[4:7] *= 0.5
    u[8, 0] *= 0.25
    expected = 0.5 ** (3 / 9) * 0.25 ** (w[0] / 9)
    assert measure_nash_welfare(with_utility(run, u), None).value == pytest.approx(
        expected, abs=1e-7
    )


def test_a_week_that_is_looked_at_stands_for_those_around_it(run):
    u = optimal(run)
    u[4] *= 0.5
    # Of weeks 0, 4 and 8, week 4 is the nearest to weeks 3, 4 and 5 and shares 2 and 6.
    found = measure_nash_welfare(with_utility(run, u, [0, 4, 8]), None)
    assert found.value == pytest.approx(0.5 ** (4 / 9), abs=1e-7)


def test_weeks_count_with_the_look_that_is_nearest_however_far_apart_looks_are(run):
    u = optimal(run)
    u[3] *= 0.5
    # Of weeks 0, 3 and 8, week 3 is the nearest to weeks 2 to 5.
    found = measure_nash_welfare(with_utility(run, u, [0, 3, 8]), None)
    assert found.value == pytest.approx(0.5 ** (4 / 9), abs=1e-7)


def test_final_users_without_income_do_not_count(e, run):
    own = e.own.copy()
    own[:, 2] = 0.0
    own /= own.sum(axis=1, keepdims=True)
    poor = replace(run, contract=replace(run.contract, economy=replace(e, own=own)))
    u = optimal(poor)
    assert not u[:, 2].any()
    assert measure_nash_welfare(with_utility(poor, u), None).value == pytest.approx(1.0, abs=1e-7)


def test_where_there_is_none_it_says_why(run, monkeypatch):
    u = optimal(run)
    u[3, 1] = 0.0
    assert "had nothing" in measure_nash_welfare(with_utility(run, u), None).reason
    assert "no week" in measure_nash_welfare(with_utility(run, u, []), None).reason
    monkeypatch.setattr(
        "catallax.domains.production.measures.income_optimum.solve",
        lambda *a, **k: solve(*a, **{**k, "limit": 1}),
    )
    fresh = replace(run, seed=run.seed + 1)  # no optimum of it is remembered
    other = with_utility(fresh, optimal(run))
    assert "optimum of week 0" in measure_nash_welfare(other, None).reason


@given(
    seed=st.integers(0, 1000),
    share=st.lists(st.floats(0.05, 2.0), min_size=3, max_size=3),
)
def test_it_never_exceeds_efficiency(e, seed, share):
    """Eisenberg and Gale's first-order condition and Jensen's inequality (see the module)."""
    c = Contract(e, KnowledgeLaw(dispersion=0.5), weeks=1, settle=0)
    (truth,) = draw_truths(c, seed)
    best = solve(truth.whole, e.income).utility
    w = e.income / e.income.sum()
    found = farrell(truth.whole, best * share).value
    assert np.exp(np.log(share) @ w) <= found * (1 + 1e-7)
    even = farrell(truth.whole, best * share[0]).value
    assert even == pytest.approx(share[0], rel=1e-7)


@pytest.mark.parametrize("make", [StaticOptimum, market, five_year_plan])
@pytest.mark.parametrize("seed", [0, 1])
def test_nor_does_it_in_any_week_of_a_real_run(make, seed):
    c = Contract(small(seed), shocks=(Shock("ore", 8, 0.5),), weeks=20, settle=0)
    run = simulate(c, make(), seed)
    path = assess(run, range(20))
    w = c.economy.income / c.economy.income.sum()
    week = np.log(run.series["utility"]) @ w - find_best_log(c, seed, range(20))
    assert np.all(np.exp(week) <= path.efficiency + 1e-6)
    value = MEASURES["nash_welfare"].function(path, None).value
    assert value == pytest.approx(np.exp(week.mean()), rel=1e-12)
    assert value <= np.exp(np.log(path.efficiency).mean()) + 1e-6
