"""What Weitzman (1974) and Roberts & Spence (1976) prove, on draws and without."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from catallax.domains.prices_quantities import (
    CostShift,
    PlantsContract,
    full_information,
    habit,
    hybrid,
    licences,
    price,
    quantity,
)
from catallax.domains.prices_quantities.band import WIDEST, expect_gain, find_best_band
from catallax.domains.prices_quantities.curves import compute_welfare
from catallax.domains.prices_quantities.weitzman import expect_welfare
from catallax.errors import InputError

PLANNERS = (price(), quantity(), hybrid(), licences(), licences(valve=True))
ALL = (*PLANNERS, habit(), full_information())

contracts = st.builds(
    PlantsContract,
    plants=st.integers(1, 6),
    benefit=st.floats(-2.0, 2.0),
    benefit_slope=st.floats(-4.0, 0.02),
    cost_slope=st.floats(0.25, 4.0),
    sigma=st.floats(0.1, 3.0),
    correlation=st.floats(0.0, 1.0),
    weeks=st.just(4000),
)
seeds = st.integers(0, 10_000)


def delta(c: PlantsContract) -> float:
    """Weitzman's coefficient a plant; what plants have in common adds up in total output."""
    together = 1.0 + (c.plants - 1) * c.correlation
    return c.sigma**2 * (c.cost_slope + c.benefit_slope * together) / (2.0 * c.cost_slope**2)


def gains(contract: PlantsContract, one: object, other: object, seed: int) -> np.ndarray:
    """(weeks,) welfare of one mechanism less that of another, on the same draws."""
    both = [contract.simulate(m, seed).series["welfare"] for m in (one, other)]
    return np.asarray(both[0] - both[1])


def is_near(found: np.ndarray, expected: float) -> bool:
    """Whether a mean is within four standard errors: one in 16,000 honest ones is not."""
    error = found.std(ddof=1) / sqrt(len(found))
    return bool(abs(found.mean() - expected) <= 4.0 * error + 1e-9 * max(1.0, abs(expected)))


@given(contracts)
def test_the_advantage_of_prices_in_expectation(contract: PlantsContract) -> None:
    found = expect_welfare(contract, price()) - expect_welfare(contract, quantity())
    assert found == pytest.approx(delta(contract), abs=1e-9, rel=1e-9)


@settings(deadline=None)
@given(contracts, seeds)
def test_the_advantage_of_prices_on_draws(contract: PlantsContract, seed: int) -> None:
    assert is_near(gains(contract, price(), quantity(), seed), delta(contract))


@given(contracts)
def test_what_trade_is_worth_in_expectation(contract: PlantsContract) -> None:
    """It makes costs equal under the same total: (1 − 1/n)(1 − ρ)σ²/(2C″) a plant."""
    found = expect_welfare(contract, licences()) - expect_welfare(contract, quantity())
    own = contract.sigma**2 * (1.0 - contract.correlation)
    expected = (1.0 - 1.0 / contract.plants) * own / (2.0 * contract.cost_slope)
    assert found == pytest.approx(expected, abs=1e-9, rel=1e-9)


@settings(deadline=None)
@given(contracts, seeds)
def test_welfare_on_draws_is_what_is_expected(contract: PlantsContract, seed: int) -> None:
    for mechanism in (price(), quantity(), licences(), full_information()):
        found = contract.simulate(mechanism, seed).series["welfare"]
        assert is_near(found, expect_welfare(contract, mechanism))


@settings(deadline=None)
@given(contracts, seeds)
def test_nobody_beats_full_information_in_any_week(contract: PlantsContract, seed: int) -> None:
    short = replace(contract, weeks=50)
    best = short.simulate(full_information(), seed).series["welfare"]
    room = 1e-9 * (1.0 + np.abs(best))
    for mechanism in ALL:
        run = short.simulate(mechanism, seed)
        assert np.all(run.series["welfare"] <= best + room)
        assert np.array_equal(run.series["best"], best)


@given(contracts, seeds)
def test_no_other_output_is_better_than_that_of_full_information(
    contract: PlantsContract, seed: int
) -> None:
    """The optimum is a maximum: steps away from it in any direction lose, and none gains."""
    run = replace(contract, weeks=20).simulate(full_information(), seed)
    output, marginal = run.series["output"], run.series["marginal_cost"]
    costs = marginal - contract.cost_slope * output
    away = np.random.default_rng(seed).normal(size=output.shape)
    curves = replace(contract, weeks=20).curves
    best = compute_welfare(curves, costs, output)
    for step in (-0.1, 0.01, 1.0):
        assert np.all(compute_welfare(curves, costs, output + step * away) < best)
    assert np.allclose(marginal, run.series["marginal_benefit"][:, None], atol=1e-9)


@given(contracts, seeds)
def test_where_nothing_is_private_all_who_plan_are_equal(
    contract: PlantsContract, seed: int
) -> None:
    sure = replace(contract, sigma=0.0, weeks=3)
    best = sure.simulate(full_information(), seed).series["welfare"]
    for planner in PLANNERS:
        assert np.allclose(sure.simulate(planner, seed).series["welfare"], best, atol=1e-9)
    planned = replace(sure, benefit=0.0)  # the base year's output is already the best
    for mechanism in ALL:
        assert np.allclose(planned.simulate(mechanism, seed).series["welfare"], 0.0, atol=1e-9)


