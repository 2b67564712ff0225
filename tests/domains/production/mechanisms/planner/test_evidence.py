"""What observables tell: productivity and tastes are recovered exactly from exact observations."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import generate, solve
from catallax.domains.production.mechanisms.planner.evidence import infer_productivity
from catallax.domains.production.network import ces_cost, ces_quantity, demand_ratio, tilt
from catallax.domains.production.optimum.solve import made
from catallax.kernels.reports import infer_tastes


@given(st.integers(0, 2**32 - 1))
def test_productivity_is_what_output_leaves_after_inputs(seed) -> None:
    rng = np.random.default_rng(seed)
    base = generate(3).technology
    net = base.network
    truth = replace(base, z=base.z * np.exp(rng.normal(0, 0.3, net.n)))
    best = solve(base, generate(3).income)
    used = best.arrive * np.exp(rng.normal(0, 0.2, net.m))

    x = ces_quantity(net.rows, truth.share, truth.norm, truth.sigma, truth.eps, used)
    found = infer_productivity(base, used, made(truth, x))
    assert found[net.plants] == pytest.approx(np.log(truth.z[net.plants]), abs=1e-10)
    assert np.all(np.isnan(found[net.households]))


def test_a_plant_that_made_nothing_shows_nothing() -> None:
    economy = generate(3)
    net = economy.network
    found = infer_productivity(economy.technology, np.zeros(net.m), np.zeros(net.n))
    assert np.all(np.isnan(found))


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3, 0.57, 1.0, 1.6]))
def test_tastes_are_recovered_from_purchases_at_any_prices(seed, sigma) -> None:
    rng = np.random.default_rng(seed)
    base = generate(3).technology
    final = base.network.final
    last = slice(base.network.m - final.m, None)
    share, norm = base.share[last], base.norm[last]
    sigmas, eps = np.full(final.n, sigma), np.full(final.n, 4.0)
    taste = rng.normal(0, 0.2, len(final.good_row))
    new_share, new_norm = tilt(final, share, norm, taste)
    price = np.exp(rng.normal(0, 0.2, final.m))
    log_q = np.log(price * new_norm / new_share)
    good, row = ces_cost(final, new_share, sigmas, eps, log_q)
    bought = new_norm * demand_ratio(final, sigmas, eps, log_q, good, row)
    found = infer_tastes(final, share, sigmas, eps, price * norm / share, bought * share / norm)
    for h in range(final.n):
        nests = final.goods(h)
        gap = found[nests] - taste[nests]
        assert gap == pytest.approx(np.full(len(gap), gap.mean()), abs=1e-9)
