"""Owners of endowments learn how their buyers answer, and step by that towards clearing."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import Contract, generate, market
from catallax.arrays import Floats
from catallax.domains.production.mechanisms.owners import (
    COLUMNS,
    DOUBT,
    FORGET,
    LEAST_STEEP,
    STEEP,
    OwnersMemory,
    believe_answer,
    find_owners,
)
from catallax.domains.production.mechanisms.pricing import slow_down
from catallax.domains.production.network import ENDOWMENT, Table, View
from catallax.domains.production.run import Setup, begin
from catallax.domains.production.run.views import make_view


def first_view(delay: float = 1.0) -> View:
    """What rows of a small economy see when they first act."""
    setup = Setup(Contract(generate(5), weeks=4), market(), 1)
    return replace(make_view(setup, begin(setup), tacit=True), delay=delay)


def met(view: View, orders: float | Floats, supply: float = 1.0) -> View:
    """The same view where everybody met `orders` last week, and owners have `supply`."""
    n = view.rows.n
    seen = Table({**view.seen.row, "orders": np.full(n, orders)}, view.seen.link)
    facts = Table({**view.facts.row, "supply": np.full(n, supply)}, view.facts.link)
    return replace(view, seen=seen, facts=facts)


def test_owners_come_first_and_alone_too() -> None:
    view = first_view()
    own = find_owners(view.rows)
    assert own.stop > 0
    assert np.all(view.rows.kind[own] == ENDOWMENT)
    assert np.all(view.rows.kind[own.stop :] != ENDOWMENT)
    assert find_owners(view.rows.cut(0)) == slice(0, 1)
    assert find_owners(view.rows.cut(own.stop)) == slice(0, 0)


@pytest.mark.parametrize("steep", [0.25, 0.5, 1.0, 2.0])
def test_a_known_elasticity_is_recovered(steep: float) -> None:
    """Prices rise by 5 per cent a week for years and orders fall by `steep` times as much.

    The variance of orders is then of the price's own making, and the doubt about it pulls to 1 by
    no more than it says: v = (steep m)^2 and S = m^2 / 0.03.
    """
    view, move = first_view(), 0.05
    memory = OwnersMemory.start(met(view, 1.0))
    zero = np.zeros(len(memory.heard))
    for week in range(1, 400):
        memory = memory.post(zero + move).learn(met(view, np.exp(-steep * move * week)))
    found = believe_answer(memory.answer, memory.noise, 1.0, DOUBT)
    v, S = steep**2, 1.0 / FORGET
    expected = (v + DOUBT**2 * steep * S) / (v + DOUBT**2 * S)
    np.testing.assert_allclose(found, expected, rtol=0.01)
    if steep <= 1.0:
        np.testing.assert_allclose(found, steep, rtol=0.03)


def test_nothing_is_learned_where_orders_move_by_themselves() -> None:
    """Noise in orders and hardly any moves of the price: the prior of 1 stands."""
    view, rng = first_view(), np.random.default_rng(1)
    memory = OwnersMemory.start(met(view, 1.0))
    for _ in range(200):
        move = 1e-4 * rng.normal(size=len(memory.heard))
        memory = memory.post(move).learn(met(view, float(rng.lognormal(0.0, 0.1))))
    found = believe_answer(memory.answer, memory.noise, 1.0, DOUBT)
    np.testing.assert_allclose(found, 1.0, atol=0.01)


def test_what_is_believed_stays_in_its_bounds() -> None:
    view = first_view()
    for steep, bound in ((-3.0, LEAST_STEEP), (40.0, STEEP)):
        memory = OwnersMemory.start(met(view, 1.0))
        for week in range(1, 50):
            moved = memory.post(np.full(len(memory.heard), 0.01))
            memory = moved.learn(met(view, np.exp(-steep * 0.01 * week)))
        low = believe_answer(memory.answer, 1e-9 * memory.noise, 1.0, DOUBT)
        np.testing.assert_array_equal(low, bound)


@pytest.mark.parametrize("steep", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("delay", [0.0, 1.0, 4.0])
def test_a_price_finds_what_clears_half_of_the_flow(steep: float, delay: float) -> None:
    """Orders are p^-steep of some weeks ago: the clearing price is known, and met without swing."""
    view, taut = first_view(delay), 0.02
    memory, price = OwnersMemory.start(met(view, 1.0, 0.5)), [0.0] * (int(delay) + 2)
    clearing = (np.log(2.0) - taut) / steep
    for _ in range(400):
        now = met(view, np.exp(-steep * price[-1 - int(delay)]), 0.5)
        memory = memory.learn(now)
        move = memory.move_prices(now, 0.05, taut)
        memory = memory.post(move)
        price.append(price[-1] + float(move[0]))
    assert price[-1] == pytest.approx(clearing, rel=0.01)
    assert max(price) < 1.1 * clearing


def test_learning_makes_a_price_that_nobody_answers_rise_faster() -> None:
    view, weeks = first_view(), {}
    for learns in (True, False):
        memory, price, week = OwnersMemory.start(met(view, 1.0, 0.5)), 0.0, 0
        while price < 0.9 * np.log(2.0) / 0.3:
            now = met(view, np.exp(-0.3 * price), 0.5)
            memory = memory.learn(now) if learns else memory
            move = memory.move_prices(now, 0.05, 0.0)
            memory, price, week = memory.post(move), price + float(move[0]), week + 1
        weeks[learns] = week
    assert weeks[True] < 0.6 * weeks[False]


def test_prices_move_as_fast_as_quotes_are_heard() -> None:
    assert [slow_down(d) for d in (0.0, 0.5, 1.0, 3.0, 4.0)] == [1.0, 1.0, 1.0, 0.5, 0.4]


def test_what_is_remembered_is_what_was_learned() -> None:
    view = first_view()
    memory = OwnersMemory.start(met(view, 1.0)).learn(met(view, 1.5))
    memory = memory.post(np.linspace(0.1, 0.2, len(memory.heard)))
    row = memory.columns(view.rows.n)
    assert set(row) == set(COLUMNS)
    again = OwnersMemory.of(view, row)
    np.testing.assert_array_equal(again.answer.moved, memory.answer.moved)
    np.testing.assert_array_equal(again.heard, memory.heard)
    assert all(np.all(v[find_owners(view.rows).stop :] == 0.0) for v in row.values())
