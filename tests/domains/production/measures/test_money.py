"""Prices, concentration and growth: by hand, and what an index must not depend on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import generate, us15, us71
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.measures import money, values
from catallax.domains.production.measures.income_optimum import find_income_optima
from catallax.domains.production.measures.money import (
    chain_index,
    compute_concentration,
    compute_dispersion,
)
from catallax.domains.production.mechanisms import five_year_plan, habit, market
from catallax.domains.production.run import Contract, Recording, StaticOptimum, simulate


@pytest.fixture(scope="module")
def e():
    return generate(2, products=3, firms=2, households=2)


@pytest.fixture(scope="module")
def run(e):
    return simulate(Contract(e, weeks=110, settle=0), market(price_error=0.3), 1)


def with_series(run, **series):
    new = {k: np.broadcast_to(v, run.series[k].shape).astype(float) for k, v in series.items()}
    return replace(run, series={**run.series, **new})


# ---------------------------------------------------------------- price dispersion

PRODUCT = np.array([0, 1, 1, 2, 2, 2, -1])


def spread(log_price, sales):
    return compute_dispersion(np.array([*log_price, 0.0]), np.array([*sales, 0.0]), PRODUCT)


@pytest.mark.parametrize(
    ("log_price", "sales", "expected"),
    [
        ([5, 0.1, 0.3, 0, 0, 0], [9, 1, 1, 0, 0, 0], 0.1),
        ([5, 0.1, 0.3, 0, 0, 0], [9, 3, 1, 0, 0, 0], 0.2 * (0.75 * 0.25) ** 0.5),
        ([5, 0.1, 0.3, 7, 7, 7], [9, 1, 1, 2, 2, 2], 0.1 * 2 / 8),
        ([5, 0, 0, 0, 0.3, 0.6], [9, 1, 1, 1, 1, 1], 0.3 * (2 / 3) ** 0.5 * 3 / 5),
        ([5, 0.1, 0.3, 0, 0, 0], [9, 0, 1, 0, 0, 0], 0),
        ([5, 0, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0], None),
    ],
)
def test_dispersion_by_hand(log_price, sales, expected):
    found = spread(log_price, sales)
    assert found is expected if expected is None else found == pytest.approx(expected, abs=1e-15)


SIX = st.lists(st.floats(-3, 3), min_size=6, max_size=6)
SALES = st.lists(st.floats(0.01, 100), min_size=6, max_size=6)


@given(SIX, SALES, st.floats(-5, 5), st.floats(0.1, 10))
def test_dispersion_knows_no_level_no_unit_and_no_order(log_price, sales, level, unit):
    found = spread(log_price, sales)
    p, s = np.array(log_price), np.array(sales)
    assert spread(p + level, unit * s) == pytest.approx(found, abs=1e-9)
    mirror = [0, 2, 1, 5, 3, 4]
    assert spread(p[mirror], s[mirror]) == pytest.approx(found, abs=1e-12)
    widest = max(np.ptp(p[1:3]), np.ptp(p[3:]))
    assert 0 <= found <= widest / 2 + 1e-12


def test_price_dispersion_is_of_binding_prices_and_their_sales_over_weeks(run, e, value_of):
    """Two firms of the first product that has two, 0.2 logs apart in half of those that count."""
    net = e.network
    product = next(g for g in net.product[net.plants] if np.sum(net.product == g) == 2)
    one, two = np.flatnonzero(net.product == product)
    price, sold = np.ones((110, net.n)), np.zeros((110, net.n))
    price[:81, two] = np.exp(0.2)
    price[:52, two] = np.exp(0.9)  # weeks that do not count
    sold[:, one], sold[:, two] = price[:, two], 1.0  # equal sales in money
    found = value_of("price_dispersion", with_series(run, price=price, sold=sold))
    assert found == pytest.approx(0.1 / 2, rel=1e-12)
    assert value_of("price_dispersion", with_series(run, sold=0.0)) == "nothing was sold"


def test_price_dispersion_needs_prices_and_two_sellers(run, e, value_of):
    assert 0.005 < value_of("price_dispersion", run) < 0.5
    plan = simulate(run.contract, five_year_plan())
    assert value_of("price_dispersion", plan) == "no prices are posted"
    alone = generate(2, products=3, firms=1, households=2)
    lonely = simulate(Contract(alone, weeks=53, settle=0), market())
    assert value_of("price_dispersion", lonely) == "no product has two sellers"
    few = simulate(run.contract, market(), recording=Recording(rows=2))
    assert "raise Recording.rows" in value_of("price_dispersion", few)


# ---------------------------------------------------------------- concentration


@pytest.mark.parametrize(
    ("sales", "expected"),
    [
        ([9, 1, 1, 0, 0, 0], (9 * 1 + 2 * 0.5) / 11),
        ([0, 3, 1, 0, 0, 0], 0.625),
        ([0, 0, 0, 2, 2, 2], 1 / 3),
        ([0, 4, 0, 0, 0, 0], 1),
        ([1, 0, 0, 1, 1, 0], (1 * 1 + 2 * 0.5) / 3),
        ([0, 0, 0, 0, 0, 0], None),
    ],
)
def test_concentration_by_hand(sales, expected):
    found = compute_concentration(np.array(sales, float), PRODUCT[:-1])
    assert found is expected if expected is None else found == pytest.approx(expected, rel=1e-15)


@given(SALES, st.floats(0.1, 10))
def test_concentration_lies_between_equal_shares_and_monopoly(sales, unit):
    s = np.array(sales)
    found = compute_concentration(s, PRODUCT[:-1])
    least = (s[0] + s[1:3].sum() / 2 + s[3:].sum() / 3) / s.sum()
    assert least * (1 - 1e-12) <= found <= 1 + 1e-12
    assert compute_concentration(unit * s, PRODUCT[:-1]) == pytest.approx(found, rel=1e-12)
    merged = compute_concentration(s, np.array([0, 1, 1, 2, 2, 2]) * 0)
    assert merged <= found * (1 + 1e-12)  # in a wider market every share is smaller


def test_hhi_is_of_plants_at_the_prices_that_bind(run, e, value_of):
    net = e.network
    product = next(g for g in net.product[net.plants] if np.sum(net.product == g) == 2)
    one, two = np.flatnonzero(net.product == product)
    price, sold = np.ones((110, net.n)), np.zeros((110, net.n))
    sold[:, 0] = 1e6  # an endowment is no plant
    sold[:, one], sold[:, two] = 3.0, 1.0
    assert value_of("hhi", with_series(run, price=price, sold=sold)) == 0.625
    price[:, two] = 3.0
    assert value_of("hhi", with_series(run, price=price, sold=sold)) == 0.5
    assert value_of("hhi", with_series(run, sold=0.0)) == "nothing was sold"


@pytest.mark.parametrize("make", [us15, us71, lambda: generate(2, firms=1)])
def test_hhi_means_nothing_where_one_plant_stands_for_its_industry(make, value_of):
    """Of us15 and us71 imports sell beside it, which is a share of trade and no concentration."""
    lonely = simulate(Contract(make(), weeks=53, settle=0), habit())
    assert "no product has two sellers at home" in value_of("hhi", lonely)


# ---------------------------------------------------------------- growth


def test_fishers_index_by_hand():
    """Prices 1, 1 then 1, 2; quantities 1, 1 then 2, 3: sqrt(5/2 * 8/3)."""
    price, quantity = np.array([[1.0, 1], [1, 2]]), np.array([[1.0, 1], [2, 3]])
    assert chain_index(price, quantity) == pytest.approx((5 / 2 * 8 / 3) ** 0.5, rel=1e-15)


POSITIVE = st.lists(st.lists(st.floats(0.1, 10), min_size=3, max_size=3), min_size=3, max_size=3)


@given(POSITIVE, POSITIVE, st.floats(0.2, 5))
def test_fishers_index_has_the_properties_that_made_it_ideal(p, q, k):
    price, quantity = np.array(p), np.array(q)
    found = chain_index(price, quantity)
    # Inflation is no growth; nor does the unit of a good matter.
    inflated = price * np.array([[1.0], [k], [1 / k]])
    assert chain_index(inflated, quantity) == pytest.approx(found, rel=1e-9)
    unit = np.array([k, 1.0, 2.0])
    assert chain_index(price / unit, quantity * unit) == pytest.approx(found, rel=1e-9)
    # Equal growth of all goods is growth; there and back again is none.
    grown = quantity[0] * np.array([[1.0], [k], [k * k]])
    assert chain_index(price, grown) == pytest.approx(k * k, rel=1e-9)
    assert chain_index(price[::-1], quantity[::-1]) == pytest.approx(1 / found, rel=1e-9)
    # It lies between what the old and the new prices say.
    two = chain_index(price[:2], quantity[:2])
    old, new = price[0] @ quantity[1] / (price[0] @ quantity[0]), price[1] @ quantity[1]
    new = new / (price[1] @ quantity[0])
    assert min(old, new) * (1 - 1e-12) <= two <= max(old, new) * (1 + 1e-12)


def test_gdp_chains_yearly_means_at_posted_prices(run, e, value_of):
    """Final users' use doubles in the first year and stays; only full years count."""
    net = e.network
    base = net.orders(np.where(net.rows.linked(2), e.flow, 0.0))
    final = np.broadcast_to(2 * base, (110, net.n)).copy()
    final[::2] *= 1.5
    final[1:104:2] *= 0.5
    final[104:] *= 100.0  # the third year is not full
    assert value_of("gdp", with_series(run, final=final)) == pytest.approx(2, rel=1e-12)
    with_none = final.copy()
    with_none[:52] = 0.0
    assert value_of("gdp", with_series(run, final=with_none)) == (
        "final users had nothing in some year"
    )
    # One good trebles in the second year, at the prices of both years.
    grown = np.broadcast_to(base, (110, net.n)).copy()
    metal = net.plants.start
    grown[52:, metal] *= 3
    price = np.ones((110, net.n))
    price[52:, metal] = 2.0
    share = base[metal] / base.sum()
    fisher = np.sqrt((1 + 2 * share) * (1 + 5 * share) / (1 + share))
    found = value_of("gdp", with_series(run, final=grown, price=price))
    assert found == pytest.approx(fisher, rel=1e-12)


