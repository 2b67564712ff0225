"""What it costs to start."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, generate
from catallax.domains.production.knowledge import KnowledgeLaw, Meter
from catallax.domains.production.knowledge.meter import Traffic
from catallax.domains.production.measures import assess, measure_all
from catallax.domains.production.measures.starting import find_starting_path, sum_over_weeks
from catallax.domains.production.mechanisms import market
from catallax.domains.production.optimum import farrell
from catallax.domains.production.run import (
    Contract,
    Recording,
    StaticOptimum,
    draw_truths,
    simulate,
)


@pytest.fixture(scope="module")
def contract():
    e = generate(2, products=3, firms=1, households=2)
    return Contract(e, shocks=(Shock("ore", 3, 0.5),), weeks=8, settle=20)


@pytest.fixture(scope="module")
def run(contract):
    return simulate(contract, market(price_error=0.5), 1)


def test_a_loss_that_stays_is_counted_once_a_week():
    assert sum_over_weeks(np.array([-20.0, -7.0, -1.0]), np.full(3, 0.3)) == pytest.approx(6)
    assert sum_over_weeks(np.array([-1.0]), np.array([0.3])) == 0.3


def test_between_samples_the_loss_goes_straight():
    """1, 2, 3, 4 from week -4 on, of which weeks -4 and -1 are looked at; then all four."""
    assert sum_over_weeks(np.array([-4.0, -1.0]), np.array([1.0, 4.0])) == 10
    assert sum_over_weeks(np.arange(-4.0, 0.0), np.arange(1.0, 5.0)) == 10


def test_efficiency_before_week_0_is_farrells_under_the_weeks_true_technology(run, contract):
    path, unsolved = find_starting_path(run)
    assert unsolved == ()
    facts = {truth.t: truth.whole for truth in draw_truths(contract, 1, -20)}
    weeks = run.sampled["starting_weeks"].astype(int).tolist()
    assert weeks == [-20, -19, -18, -17, -16, -14, -12, -8, -4, -1]
    for week, utility, found in zip(weeks, run.sampled["starting_utility"], path, strict=True):
        assert found == pytest.approx(farrell(facts[week], utility, tol=1e-12).value, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_starts_at_wrong_prices_pays_for_it(contract, value_of, seed):
    """Where technologies are still the base year's, so that its prices are the right ones."""
    still = replace(contract, knowledge=KnowledgeLaw(dispersion=0, drift=0))
    right, wrong, worse = (simulate(still, market(price_error=x), seed) for x in (0, 0.5, 1))
    assert value_of("starting_cost", wrong) > 2 * value_of("starting_cost", right) > 0
    assert value_of("starting_cost", worse) > value_of("starting_cost", wrong)


def test_at_rest_an_oracle_starts_for_nothing(contract, value_of):
    still = replace(contract, knowledge=KnowledgeLaw(dispersion=0, drift=0))
    run = simulate(still, StaticOptimum(), 1)
    assert value_of("starting_cost", run) == pytest.approx(0, abs=1e-5)
    for name in ("starting_messages", "starting_bits"):
        assert value_of(name, run) == "an oracle sends no messages"


def test_what_was_said_before_week_0_is_told_apart(run, value_of):
    said = Meter({"ask": Traffic(1, 60, 2, 600), "quote": Traffic(5, 120, 7, 30)})
    apart = replace(run, starting=said)
    assert value_of("starting_messages", apart) == 180
    assert value_of("starting_bits", apart) == 630
    for name in ("messages", "bits", "loop_delay"):
        assert value_of(name, apart) == value_of(name, run)


def test_without_weeks_before_week_0_nothing_is_started(contract, value_of):
    run = simulate(replace(contract, settle=0), market(), 1)
    for name in ("starting_cost", "starting_messages", "starting_bits"):
        assert "settle is 0" in value_of(name, run)


def test_without_a_record_of_households_there_is_no_cost(contract, value_of):
    run = simulate(contract, market(), 1, recording=Recording(rows=1))
    assert "raise Recording.rows" in value_of("starting_cost", run)


def test_a_household_that_had_nothing_is_named_as_the_reason(run, value_of):
    none = {**run.sampled, "starting_utility": 0.0 * run.sampled["starting_utility"]}
    assert "had nothing" in value_of("starting_cost", replace(run, sampled=none))


def test_the_twin_started_alike(run, contract):
    twin = simulate(contract.calm(), market(price_error=0.5), 1)
    found = [measure_all(assess(r, [0]), None)["starting_cost"] for r in (run, twin)]
    assert found[0] == found[1]
