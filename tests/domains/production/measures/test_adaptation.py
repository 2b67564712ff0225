"""How a shock is absorbed: area and lag on paths made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, generate
from catallax.domains.production.measures import (
    MEASURES,
    Assessed,
    assess,
    compute_adaptation_lag,
    compute_area_lost,
    measure_all,
)
from catallax.domains.production.measures.dynamics import compute_deviation
from catallax.domains.production.mechanisms import market
from catallax.domains.production.run import Contract, StaticOptimum, simulate

WEEKS = np.arange(0, 200)


def path(after, shock=50, weeks=WEEKS):
    """0 until the shock, then `after` weeks since."""
    return np.where(weeks >= shock, after((weeks - shock).astype(float)), 0.0)


def test_a_loss_of_a_tenth_for_20_weeks_is_2_weeks_of_efficiency():
    """Ramps of one week at the end of the dip add half a week of a tenth."""
    d = path(lambda s: np.where(s <= 20, -0.1, 0.0))
    assert compute_area_lost(WEEKS, d, 50) == pytest.approx(2.0 + 0.05, rel=1e-12)


def test_a_triangle_counts_its_area_at_any_sampling():
    weeks = np.array([0, 40, 50, 51, 55, 60, 70, 100])
    d = path(lambda s: -0.2 * np.clip(1 - s / 20, 0, None), weeks=weeks)
    assert compute_area_lost(weeks, d, 50) == pytest.approx(0.2 * 20 / 2, rel=1e-12)


def test_what_happened_before_the_shock_does_not_count_and_gains_do():
    d = path(lambda s: 0.1 + 0 * s)
    d[:50] = -3.0
    assert compute_area_lost(WEEKS, d, 50) == pytest.approx(-0.1 * 149, rel=1e-12)


def settled(rate, end=0.0):
    return path(lambda s: end + (-0.3 - end) * np.exp(-rate * s))


@pytest.mark.parametrize(("rate", "lag"), [(1 / 10, 30), (1 / 20, 60), (1 / 5, 15)])
@pytest.mark.parametrize("end", [0.0, -0.1])
def test_an_exponential_return_is_near_its_end_after_3_time_constants(rate, lag, end):
    """exp(-3) = 0.0498 is the first whole multiple under 5 %."""
    value, reason = compute_adaptation_lag(WEEKS, settled(rate, end), 50)
    assert (value, reason) == (lag, "")
    assert isinstance(value, float)


def test_a_step_that_stays_has_settled_at_once():
    """The path is at its end from the shock on, but for what rounding and tolerance make of it."""
    assert compute_adaptation_lag(WEEKS, path(lambda s: -0.1 + 0 * s), 50) == (0.0, "")
    blurred = path(lambda s: -0.1 + 1e-8 * np.cos(7 * s))
    assert compute_adaptation_lag(WEEKS, blurred, 50) == (0.0, "")
    assert compute_adaptation_lag(WEEKS, 0.0 * WEEKS, 50) == (0.0, "")


def test_a_return_is_counted_only_once_it_lasts_13_weeks():
    def hump(s):
        x = np.where(s < 10, -1.0, 0.0)
        x = np.where((s >= 10) & (s < 23), 0.04, x)  # near, but for 12 weeks after the first
        return np.where((s >= 23) & (s < 30), -0.5, x)

    assert compute_adaptation_lag(WEEKS, path(hump), 50) == (30.0, "")
    assert compute_adaptation_lag(WEEKS, path(lambda s: np.where(s == 23, 0.0, hump(s))), 50) == (
        10.0,
        "",
    )


def test_what_comes_before_the_peak_does_not_count():
    """Nothing happens for 20 weeks; the lag runs from the shock to the end of the dip."""
    d = path(lambda s: np.where((s >= 20) & (s < 30), -1.0, 0.0))
    assert compute_adaptation_lag(WEEKS, d, 50) == (30.0, "")


def test_a_path_still_on_its_way_is_censored_with_a_reason():
    ever_down = path(lambda s: -0.01 * s)
    value, reason = compute_adaptation_lag(WEEKS, ever_down, 50)
    assert value is None
    assert "censored" in reason


def test_a_path_that_settles_less_than_13_weeks_before_the_end_is_censored():
    """It swings by 8 % about its end until it settles, in week 140 or 130 after the shock."""

    def swinging(until):
        swing = path(lambda s: np.where(s % 2 == 0, 0.08, -0.08) * (s < until))
        return np.where(WEEKS == 50, -1.0, swing)

    value, reason = compute_adaptation_lag(WEEKS, swinging(140), 50)
    assert value is None
    assert "censored" in reason
    assert compute_adaptation_lag(WEEKS, swinging(130), 50) == (130.0, "")


def test_a_lag_is_found_on_sparse_samples_too():
    weeks = np.array([t for t in range(200) if t % 4 == 0 or 50 <= t < 76])
    d = path(lambda s: -0.3 * np.exp(-s / 10), weeks=weeks)
    value, _ = compute_adaptation_lag(weeks, d, 50)
    assert value == 30  # week 80 is one of every fourth


# ---------------------------------------------------------------- in runs


@pytest.fixture(scope="module")
def pair():
    """A shocked run and its twin, efficiency looked at in 16 weeks."""
    economy = generate(2, products=3, households=2)
    contract = Contract(economy, shocks=(Shock("ore", 20, 0.5),), weeks=64, settle=0)
    runs = [simulate(c, market(), 1) for c in (contract, replace(contract, shocks=()))]
    return tuple(assess(run, range(0, 64, 4)) for run in runs)


def with_efficiency(assessed, value):
    return replace(assessed, efficiency=np.broadcast_to(value, assessed.efficiency.shape))


def test_deviation_is_the_log_ratio(pair):
    weeks, d = compute_deviation(*pair)
    np.testing.assert_array_equal(weeks, range(0, 64, 4))
    np.testing.assert_allclose(np.exp(d) * pair[1].efficiency, pair[0].efficiency, rtol=1e-14)
    assert not d[:5].any()
    assert d[5:].any()


def test_deviation_is_taken_where_both_were_looked_at(pair):
    run, twin = pair
    twin = assess(twin.run, [60, 8, 24, 25])
    weeks, d = compute_deviation(run, twin)
    np.testing.assert_array_equal(weeks, [8, 24, 60])
    np.testing.assert_allclose(d, compute_deviation(run, pair[1])[1][[2, 6, 15]], rtol=0, atol=1e-6)


def test_assessed_by_their_own_contracts_run_and_twin_can_be_compared(pair):
    """The shocked contract looks closer after its shock; the twin's does not know of it."""
    run, twin = (assess(a.run) for a in pair)
    assert len(run.weeks) > len(twin.weeks)
    assert measure_all(run, twin)["area_lost"].value is not None