def test_gdp_takes_the_optimums_prices_where_none_are_posted(run, e, value_of):
    plan = simulate(run.contract, five_year_plan(), 3)
    weeks, prices = plan.sampled["weeks"], find_income_optima(plan).price
    assert np.ptp(prices, axis=0).max() > 0.01
    between = np.array([np.interp(np.arange(110), weeks, p) for p in prices.T]).T
    final = plan.series["final"]
    net = e.network
    base = net.orders(np.where(net.rows.linked(2), e.flow, 0.0))
    yearly = [np.array([x[:52].mean(0), x[52:104].mean(0)]) for x in (between, final)]
    expected = chain_index(np.vstack([np.ones(net.n), yearly[0]]), np.vstack([base, yearly[1]]))
    assert value_of("gdp", plan) == pytest.approx(expected, rel=1e-12)


def test_gdp_takes_no_prices_from_an_optimum_that_was_not_found(run, monkeypatch, value_of):
    plan = simulate(run.contract, five_year_plan(), 3)
    failed = replace(find_income_optima(plan), unsolved=(8, 60))
    for module in (money, values):
        monkeypatch.setattr(module, "find_income_optima", lambda _: failed)
    assert value_of("gdp", plan) == "the optimum of week 8 was not found"
    assert value_of("satisfaction", plan) == value_of("gdp", plan)
    assert isinstance(value_of("gdp", run), float)  # posted prices need no optimum


def test_the_base_year_is_one_and_a_short_run_has_no_year(e, value_of):
    law = KnowledgeLaw(dispersion=0, drift=0)
    still = simulate(Contract(e, law, weeks=104, settle=0), StaticOptimum())
    assert value_of("gdp", still) == pytest.approx(1, abs=1e-7)
    assert "shorter than a year" in value_of(
        "gdp", simulate(Contract(e, weeks=51, settle=0), market())
    )


def test_gdp_counts_what_is_used_as_it_was_shipped(value_of):
    """With half of everything lost on the way the base year is still one."""
    e = generate(2, products=3, firms=1, households=2, lead=2, decay=0.2)
    law = KnowledgeLaw(dispersion=0, drift=0)
    still = simulate(Contract(e, law, weeks=52, settle=0), StaticOptimum())
    assert value_of("gdp", still) == pytest.approx(1, abs=1e-7)
