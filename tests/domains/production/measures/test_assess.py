"""The efficiency path of a run, and the weeks in which it is looked at."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, generate
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.measures import assess, sample_weeks
from catallax.domains.production.mechanisms import Agents, Mechanism, market
from catallax.domains.production.network import Act, Table
from catallax.domains.production.optimum import farrell
from catallax.domains.production.run import Contract, StaticOptimum, draw_truths, simulate


@pytest.fixture(scope="module")
def e():
    return generate(2, products=3, households=2)


def test_every_fourth_week_is_looked_at(e):
    assert sample_weeks(Contract(e, weeks=14, settle=0)) == [0, 4, 8, 12, 13]
    assert sample_weeks(Contract(e, weeks=13, settle=0)) == [0, 4, 8, 12]
    assert sample_weeks(Contract(e, weeks=12, settle=0)) == [0, 4, 8, 11]


def test_26_weeks_from_a_shock_on_are_looked_at_every_week(e):
    weeks = sample_weeks(Contract(e, shocks=(Shock("ore", 9, 0.5),), weeks=60, settle=0))
    assert weeks == [0, 4, 8, *range(9, 35), 36, 40, 44, 48, 52, 56, 59]


def test_near_the_end_and_with_two_shocks_each_week_comes_once(e):
    shocks = (Shock("ore", 50, 0.5), Shock("labour", 45, 0.9))
    weeks = sample_weeks(Contract(e, shocks=shocks, weeks=60, settle=0))
    assert weeks == [*range(0, 45, 4), *range(45, 60)]


@pytest.fixture(scope="module")
def run(e):
    noisy = ChannelLaw(line=LineLaw(noise=0.05), measuring=0.0)
    shock = Shock("ore", 9, 0.5)
    contract = Contract(e, channel=noisy, shocks=(shock,), weeks=20, settle=0)
    return simulate(contract, market(), 4)


def test_efficiency_is_farrells_under_the_weeks_true_technology(run):
    found = assess(run, [0, 8, 9, 19])
    facts = list(draw_truths(run.contract, run.seed))
    for k, week in enumerate(found.weeks):
        exact = farrell(facts[week].whole, run.series["utility"][week], tol=1e-12)
        assert found.efficiency[k] == pytest.approx(exact.value, abs=1e-7)
        np.testing.assert_allclose(found.price[k], exact.optimum.price, rtol=1e-5)
    assert 0.5 < found.efficiency.min() < found.efficiency.max() < 1.1


def test_weeks_may_come_in_any_order_and_twice(run):
    tidy, wild = assess(run, [0, 8, 9, 19]), assess(run, [19, 8, 9, 0, 8, -3, 99])
    np.testing.assert_array_equal(wild.weeks, [0, 8, 9, 19])
    np.testing.assert_array_equal(wild.efficiency, tidy.efficiency)


def test_weeks_default_to_those_of_the_contract(run):
    np.testing.assert_array_equal(assess(run).weeks, sample_weeks(run.contract))


def test_the_path_does_not_depend_on_which_weeks_are_asked_for(run):
    whole = assess(run, range(20))
    some = assess(run, [3, 17])
    np.testing.assert_allclose(some.efficiency, whole.efficiency[[3, 17]], atol=1e-7)


class Idle(Agents):
    """Nobody does anything, and in week 5 somebody asks for less than nothing."""

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        return Act(np.full(view.rows.m, -1.0 if view.t == 5 else 0.0)), done


def test_a_run_that_stopped_is_looked_at_as_far_as_it_got(e):
    run = simulate(Contract(e, weeks=20, settle=0), Mechanism("idle", Idle()))
    found = assess(run)
    np.testing.assert_array_equal(found.weeks, [0, 4])
    # Households eat what they hold in week 0 and have nothing after.
    assert found.efficiency[0] > 0
    assert found.efficiency[1] == 0.0
    assert np.all(np.isfinite(found.price))


def test_a_run_that_never_began_has_an_empty_path(e):
    run = simulate(Contract(e, weeks=20, settle=0), StaticOptimum(tol=1e-300, limit=1))
    found = assess(run)
    assert found.weeks.shape == found.efficiency.shape == (0,)


def test_the_optimum_at_rest_is_efficient_at_the_accuracy_of_the_measure(e):
    law = KnowledgeLaw(dispersion=0, drift=0)
    found = assess(simulate(Contract(e, law, weeks=8, settle=0), StaticOptimum()))
    np.testing.assert_allclose(found.efficiency, 1.0, rtol=0, atol=1e-7)


def test_half_of_everything_is_half_as_efficient(run):
    half = replace(run, series={**run.series, "utility": run.series["utility"] / 2})
    np.testing.assert_allclose(assess(half).efficiency, assess(run).efficiency / 2, rtol=1e-6)
