"""The slope of the optimum's map, against central differences."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catallax import generate
from catallax.domains.production.optimum.fixed_point import FixedPoint, Spending
from catallax.domains.production.optimum.slope import slope

STEP = 1e-5


def by_differences(point: FixedPoint, x: np.ndarray) -> np.ndarray:
    """(d, d) derivatives of the gaps, to the square of STEP."""
    nudges = STEP * np.eye(len(x))
    return np.array([point.gap(x + h)[0] - point.gap(x - h)[0] for h in nudges]).T / (2 * STEP)


@given(st.integers(0, 2**32), st.booleans(), st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_slope_is_that_of_the_gaps(seed: int, taxed: bool, shared: bool) -> None:
    """At any point, with elasticities below, at and above 1, tariffs, and money that is shared."""
    r, economy = np.random.default_rng(seed), generate(seed % 7, products=8)
    net = economy.network
    technology = replace(
        economy.technology,
        sigma=r.choice([0.0, 0.3, 1.0, 1.7], net.n),
        tariff=r.uniform(0.0, 0.5, net.m) * taxed,
    )
    point = FixedPoint(technology, Spending(economy.income, 100.0 * shared))
    x = point.start(np.exp(r.normal(0, 0.2, net.n)))
    x = x + r.normal(0, 0.1, len(x))
    found = by_differences(point, x)
    assert slope(point, x) == pytest.approx(found, abs=1e-7 * float(np.abs(found).max()))


def test_a_price_without_demand_answers_only_to_itself() -> None:
    economy = generate(4, products=8)
    technology = replace(economy.technology, K=1e-40 * economy.technology.K)
    point = FixedPoint(technology, Spending(economy.income))
    x = point.start(None)
    x[economy.network.sellers.stop :] = -400.0  # no plant spends anything
    idle = by_differences(point, x)[: economy.network.endowments.stop]
    found = slope(point, x)[: economy.network.endowments.stop]
    assert found == pytest.approx(idle, abs=1e-6)
