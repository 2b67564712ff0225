"""Leontief plans: two methods against each other, certificates, and what a bad plan lacks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from catallax.domains.production.optimum import farrell
from catallax.errors import InputError
from catallax.kernels import threads
from catallax.labs.linear_programming import (
    PlanStatus,
    Recipes,
    certify,
    find_gross_output,
    plan_largest_scale,
)
from catallax.labs.linear_programming.certify import find_shortfall, prove_bound, repair_plan
from catallax.labs.linear_programming.curved import plan_curved
from catallax.labs.linear_programming.passes import Passes
from tests.domains.production.optimum.conftest import random_technology as make

UTILITY = np.array([1.0, 2.0])


def draw(seed, n=None, techniques=None, resources=None):
    """Recipes of any shape: idle and missing capacities, slack and missing resources."""
    r = np.random.default_rng(seed)
    n = int(r.integers(1, 9)) if n is None else n
    p = n + int(r.integers(0, 9)) if techniques is None else techniques
    f = int(r.integers(0, 4)) if resources is None else resources
    goods = r.exponential(size=(p, n)) * (r.random((p, n)) < r.uniform(0.1, 0.9))
    goods *= (r.uniform(0.1, 0.9, p) / np.maximum(goods.sum(axis=1), 1e-9))[:, None]
    flows = r.exponential(size=(p, f)) * (r.random((p, f)) < r.uniform(0.3, 1))
    flows[:, :1] += 0.05
    capacity = np.where(r.random(p) < r.random(), r.exponential(size=p) * 2, np.inf)
    capacity = np.where(np.isinf(capacity) & (f == 0), r.exponential(size=p), capacity)
    demand = r.exponential(size=n) * (r.random(n) < 0.6)
    demand[0] += 0.1
    row, column = np.nonzero(np.hstack((goods, flows)))
    return Recipes.of_links(
        row,
        column,
        np.hstack((goods, flows))[row, column],
        product=np.concatenate((np.arange(n), r.integers(0, n, p - n))),
        capacity=capacity,
        supply=r.exponential(size=f) * 3,
        demand=demand,
    )


def programme(r):
    """The largest scale by HiGHS, written out densely and apart from the package."""
    taken = np.zeros((r.techniques, r.columns))
    np.add.at(taken, (np.repeat(np.arange(r.techniques), np.diff(r.start)), r.input), r.amount)
    made = np.zeros_like(taken)
    made[np.arange(r.techniques), r.product] = 1.0
    wants = np.concatenate((r.demand, np.zeros(len(r.supply))))
    done = linprog(
        np.append(np.zeros(r.techniques), -1.0),
        A_ub=np.column_stack(((taken - made).T, wants)),
        b_ub=np.concatenate((np.zeros(r.products), r.supply)),
        bounds=[*((0.0, c) for c in r.capacity), (0.0, None)],
        method="highs",
    )
    assert done.status == 0, done.message
    return -done.fun


def holds(r, activity, scale):
    """Largest violation of a row of the programme, as a share of what is there."""
    taken = sparse.csr_matrix((r.amount, r.input.astype(int), r.start), (r.techniques, r.columns))
    use, made = taken.T @ activity, np.bincount(r.product, activity, r.products)
    need = np.concatenate((use[: r.products] + scale * r.demand, use[r.products :], activity))
    there = np.concatenate((made, r.supply, r.capacity))
    return float(np.max((need - there)[need > 0] / need[need > 0], initial=0.0))


@given(st.integers(0, 2**32), st.sampled_from(["highs", "iterate"]))
def test_the_largest_scale(seed, method):
    r = draw(seed)
    best = programme(r)
    plan = plan_largest_scale(r, method=method)
    assert plan.scale == pytest.approx(best, rel=1e-7, abs=1e-12)
    assert holds(r, plan.activity, plan.scale) <= 1e-12
    assert plan.bound >= plan.scale * (1 - 1e-12)
    assert plan.shortfall.worst <= 1e-9
    if best > 1e-9:
        assert plan.stop is PlanStatus.FOUND
        assert plan.gap <= 1e-8


@pytest.mark.parametrize("seed", range(4))
def test_many_techniques_resources_and_capacities(seed):
    r = draw(seed, n=120, techniques=200, resources=6)
    r = replace(r, capacity=np.full(200, np.inf))
    free = plan_largest_scale(r, method="highs").activity
    rivals = np.bincount(r.product)[r.product] > 1
    used = (free > 0) & rivals & (np.arange(200) % 3 > 0)
    near = free * np.random.default_rng(seed).uniform(0.6, 1.1, 200)
    r = replace(r, capacity=np.where(used, near, np.inf))
    plan = plan_largest_scale(r, method="iterate")
    assert plan.stop is PlanStatus.FOUND
    assert plan.scale == pytest.approx(programme(r), rel=1e-8)
    assert np.sum(plan.activity >= r.capacity * (1 - 1e-9)) >= 3  # capacities do bind


def test_prices_are_complementary():
    r = draw(11, n=60, techniques=90, resources=4)
    plan = plan_largest_scale(r, method="iterate", tol=1e-10)
    v = np.concatenate((plan.price, plan.worth))
    use = Passes(r).use(plan.activity)
    gain = plan.price[r.product] - Passes(r).cost(v)
    value = plan.scale  # of final demand, which costs 1 at scale 1
    assert plan.price @ r.demand == pytest.approx(1.0)
    assert np.abs(plan.worth * (r.supply - use[r.products :])).max() <= 1e-7 * value
    assert np.abs(plan.activity * np.minimum(gain, 0.0)).max() <= 1e-7 * value
    room = np.isfinite(r.capacity)
    spare = (r.capacity - plan.activity)[room]
    assert np.abs(np.maximum(gain[room], 0.0) * spare).max() <= 1e-7 * value


def test_a_product_whose_techniques_all_bind_is_a_bottleneck():
    """Two techniques for bread of 3 and 4 units, flour unbounded: 7 loaves and no more."""
    r = Recipes.of_links(
        [0, 0, 1, 1, 2],
        [1, 2, 1, 2, 2],
        [0.5, 0.1, 0.6, 0.1, 0.2],
        product=[0, 0, 1],
        capacity=[3.0, 4.0, np.inf],
        supply=[100.0],
        demand=[1.0, 0.0],
    )
    for method in ("highs", "iterate"):
        plan = plan_largest_scale(r, method=method)
        assert plan.scale == pytest.approx(7.0, rel=1e-12)
        assert plan.worth == pytest.approx([0.0], abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("method", ["highs", "iterate"])
def test_a_technology_without_choices_has_the_scale_of_its_optimum(seed, method):
    t = make(seed, plants=8, sigma=0.0, eps=0.0, gamma=1.0)
    plan = plan_largest_scale(t, UTILITY, method=method)
    assert plan.scale == pytest.approx(1.0 / farrell(t, UTILITY).value, rel=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_pooled_plants_are_techniques_and_capital_bounds_them(seed):
    t = make(seed, plants=8, sigma=0.0, eps=0.0, gamma=1.0)
    free = plan_largest_scale(t, UTILITY, pooled=True)
    bound = plan_largest_scale(t, UTILITY, pooled=True, capacity=True)
    assert len(free.activity) == 8
    assert len(free.price) == 4
    assert free.scale > bound.scale * 1.01
    assert np.all(bound.activity <= (t.z * t.K)[t.network.plants] * (1 + 1e-12))


@pytest.mark.parametrize("seed", range(4))
def test_decreasing_returns_by_the_fixed_point(seed):
    t = make(seed, plants=8, sigma=0.0, eps=0.0, gamma=0.8)
    plan = plan_largest_scale(t, UTILITY)
    assert plan.method == "fixed point"
    assert plan.stop is PlanStatus.FOUND
    assert plan.scale == pytest.approx(1.0 / farrell(t, UTILITY).value, rel=1e-8)
    assert 0 <= plan.gap <= 1e-8


def test_same_bits_for_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(threads, "GRAIN", 1)
    bits = set()
    for number in ("1", "2"):
        monkeypatch.setenv(threads.THREADS, number)
        plan = plan_largest_scale(draw(5, n=60, techniques=90, resources=3), method="iterate")
        bits.add(plan.activity.tobytes() + plan.price.tobytes())
    assert len(bits) == 1


def _fine(seed=2):
    r = draw(seed, n=12, techniques=12, resources=2)
    r = replace(r, capacity=np.full(12, np.inf), supply=np.full(2, 1e9))
    return Passes(r), find_gross_output(r, tol=1e-13).output


def test_a_good_plan_lacks_nothing():
    passes, x = _fine()
    assert find_shortfall(passes, x, 1.0).worst <= 1e-11


def test_shortfall_finds_one_bad_product():
    """A wanted product made 1 % too little lacks that from what final users were to get."""
    passes, x = _fine()
    r = passes.recipes
    i = int(np.argmax(r.demand))
    bad = x.copy()
    bad[i] *= 0.99
    own = r.amount[r.start[i] : r.start[i + 1]][r.input[r.start[i] : r.start[i + 1]] == i].sum()
    lacks = 0.01 * x[i] * (1 - own) / r.demand[i]
    found = find_shortfall(passes, bad, 1.0)
    assert found.which == i
    assert found.product == pytest.approx(lacks, rel=1e-9)
    assert found.resource == found.capacity == 0.0


def test_shortfall_finds_a_product_that_only_plants_want():
    passes, x = _fine()
    i = int(np.flatnonzero((passes.recipes.demand == 0) & (passes.use(x)[:12] > 0))[0])
    bad = x.copy()
    bad[i] *= 0.5
    assert find_shortfall(passes, bad, 1.0).product > 0.4


def test_shortfall_finds_overused_resources_and_capacities():
    passes, x = _fine()
    use = passes.use(x)[12:]
    poor = Passes(replace(passes.recipes, supply=use / np.array([1.0, 1.25])))
    found = find_shortfall(poor, x, 1.0)
    assert found.resource == pytest.approx(0.2)
    assert found.product == pytest.approx(0.2)  # all is scaled down alike
    tight = Passes(replace(passes.recipes, capacity=np.where(np.arange(12) == 3, x / 2, np.inf)))
    found = find_shortfall(tight, x, 1.0)
    assert found.capacity == pytest.approx(0.5)
    assert found.product == pytest.approx(0.5)


@given(st.integers(0, 2**32), st.floats(1e-6, 0.3))
def test_repair_and_bound_hold_for_any_plan_and_any_prices(seed, noise):
    """Whatever is handed in, the plan can be carried out and the bound is one."""
    r = draw(seed)
    plan, rng = plan_largest_scale(r, method="highs"), np.random.default_rng([seed, 1])
    passes = Passes(r)
    x, s = repair_plan(passes, plan.activity * rng.lognormal(0, noise, r.techniques), plan.scale)
    assert holds(r, x, s) <= 1e-12
    assert s <= plan.bound * (1 + 1e-9)
    v = np.concatenate((plan.price, plan.worth)) * rng.lognormal(0, noise, r.columns)
    assert prove_bound(passes, v)[1] >= plan.scale * (1 - 1e-9)


def test_recipes_that_take_more_than_they_make():
    for method in ("highs", "iterate"):
        plan = plan_largest_scale(
            Recipes.of_links([0, 0], [0, 1], [1.5, 1.0], demand=[1.0], supply=[1.0]), method=method
        )
        assert plan.stop is PlanStatus.NONE
        assert plan.scale == 0.0
        assert plan.gap == np.inf


def test_errors_teach():
    r = draw(1, n=3, techniques=4, resources=1)
    with pytest.raises(InputError, match=r"unknown method 'high'.*'highs'"):
        plan_largest_scale(r, method="high")
    with pytest.raises(InputError, match="go with a technology"):
        plan_largest_scale(r, UTILITY)
    with pytest.raises(InputError, match="no technique makes product 1"):
        plan_largest_scale(Recipes.of_links([0], [0], [0.1], product=[0], demand=[1.0, 1.0]))
    with pytest.raises(InputError, match="no resource and no capacity"):
        plan_largest_scale(Recipes.of_links([0], [0], [0.1], demand=[1.0]))
    with pytest.raises(InputError, match=r"sigma of 'row 3' is 0.5, expected 0"):
        plan_largest_scale(make(0, eps=0.0), UTILITY)
    with pytest.raises(InputError, match="needs `utility`"):
        plan_largest_scale(make(0, sigma=0.0, eps=0.0, gamma=1.0))
    with pytest.raises(InputError, match="utility: expected 2 finite numbers"):
        plan_largest_scale(make(0, sigma=0.0, eps=0.0), [1.0, -1.0])
    with pytest.raises(InputError, match="capacity and pooled need constant returns"):
        plan_largest_scale(make(0, sigma=0.0, eps=0.0), UTILITY, pooled=True)


@pytest.mark.parametrize("method", ["highs", "iterate"])
def test_nothing_bounds_the_scale(method):
    """The one resource is needed by nothing that is wanted."""
    r = Recipes.of_links([0, 1], [0, 2], [0.1, 1.0], demand=[1.0, 0.0], supply=[1.0])
    with pytest.raises(InputError, match="nothing bounds the scale"):
        plan_largest_scale(r, method=method)


def test_who_lacks_an_input_makes_less():
    """Half the ore is half the steel: final users of steel lack half, ore itself is as planned."""
    r = Recipes.of_links([1, 0], [0, 2], [1.0, 0.1], demand=[0.0, 1.0], supply=[9.0])
    found = find_shortfall(Passes(r), np.array([0.5, 1.0]), 1.0)
    assert found.product == pytest.approx(0.5)
    assert found.which == 1


@pytest.mark.parametrize("seed", range(6))
def test_a_bound_holds_where_prices_are_not_lowered(seed, monkeypatch):
    """Resources made dearer pay for whatever techniques still gain."""
    monkeypatch.setattr(certify, "ROUNDS", 0)
    r = draw(seed, n=6, techniques=9, resources=2)
    r = replace(r, capacity=np.full(9, np.inf))
    plan, rng = plan_largest_scale(r, method="highs"), np.random.default_rng(seed)
    v = np.concatenate((plan.price, plan.worth)) * rng.uniform(0.95, 1.05, r.columns)
    assert plan.scale * (1 - 1e-9) <= prove_bound(Passes(r), v)[1] < np.inf


@pytest.mark.parametrize("limit", [2, 5, 20_000])
def test_a_plan_under_decreasing_returns_fits_its_endowments_however_early_it_stops(limit):
    t = make(3, plants=8, sigma=0.0, eps=0.0, gamma=0.8)
    activity, scale, *_, short = plan_curved(t, UTILITY, limit)
    net, i, f = t.network, t.network.plants, t.network.endowments
    composite = np.zeros(net.n)
    composite[i] = t.K[i] * (activity / (t.z[i] * t.K[i])) ** (1 / t.gamma[i])
    composite[net.households] = scale * UTILITY
    use = net.orders(t.norm / t.kept * composite[net.buyer])
    assert np.all(use[f] <= t.supply[f] * (1 + 1e-12))
    assert np.all(use[i] <= activity * (1 + short.product + 1e-12))
    assert short.product > 1e-6 if limit == 2 else short.product <= 1e-6 or limit < 100
