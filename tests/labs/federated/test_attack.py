"""The attack finds all of one example, little of many, and nothing behind enough noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.labs.federated import Clients, Linear
from catallax.labs.federated.attack import describe_series, reconstruct, solve_one_example


def examples(weeks, seed):
    """What is unknown, the truth, the model and the gradient by the model's own code."""
    rng = np.random.default_rng(seed)
    unknown = describe_series(weeks)
    z, w = rng.normal(size=2 * weeks + 1), rng.normal(size=3)
    x = np.column_stack([np.ones(weeks), z[:weeks], z[weeks + 1 :]])
    clients = Clients.of([(x, z[1 : weeks + 1])])
    return unknown, z, w, Linear().gradient(w[None], clients)[0]


@given(st.integers(1, 20), st.integers(0, 100))
def test_the_gradient_is_that_of_the_model_under_attack(weeks, seed):
    unknown, z, w, gradient = examples(weeks, seed)
    assert unknown.gradient(w, z) == pytest.approx(gradient, abs=1e-10)


@given(st.integers(1, 6), st.integers(0, 100))
def test_its_slope_is_that_of_the_gradient(weeks, seed):
    unknown, z, w, _ = examples(weeks, seed)
    for k, step in enumerate(1e-5 * np.eye(len(z))):
        by_steps = (unknown.gradient(w, z + step) - unknown.gradient(w, z - step)) / 2e-5
        assert by_steps == pytest.approx(unknown.slope(w, z)[:, k], abs=1e-7)


@given(st.integers(0, 200))
def test_one_example_is_told_outright(seed):
    _, z, w, gradient = examples(1, seed)
    features, target = solve_one_example(gradient, w)
    assert features == pytest.approx(np.array([1.0, z[0], z[2]]), rel=1e-6, abs=1e-6)
    assert target == pytest.approx(z[1], rel=1e-6, abs=1e-6)


def test_an_example_that_is_forecast_exactly_gives_nothing_away():
    features, target = solve_one_example(np.zeros(3), np.ones(3))
    assert np.isnan(features).all()
    assert np.isnan(target)


def r2(weeks, sd, seeds=40):
    """Share of the variance of orders explained over many draws."""
    rng = np.random.default_rng(0)
    missed = total = 0.0
    for seed in range(seeds):
        unknown, z, w, gradient = examples(weeks, seed)
        heard = gradient + sd * rng.normal(size=3)
        found = reconstruct(unknown, heard, sd, w, rng.normal(size=(2, len(z))))
        missed += ((found - z)[1 : weeks + 1] ** 2).sum()
        total += (z[1 : weeks + 1] ** 2).sum()
    return 1 - missed / total


def test_the_search_finds_one_example_and_less_of_more():
    one, few, many = r2(1, 0.0), r2(3, 0.0), r2(20, 0.0, 20)
    assert one > 0.999
    assert few < 0.8
    assert many < 0.4


def test_behind_enough_noise_it_falls_back_on_what_it_believed():
    assert abs(r2(1, 1e4)) < 1e-3