def test_area_in_a_run_is_that_of_its_deviation(pair):
    run = with_efficiency(pair[0], 0.9)
    twin = with_efficiency(pair[1], 0.9 * np.e**0.1)
    found = measure_all(run, twin)["area_lost"].value
    assert found == pytest.approx(0.1 * (60 - 20), rel=1e-12)


@pytest.mark.parametrize("name", ["area_lost", "adaptation_lag"])
def test_without_a_shock_or_a_twin_there_is_no_response(pair, name):
    run, twin = pair
    measure = MEASURES[name].function
    calm = replace(twin)
    stopped = simulate(
        Contract(twin.run.contract.economy, weeks=64, settle=0), StaticOptimum(limit=1, tol=1e-300)
    )
    assert not stopped.completed
    cases = [
        (measure(run, None), "no shock to compare"),
        (measure(calm, twin), "no shock to compare"),
        (measure(run, assess(stopped, [0])), "twin stopped early"),
        (measure(with_efficiency(run, 0.0), twin), "fell to zero"),
        (measure(run, with_efficiency(twin, 0.0)), "fell to zero"),
        (measure(run, assess(twin.run, [0, 4])), "no week from the shock on"),
        (measure(run, assess(twin.run, [])), "no week from the shock on"),
    ]
    for found, reason in cases:
        assert found.value is None
        assert reason in found.reason


def test_a_censored_lag_is_none_with_its_reason(pair):
    run, twin = pair
    falling = with_efficiency(run, np.exp(-np.arange(16) / 16))
    found = measure_all(falling, with_efficiency(twin, 1.0))["adaptation_lag"]
    assert found.value is None
    assert "censored" in found.reason
    assert isinstance(falling, Assessed)
