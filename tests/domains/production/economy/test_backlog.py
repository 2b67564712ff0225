"""Orders that wait: first come, first served, netted against what is asked."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import (
    State,
    advance_state,
    calibrate,
    find_fault,
    generate,
    settle_act,
    start_state,
)
from catallax.domains.production.economy.backlog import LONGEST, cancel_newest, fill_orders
from catallax.domains.production.mechanisms import market
from catallax.domains.production.network import Act, Network
from catallax.domains.production.optimum import solve
from catallax.domains.production.run import Contract, StaticOptimum, simulate

# Rows: labour 0, coal mine 1, Ann 2 and Bob 3. Links, as (buyer, good, seller):
MINE, ANN, BOB, ANN_WORK = 0, 2, 3, 1
NET = Network.build(
    [0, 1, 2, 2],
    [0, 1, -1, -1],
    [(1, 0, 0), (2, 0, 0), (2, 1, 1), (3, 1, 1)],
    ["labour", "coal mine", "Ann", "Bob"],
    ["work", "coal"],
)
EMPTY = np.zeros((0, NET.m))


@pytest.fixture(scope="module")
def e():
    return calibrate(
        "little",
        NET,
        share=np.array([1.0, 0.2, 0.8, 1.0]),
        gamma=np.array([1.0, 0.8, 1.0, 1.0]),
        spending=np.array([60.0, 40.0]),
        sigma=np.full(4, 0.5),
        eps=np.full(4, 2.0),
        decay=np.zeros(4),
        lead=np.zeros(4, dtype=np.int64),
    )


def links(ann=0.0, bob=0.0, ann_work=0.0):
    return np.array([0.0, ann_work, ann, bob])


def there(coal, work=0.0):
    return np.array([work, coal, 0.0, 0.0])


def queue(*ages):
    """(A, m) waiting orders, each age's as (Ann's, Bob's) for coal, the newest first."""
    return np.array([links(*age) for age in ages])


# ---------------------------------------------------------------- by hand


def test_what_is_not_filled_waits_and_the_next_week_it_comes_first():
    """Ann orders 30 when there is 10; a week later she still wants the rest and Bob wants 20."""
    first = fill_orders(NET, EMPTY, links(ann=30), there(coal=10))
    np.testing.assert_array_equal(first.shipped, links(ann=10))
    np.testing.assert_array_equal(first.waiting, queue((20, 0)))
    second = fill_orders(NET, first.waiting, links(ann=20, bob=20), there(coal=25))
    np.testing.assert_array_equal(second.shipped, links(ann=20, bob=5))
    np.testing.assert_array_equal(second.waiting, queue((0, 15)))
    aged = second.aged[:, 0]
    assert (aged[0], aged[1], aged[2:].sum()) == (5, 20, 0)
    # Ann's rest is no new order; of Bob's 20 there are 5 at once.
    np.testing.assert_array_equal([first.fresh[:, 0], second.fresh[:, 0]], [(30, 10), (20, 5)])


def test_orders_of_one_age_are_filled_pro_rata():
    found = fill_orders(NET, queue((6, 3), (0, 4)), links(ann=16, bob=7), there(coal=7))
    np.testing.assert_allclose(found.shipped, links(ann=2, bob=5), rtol=1e-15)
    np.testing.assert_allclose(found.waiting, queue((10, 0), (4, 2)), rtol=1e-15)


def test_what_waits_counts_towards_what_is_asked():
    """To ask for 12 when 9 waits is to order 3 more, not 12."""
    found = fill_orders(NET, queue((9, 0)), links(ann=12), there(coal=0))
    np.testing.assert_array_equal(found.waiting, queue((3, 0), (9, 0)))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (20, (5, 3, 4)),
        (12, (5, 3, 4)),
        (11, (4, 3, 4)),
        (6, (0, 2, 4)),
        (1, (0, 0, 1)),
        (0, (0,) * 3),
    ],
)
def test_the_newest_orders_are_cancelled_first(asked, kept):
    waiting = queue((5, 1), (3, 1), (4, 1))
    found = cancel_newest(waiting, links(ann=asked, bob=3))
    np.testing.assert_array_equal(found[:, ANN], kept)
    np.testing.assert_array_equal(found[:, BOB], [1, 1, 1])


def test_who_asks_for_nothing_waits_for_nothing():
    found = fill_orders(NET, queue((5, 1), (3, 1)), links(), there(coal=100))
    assert not found.shipped.any()
    assert found.waiting.shape == (0, NET.m)


def test_an_endowment_keeps_no_orders():
    found = fill_orders(NET, EMPTY, links(ann_work=8, ann=2), there(coal=1, work=5))
    np.testing.assert_array_equal(found.shipped, links(ann_work=5, ann=1))
    np.testing.assert_array_equal(found.waiting, queue((1, 0)))
    assert found.aged[0] == 1  # nor has its service a turnaround


def test_an_order_of_more_than_a_year_is_as_old_as_a_year():
    waiting = EMPTY
    for week in range(LONGEST + 5):
        waiting = fill_orders(NET, waiting, links(ann=week + 1.0), there(coal=0)).waiting
    assert waiting.shape == (LONGEST, NET.m)
    np.testing.assert_array_equal(waiting[:, ANN], [1] * (LONGEST - 1) + [6])
    last = fill_orders(NET, waiting, links(ann=57), there(coal=57))
    assert last.aged[LONGEST] == 6
    assert last.aged[1:LONGEST].sum() == LONGEST - 1


