"""Efficiency against what a domestic tariff lets be attained."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import Tariff, us15
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.measures import assess, measure_all
from catallax.domains.production.mechanisms import market
from catallax.domains.production.optimum import farrell, solve
from catallax.domains.production.run import Contract, StaticOptimum, draw_truths, simulate

WEEKS = 62


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(us15(), shocks=(Tariff("domestic", 20, 1.0),), weeks=WEEKS, settle=0)


@pytest.fixture(scope="module")
def run(contract):
    return simulate(contract, market(), 1)


def test_the_yardstick_is_the_equilibrium_with_the_weeks_tariff(contract, run):
    found = assess(run, [8, 19, 20, 61])
    np.testing.assert_array_equal(found.wedge[:2], [1.0, 1.0])
    facts = list(draw_truths(contract, run.seed))
    for k in (2, 3):
        truth = facts[found.weeks[k]].whole
        utility = solve(truth, contract.economy.income, tol=1e-12).utility
        assert found.wedge[k] == pytest.approx(farrell(truth, utility).value, abs=1e-7)
        assert 0.9 < found.wedge[k] < 0.9995
    np.testing.assert_array_equal(found.attained, found.efficiency / found.wedge)
    assert found.unsolved == ()


def test_both_are_reported_and_they_differ_by_what_the_tariff_costs(run):
    found = assess(run)
    both = measure_all(found, None)
    plain, wedge = both["efficiency"].value, both["wedge_efficiency"].value
    late = found.weeks >= 52
    low, high = (found.efficiency[late] / found.wedge[late]).min(), found.attained[late].max()
    assert low <= wedge <= high
    assert wedge > plain + 1e-3


def test_who_ignores_the_wedge_passes_1(contract):
    law = KnowledgeLaw(dispersion=0, drift=0)
    found = assess(simulate(replace(contract, knowledge=law), StaticOptimum(), 0))
    both = measure_all(found, None)
    assert both["efficiency"].value == pytest.approx(1.0, abs=1e-6)
    assert both["wedge_efficiency"].value == pytest.approx(1 / found.wedge[-1], rel=1e-6)
    assert both["wedge_efficiency"].value > 1.001


@pytest.mark.parametrize("shocks", [(), (Tariff("foreign", 20, 0.25),)])
def test_without_a_domestic_tariff_both_are_the_same_number(contract, shocks):
    found = assess(simulate(replace(contract, shocks=shocks, weeks=56), market(), 1))
    assert found.wedge is None
    both = measure_all(found, None)
    assert both["wedge_efficiency"].value == both["efficiency"].value is not None
