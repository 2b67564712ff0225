"""One price by exchanged gradients: the dual's gradient, the clearing price, the drift."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from catallax import InputError
from catallax.labs.federated import TrainingEnd
from catallax.labs.federated.dual import Dual, Regions, exchange_price, find_clearing_price


@st.composite
def regions(draw):
    count, seed = draw(st.integers(1, 7)), draw(st.integers(0, 1000))
    rng = np.random.default_rng(seed)
    sigma = rng.uniform(0.2, 3.0, count)
    sigma[draw(st.integers(0, count - 1))] = 1.0
    return Regions(
        rng.uniform(0.5, 2, count), rng.uniform(0.1, 0.8, count), sigma,
        rng.uniform(0.3, 0.9, count), rng.uniform(0.05, 0.6, count),
    )  # fmt: skip


@given(regions(), st.floats(-2, 2))
def test_the_gradient_is_that_of_the_dual(r, price):
    model, w = Dual(2.0), np.full((len(r.income), 1), price)
    slope = (model.loss(w + 1e-5, r.clients) - model.loss(w - 1e-5, r.clients)) / 2e-5
    assert slope == pytest.approx(model.gradient(w, r.clients)[:, 0], abs=1e-8)


@given(regions(), st.floats(-2, 2))
def test_what_a_region_wants_is_the_best_for_it(r, price):
    """Against a search over quantities with the utility written out."""
    wanted = r.fuel(np.full(len(r.income), price))
    for k in range(len(r.income)):
        m, a, s, g = r.income[k], r.share[k], r.sigma[k], r.gamma[k]

        def worth(log_x, m=m, a=a, s=s, g=g):
            heat = np.exp(g * (log_x - np.log(m * a * g)))
            power = 1 - 1 / s
            u = heat**a if s == 1 else (a * heat**power + 1 - a) ** (1 / power)
            return -(m * np.log(u) - np.exp(price + log_x))

        near = np.log(wanted[k])
        best = minimize_scalar(worth, bounds=(near - 3, near + 3), options={"xatol": 1e-10})
        assert best.x == pytest.approx(near, abs=1e-5)


@given(regions())
def test_exchange_finds_the_clearing_price(r):
    found = exchange_price(r, rate=1.0, rounds=20_000, tol=1e-12)
    assert found.stop is TrainingEnd.SETTLED
    price = float(found.model[0])
    assert price == pytest.approx(find_clearing_price(r), abs=1e-8)
    assert r.fuel(np.full(len(r.income), price)).sum() == pytest.approx(r.flow.sum(), rel=1e-7)


def test_with_fixed_shares_the_price_is_known_in_closed_form():
    r = Regions(*np.array([[1.0, 3.0], [0.2, 0.5], [1.0, 1.0], [0.4, 0.8], [0.1, 0.7]]))
    by_hand = np.log((1 * 0.2 * 0.4 + 3 * 0.5 * 0.8) / 0.8)
    assert find_clearing_price(r) == pytest.approx(by_hand, abs=1e-12)
    assert exchange_price(r).model[0] == pytest.approx(by_hand, abs=1e-9)


def test_who_owns_the_fuel_does_not_matter_for_the_price_and_how_much_does():
    r = Regions(*np.array([[1.0, 3.0], [0.2, 0.5], [0.5, 2.0], [0.4, 0.8], [0.1, 0.7]]))
    other = replace(r, flow=r.flow[::-1])
    assert find_clearing_price(other) == pytest.approx(find_clearing_price(r), abs=1e-12)
    assert find_clearing_price(replace(r, flow=0.5 * r.flow)) > find_clearing_price(r) + 0.3


def test_several_steps_between_exchanges_miss_the_price():
    """Client drift: regions follow their own duals, whose minima differ."""
    r = Regions(*np.array([[1.0, 3.0], [0.2, 0.5], [0.5, 2.0], [0.4, 0.8], [0.1, 0.7]]))
    price = find_clearing_price(r)
    off = [abs(exchange_price(r, rate=0.5, steps=k).model[0] - price) for k in (1, 2, 8)]
    assert off[0] < 1e-8
    assert off[0] < 1e-3 < off[1] < off[2]


def test_a_round_costs_one_number_each_way():
    r = Regions(*np.array([[1.0, 3.0], [0.2, 0.5], [0.5, 2.0], [0.4, 0.8], [0.1, 0.7]]))
    found = exchange_price(r)
    assert found.tallies[-1].bits == pytest.approx(found.rounds * 2 * (64 + 1 + 64))


@pytest.mark.parametrize(
    ("name", "value"),
    [("income", 0.0), ("share", 1.0), ("sigma", -1.0), ("gamma", 1.0), ("flow", -0.1)],
)
def test_bad_regions_are_refused(name, value):
    good = Regions(*np.full((5, 2), 0.5))
    with pytest.raises(InputError, match=f"regions: {name} must be"):
        replace(good, **{name: np.array([0.5, value])})
    with pytest.raises(InputError, match=r"has shape \(3,\)"):
        replace(good, sigma=np.ones(3))