@settings(deadline=None)
@given(contracts, seeds)
def test_a_hybrid_is_never_worse_than_a_price_or_a_quota(
    contract: PlantsContract, seed: int
) -> None:
    plain = (price(), quantity())
    for both, rival in [
        *((hybrid(), rival) for rival in plain),
        *((licences(valve=True), rival) for rival in (*plain, licences())),
    ]:
        found = gains(contract, both, rival, seed)
        assert found.mean() >= -4.0 * found.std(ddof=1) / sqrt(len(found)) - 1e-9


def test_a_hybrid_is_clearly_better_where_neither_side_is() -> None:
    contract = PlantsContract(1, weeks=20_000)
    for rival in (price(), quantity()):
        found = gains(contract, hybrid(), rival, 5)
        assert found.mean() > 20.0 * found.std(ddof=1) / sqrt(len(found))


@given(contracts)
def test_no_other_band_is_expected_to_gain_more(contract: PlantsContract) -> None:
    slopes = contract.benefit_slope / contract.cost_slope
    best = find_best_band(slopes, contract.plants, contract.correlation)
    gain = expect_gain(best, slopes, contract.plants, contract.correlation)
    assert gain >= max(0.0, expect_gain(0.0, slopes, contract.plants, contract.correlation))
    for t in np.linspace(0.0, WIDEST, 17):
        assert expect_gain(t, slopes, contract.plants, contract.correlation) <= gain + 1e-9


@given(st.floats(-20.0, -0.01), st.integers(1, 50))
def test_the_best_band_of_independent_plants_is_where_its_first_order_condition_says(
    slopes: float, plants: int
) -> None:
    """t (1 − Φ(t)) / φ(t) = −B″ / (C″ − B″)."""
    t = find_best_band(slopes, plants, 0.0)
    assert t * norm.sf(t) / norm.pdf(t) == pytest.approx(-slopes / (1.0 - slopes), abs=1e-6)


def test_a_band_for_rising_marginal_benefit_is_a_price() -> None:
    assert find_best_band(0.2, 1, 0.0) == 0.0
    assert find_best_band(-1e9, 1, 0.0) == pytest.approx(WIDEST, abs=1e-3)


@settings(deadline=None)
@given(contracts, seeds, st.floats(0.0, 3.0))
def test_what_a_band_gains_on_draws_is_what_is_expected(
    contract: PlantsContract, seed: int, times: float
) -> None:
    slopes = contract.benefit_slope / contract.cost_slope
    best = find_best_band(slopes, contract.plants, contract.correlation)
    unit = contract.sigma**2 / contract.cost_slope
    expected = unit * expect_gain(times * best, slopes, contract.plants, contract.correlation)
    # The quadrature over what plants have in common smooths the kinks where that is all.
    found = gains(contract, hybrid(times), quantity(), seed) - expected
    error = found.std(ddof=1) / sqrt(len(found))
    assert abs(found.mean()) <= 4.0 * error + 2e-3 * unit * (1.0 + abs(slopes) * contract.plants)


@given(contracts, st.floats(0.3, 3.0))
def test_a_centre_that_errs_does_no_better(contract: PlantsContract, belief: float) -> None:
    wrong = replace(contract, benefit_slope=min(contract.benefit_slope, 0.0))
    right, wrong = wrong, replace(wrong, cost_slope_belief=belief)
    for mechanism in (price(), quantity()):
        assert expect_welfare(wrong, mechanism) <= expect_welfare(right, mechanism) + 1e-9


@given(contracts, st.floats(-2.0, 2.0))
def test_what_it_costs_not_to_know_of_a_shift(contract: PlantsContract, shift: float) -> None:
    """Of the quota s²/(2(C″ − nB″)) a plant; of the price that times (nB″/C″)²."""
    held = replace(contract, sigma=0.0, weeks=4, shocks=(CostShift(2, shift),))
    ratio = contract.plants * contract.benefit_slope / contract.cost_slope
    lost = shift**2 / (2.0 * contract.cost_slope * (1.0 - ratio))
    for mechanism, expected in ((quantity(), lost), (price(), lost * ratio**2)):
        run = held.simulate(mechanism, 0)
        found = run.series["best"] - run.series["welfare"]
        assert np.allclose(found, [0.0, 0.0, expected, expected], atol=1e-9)
    told = replace(held, shocks=(CostShift(2, shift, announced=True),))
    for name in ("quantity", "price", "hybrid", "licences", "licences:valve"):
        run = told.simulate(name, 0)
        assert np.allclose(run.series["best"], run.series["welfare"], atol=1e-9)


def test_expectation_says_what_it_cannot_do() -> None:
    for contract in (PlantsContract(15), PlantsContract(2, shocks=(CostShift(),))):
        with pytest.raises(InputError, match="no shocks and at most 14 plants"):
            expect_welfare(contract, price())
