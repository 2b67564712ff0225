"""How final users are served, and how long orders wait: by hand and at rest."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import generate
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.measures.income_optimum import find_income_optima
from catallax.domains.production.measures.values import find_share_served
from catallax.domains.production.mechanisms import market
from catallax.domains.production.optimum import solve
from catallax.domains.production.run import (
    Contract,
    Recording,
    StaticOptimum,
    draw_truths,
    simulate,
)

REST = KnowledgeLaw(dispersion=0, drift=0)


@pytest.fixture(scope="module")
def e():
    return generate(2, products=3, households=2)


@pytest.fixture(scope="module")
def run(e):
    return simulate(Contract(e, weeks=60, settle=0), market(), 1)


# ---------------------------------------------------------------- claims


def test_claims_are_the_optimum_at_base_year_incomes(run, e):
    found, net = find_income_optima(run), e.network
    facts = list(draw_truths(run.contract, run.seed))
    home = net.rows.good_row[-len(net.final.good_row) :]
    assert np.all(net.kind[home] == 2)
    for k, week in enumerate(run.sampled["weeks"]):
        exact = solve(facts[int(week)].whole, e.income, tol=1e-12)
        np.testing.assert_allclose(found.price[k], exact.price, rtol=1e-5)
        units = net.rows.sum_goods(exact.arrive)[-len(home) :]
        np.testing.assert_allclose(found.units[k], units, rtol=1e-5)
        spending = np.bincount(home - net.households.start, found.value[k])
        np.testing.assert_allclose(spending, e.income, rtol=1e-5)
    assert found.unsolved == ()


def test_claims_do_not_depend_on_the_institution_and_are_worked_out_once(run):
    other = simulate(run.contract, StaticOptimum(), run.seed)
    again = simulate(Contract(run.contract.economy, weeks=60, settle=0), market(), run.seed)
    assert find_income_optima(other) is find_income_optima(run)
    assert find_income_optima(again) is find_income_optima(run)
    assert find_income_optima(simulate(run.contract, market(), 2)) is not find_income_optima(run)
    assert find_income_optima(
        replace(run, sampled={"weeks": np.array([8.0])})
    ) is not find_income_optima(run)


# ---------------------------------------------------------------- satisfaction


@pytest.mark.parametrize(
    ("used", "value", "share"),
    [
        ([2, 4], [1, 1], 1),
        ([1, 4], [1, 1], 3 / 4),  # half of one good of two
        ([1, 4], [3, 1], 5 / 8),
        ([9, 2], [1, 1], 3 / 4),  # plenty of one does not make up for want of another
        ([0, 0], [1, 1], 0),
        ([1.8, 3.6], [1, 5], 0.9),
    ],
)
def test_satisfaction_of_two_goods_by_hand(used, value, share):
    """2 and 4 units are the optimum's."""
    found = find_share_served(*(np.array([x], dtype=float) for x in (used, [2, 4], value)))
    np.testing.assert_allclose(found, [share], rtol=1e-15)


AMOUNTS = st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(lambda x: np.array([x]))
SOME = st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3).map(lambda x: np.array([x]))


@given(AMOUNTS, SOME, SOME, st.floats(0.1, 10))
def test_satisfaction_is_a_share_that_more_never_lowers(used, wanted, value, factor):
    found = find_share_served(used, wanted, value)
    assert -1e-15 <= found[0] <= 1 + 1e-12
    assert find_share_served(np.maximum(used, wanted / 2), wanted, value)[0] >= found[0] - 1e-15
    np.testing.assert_allclose(find_share_served(used, wanted, factor * value), found, rtol=1e-12)
    np.testing.assert_allclose(
        find_share_served(factor * used, factor * wanted, value), found, rtol=1e-9
    )


def test_everybody_is_satisfied_at_rest(e, value_of):
    run = simulate(Contract(e, REST, weeks=60, settle=0), StaticOptimum())
    assert value_of("satisfaction", run) == pytest.approx(1, abs=1e-6)


def test_satisfaction_is_of_what_was_used_from_week_52_on(run, value_of):
    wanted = find_income_optima(run).units
    half = np.where(run.sampled["weeks"][:, None] < 52, 99.0, 0.5) * wanted
    assert value_of("satisfaction", replace(run, sampled={**run.sampled, "used": half})) == 0.5
    half[-1] *= 2  # all is well in week 59, after 56
    found = value_of("satisfaction", replace(run, sampled={**run.sampled, "used": half}))
    assert found == pytest.approx((0.5 * 4 + 0.75 * 3) / 7, rel=1e-12)


def test_to_give_one_what_another_claims_satisfies_neither_fully(run, e, value_of):
    """Efficiency does not see who gets what; claims do."""
    used = find_income_optima(run).units.copy()
    first = e.network.final.good_row == 0
    used[:, first] *= 0.5
    used[:, ~first] *= 1.5
    found = value_of("satisfaction", replace(run, sampled={**run.sampled, "used": used}))
    assert found == pytest.approx(1 - 0.5 * e.income[0] / e.income.sum(), rel=1e-5)


def test_without_weeks_that_were_kept_there_is_no_satisfaction(run, e, value_of):
    early = simulate(run.contract, market(), recording=Recording(weeks=(0, 51)))
    assert value_of("satisfaction", early) == "final users' use was kept in no week from 52 on"
    short = simulate(Contract(e, weeks=52, settle=0), market())
    assert value_of("satisfaction", short) == "the run has no more than 52 weeks"


# ---------------------------------------------------------------- turnaround


def test_turnaround_is_the_mean_age_of_what_was_shipped(run, value_of):
    """6 units at once, 3 after a week and 1 after five: (3 + 5) / 10 weeks."""
    aged = np.zeros((60, 53))
    aged[52, 0], aged[54, 1], aged[59, 5] = 6, 3, 1
    aged[:52, 7] = 9  # weeks that do not count
    assert value_of("turnaround", replace(run, series={**run.series, "aged": aged})) == 0.8
    none = replace(run, series={**run.series, "aged": 0 * aged})
    assert value_of("turnaround", none) == "no goods were shipped"
    assert "keeps no backlog" in value_of("turnaround", run)


def test_turnaround_of_runs(e, value_of):
    """Nobody waits at rest; in a market that starts at wrong prices somebody does."""
    still = simulate(Contract(e, REST, weeks=60, backlog=True, settle=0), StaticOptimum())
    assert value_of("turnaround", still) == pytest.approx(0, abs=1e-9)
    rough = simulate(Contract(e, weeks=60, backlog=True, settle=0), market(price_error=1.0))
    assert 0.001 < value_of("turnaround", rough) < 5
    # What was shipped of plants' goods is all there, by age.
    sold = rough.series["sold"][:, e.network.plants].sum(axis=1)
    np.testing.assert_allclose(rough.series["aged"].sum(axis=1), sold, rtol=1e-9)