def weekly(e, state: State, act: Act, coal: float) -> State:
    state = replace(state, stock=np.array([0.0, coal, 0.0, 0.0]))
    assert find_fault(e, state, act) is None
    return advance_state(e, state, act, settle_act(e, e.technology, state, act))


def test_the_week_ships_the_late_buyers_order_after_the_early_ones(e):
    """With orders that lapse Bob would get a third; with a backlog Ann is before him."""
    best = solve(e.technology, e.income)
    kept = start_state(e, best, backlog=True)
    lapsed = start_state(e, best)
    for act, coal in ((Act(links(ann=30)), 10.0), (Act(links(ann=20, bob=10)), 10.0)):
        kept, lapsed = weekly(e, kept, act, coal), weekly(e, lapsed, act, coal)
    np.testing.assert_allclose(lapsed.last.shipped, links(ann=20 / 3, bob=10 / 3), rtol=1e-15)
    np.testing.assert_array_equal(kept.last.shipped, links(ann=10))
    np.testing.assert_array_equal(kept.waiting, queue((0, 10), (10, 0)))
    assert (lapsed.waiting, lapsed.last.queue) == (None, None)


def test_a_household_keeps_no_order_that_it_cannot_pay(e):
    state = replace(
        start_state(e, solve(e.technology, e.income), backlog=True), cash=np.array([7.0, 40])
    )
    state = replace(state, price=np.ones(4))
    after = weekly(e, state, Act(links(ann=30), price=np.ones(4)), coal=2.0)
    np.testing.assert_allclose(after.waiting, queue((5, 0)), rtol=1e-15)


# ---------------------------------------------------------------- whatever happens

ECONOMY = generate(7, products=4, firms=2, households=2, inputs=3)


def anything(seed: int, ages: int):
    """Waiting orders, asks and stocks of all sizes, some of them zero."""
    net, r = ECONOMY.network, np.random.default_rng(seed)

    def some(*shape):
        return np.exp(r.normal(0, 2, shape)) * (r.random(shape) < 0.6)

    waiting = some(ages, net.m) * ~net.rows.perishable
    return net, waiting, some(net.m) * 3, some(net.n) * 4


CASES = given(st.integers(0, 10_000), st.integers(0, 6))


@CASES
def test_nobody_gets_more_than_it_asked_for_or_ships_more_than_there_is(seed, ages):
    net, waiting, asked, stock = anything(seed, ages)
    found = fill_orders(net, waiting, asked, stock)
    assert np.all(found.shipped >= 0)
    assert np.all(found.shipped <= asked)
    assert np.all(net.orders(found.shipped) <= stock * (1 + 1e-12))
    # All that can be sold is sold: who comes first changes who gets it, not how much.
    sold = np.minimum(net.orders(asked), stock)
    np.testing.assert_allclose(net.orders(found.shipped), sold, rtol=1e-12, atol=1e-12)


@CASES
def test_what_was_asked_for_is_shipped_or_waits(seed, ages):
    net, waiting, asked, stock = anything(seed, ages)
    found = fill_orders(net, waiting, asked, stock)
    goods = ~net.rows.perishable
    assert np.all(found.waiting >= 0)
    assert not found.waiting[:, ~goods].any()
    total = (found.shipped + found.waiting.sum(axis=0))[goods]
    np.testing.assert_allclose(total, asked[goods], rtol=1e-12)
    assert found.aged.sum() == pytest.approx(found.shipped[goods].sum(), rel=1e-12)


@CASES
def test_no_order_is_filled_before_an_older_one_of_the_same_seller(seed, ages):
    net, waiting, asked, stock = anything(seed, ages)
    found = fill_orders(net, waiting, asked, stock)
    kept = cancel_newest(waiting, asked)
    for row in range(net.endowments.stop, net.sellers.stop):
        mine = net.seller == row
        before = [
            np.maximum(asked - waiting.sum(axis=0), 0)[mine].sum(),
            *kept[:, mine].sum(axis=1),
        ]
        after = np.zeros(len(before))
        after[: len(found.waiting)] = found.waiting[:, mine].sum(axis=1)
        late = np.flatnonzero(after > 1e-9)
        if late.size:  # nothing younger than the oldest unfilled order was shipped
            younger = slice(0, int(late[-1]))
            np.testing.assert_allclose(after[younger], before[younger], rtol=1e-9)


@given(st.integers(0, 10_000))
def test_with_nothing_waiting_shipments_are_those_of_pro_rata_rationing_to_the_bit(seed):
    net, _, asked, stock = anything(seed, 0)
    orders = net.orders(asked)
    fill = np.minimum(1.0, stock / np.where(orders > 0, orders, 1.0))
    found = fill_orders(net, np.zeros((0, net.m)), asked, stock)
    np.testing.assert_array_equal(found.shipped, asked * fill[net.seller])


# ---------------------------------------------------------------- in a run


def test_a_backlog_changes_a_market_and_not_who_asks_for_what_is_there():
    contract = Contract(ECONOMY, weeks=12)
    late = replace(contract, backlog=True)
    assert (
        simulate(contract, market(price_error=0.5)).bits
        != simulate(late, market(price_error=0.5)).bits
    )
    runs = [simulate(c, StaticOptimum()).series["utility"] for c in (contract, late)]
    np.testing.assert_allclose(runs[1], runs[0], rtol=1e-9)
