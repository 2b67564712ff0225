"""Bids against demand worked out anew at each price, clearing by hand, and who hears of them."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import (
    ChannelLaw,
    Contract,
    InputError,
    KnowledgeLaw,
    LineLaw,
    generate,
    market,
    simulate,
)
from catallax.domains.production.economy import find_fault
from catallax.domains.production.mechanisms import Agents, Mechanism
from catallax.domains.production.mechanisms.buying import shopping
from catallax.domains.production.mechanisms.exchange import OFFSETS, find_clearing, make_bids
from catallax.domains.production.mechanisms.market import Market
from catallax.domains.production.network import Act, Table, View
from catallax.domains.production.run import (
    Setup,
    act,
    begin,
    close_tick,
    open_tick,
    settle_week,
)
from catallax.domains.production.run.views import make_view
from catallax.testing import barrier

ECONOMY = generate(7, products=4, firms=2, households=2, inputs=3)
EXCHANGE = "market:exchange"


def first_view(sigma: float | None = None, eps: float | None = None) -> View:
    """What rows see when they first act, with these elasticities in all rows."""
    setup = Setup(Contract(ECONOMY, weeks=4), market(exchange=True), 1)
    view = make_view(setup, begin(setup), tacit=True)
    given = {"sigma": sigma, "eps": eps}
    row = {k: np.full(view.rows.n, v) for k, v in given.items() if v is not None}
    return replace(view, facts=Table({**view.facts.row, **row}, view.facts.link))


@pytest.mark.parametrize("sigma", [0.0, 0.4, 1.0, 1.7])
@pytest.mark.parametrize("eps", [0.0, 1.0, 3.0])
def test_a_bid_is_what_the_same_spending_buys_at_that_price(sigma: float, eps: float) -> None:
    """Every link to an endowment by itself: its price is changed and its row shops anew."""
    view, rng = first_view(sigma, eps), np.random.default_rng(2)
    price = rng.lognormal(0.0, 0.3, view.rows.m)
    spent = rng.lognormal(0.0, 0.3, view.rows.n)
    ask = shopping(view, price)[1] * view.rows.spread(spent) / price
    bids = make_bids(view, ask, price)
    links = np.flatnonzero(view.rows.perishable)
    assert len(links) > 5
    assert np.all(bids[~view.rows.perishable] == 0.0)
    for link in links:
        for d, bid in zip(OFFSETS, bids[link], strict=True):
            there = price.copy()
            there[link] *= np.exp(d)
            bought = shopping(view, there)[1] * view.rows.spread(spent) / there
            assert bid == pytest.approx(bought[link], rel=1e-9)


def test_an_exchange_clears_where_bids_are_what_is_there() -> None:
    """Bids A p^-e at three prices: the clearing price is log(A / supply) / e, at most a log."""
    A, e = np.array([1.0, 2.0, 1.0, 9.0, 0.1]), np.array([0.5, 0.8, 2.0, 0.3, 0.3])
    bids = np.array([A * np.exp(-e * d) for d in OFFSETS])
    found = find_clearing(bids, np.full(5, 0.8))
    expected = np.clip(np.log(A / 0.8) / e, -1.0, 1.0)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert find_clearing(np.ones((3, 1)), np.array([1.0])) == pytest.approx(0.0)


def test_a_curve_is_straight_in_logs_between_its_prices() -> None:
    """Cheaper by 1 it is 4 times as much, dearer by 1 a half: 2 is met half of the way down."""
    bids = np.array([[4.0, 4.0], [1.0, 1.0], [0.5, 0.5]])
    found = find_clearing(bids, np.array([2.0, 2.0**-0.5]))
    np.testing.assert_allclose(found, [-0.5, 0.5], rtol=1e-12)


def played(weeks: int, delay: float, bids: float = 1.0):
    """Worlds at the start of each week when all bids are multiplied by `bids`; and the setup."""
    channel = ChannelLaw(line=LineLaw(delay))
    contract = Contract(ECONOMY, channel=channel, weeks=weeks, settle=0)
    setup = Setup(contract, market(exchange=True), 1)
    world, worlds = begin(setup), []
    for _ in range(weeks):
        world = close_tick(setup, open_tick(setup, world), None)
        worlds.append(world)
        deed, world = act(setup, world)
        assert deed is not None
        assert deed.bids is not None
        deed = replace(deed, bids=deed.bids * bids)
        world, week = settle_week(setup, world, deed)
        assert not isinstance(week, str), week
    return setup, worlds


@pytest.mark.parametrize("delay", [0.0, 1.0, 3.0])
def test_owners_hear_bids_when_the_line_brings_them(delay: float) -> None:
    """Base-year flows until then; afterwards sums over their buyers, a code's step off."""
    setup, worlds = played(6, delay, bids=2.0)
    net, late = ECONOMY.network, int(delay) + 1
    own = net.endowments
    base = net.orders(ECONOMY.flow)[own]
    for week, world in enumerate(worlds):
        heard = make_view(setup, world, tacit=True).bids
        assert np.all(np.isfinite(heard.age.row["quoted"][own])) == (week >= late)
        if week < late:
            np.testing.assert_array_equal(heard.value.row["cheap"][own], base)
        else:
            assert np.all(heard.age.row["quoted"][own] == delay)
    first = make_view(setup, worlds[late], tacit=True).bids.value.row
    asked = 2.0 * net.orders(worlds[1].state.last.asked)[own]
    np.testing.assert_allclose(first["quoted"][own], asked, rtol=2e-3)
    assert np.all(first["cheap"][own] > first["quoted"][own])
    assert np.all(first["quoted"][own] > first["dear"][own])


def test_bids_are_metered_as_three_numbers_to_one_owner() -> None:
    channel = ChannelLaw(line=LineLaw(2.0, resolution=10))
    contract = Contract(ECONOMY, channel=channel, weeks=9, settle=0)
    counted = simulate(contract, EXCHANGE, 1).meter.kinds["bid"]
    net = ECONOMY.network
    links = net.rows.perishable
    assert counted.sends == 9 * links.sum()
    assert counted.deliveries == (9 - 3) * links.sum()
    told = net.log_suppliers[net.buyer][links].sum()
    heard = net.log_buyers[net.seller][links].sum()
    assert counted.bits_sent == pytest.approx(9 * (30 * links.sum() + told), rel=1e-12)
    assert counted.bits_delivered == pytest.approx(6 * (30 * links.sum() + heard), rel=1e-12)


def test_only_an_exchange_has_bids() -> None:
    contract = Contract(ECONOMY, weeks=5)
    assert "bid" not in simulate(contract, "market", 1).meter.kinds
    assert {"ask", "quote", "bid"} == set(simulate(contract, EXCHANGE, 1).meter.kinds)


def test_who_cannot_send_makes_no_bid() -> None:
    channel = ChannelLaw(line=LineLaw(0.0, coverage=0.5))
    counted = simulate(Contract(ECONOMY, channel=channel, weeks=4), EXCHANGE, 3).meter.kinds["bid"]
    assert 0 < counted.sends < 4 * ECONOMY.network.rows.perishable.sum()


@pytest.mark.parametrize(
    ("bids", "price", "says"),
    [
        (np.ones(3), True, r"bids have shape \(3,\), expected \(\d+, 3\)"),
        (np.nan, True, r": bids must be numbers from 0 to 1e\+100"),
        (-1.0, True, ", buying from .*: bids must be numbers"),
        (1.0, False, "bids are about posted prices, and none are posted"),
    ],
)
def test_bids_that_break_a_rule_are_refused(bids, price: bool, says: str) -> None:
    net, setup = ECONOMY.network, Setup(Contract(ECONOMY, weeks=2), market(), 1)
    world, given = begin(setup), np.ones((net.m, 3))
    given = bids if isinstance(bids, np.ndarray) else given * bids
    deed = Act(ECONOMY.flow * 1.0, None, np.ones(net.n) if price else None, given)
    wrong = find_fault(ECONOMY, world.state, deed)
    assert wrong is not None
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(wrong)
    _, settled = settle_week(setup, world, deed)
    assert settled == wrong


class Odd(Agents):
    """An exchange whose bids are something else."""

    def __init__(self, bids) -> None:
        self.inner, self.bids = Market(exchange=True), bids

    def start(self, view):
        return self.inner.start(view)

    def report(self, view, report_memory):
        return self.inner.report(view, report_memory)

    def act(self, view, act_memory):
        deed, memory = self.inner.act(view, act_memory)
        return replace(deed, bids=self.bids), memory


def test_bids_that_are_no_numbers_are_an_error() -> None:
    with pytest.raises(InputError, match=r"gives bids: list, expected an array of \d+ x 3 numbers"):
        simulate(Contract(ECONOMY, weeks=2), Mechanism("odd", Odd([1.0])), 1)


def test_an_exchange_keeps_the_barrier() -> None:
    contract = Contract(generate(7, products=3, firms=2, households=1, inputs=3), weeks=6)
    report = barrier(EXCHANGE, contract=contract, seed=11)
    assert report.passed, report.lines
    assert report.replayed == report.calls > 40


def test_an_exchange_that_knows_what_was_bid_on_settles() -> None:
    """Bids are three weeks old: taken for bids on the price of today they make prices swing."""
    line, still = LineLaw(1.0, noise=0.0, resolution=0), KnowledgeLaw(dispersion=0.0, drift=0.0)
    contract = Contract(generate(5), still, ChannelLaw(line=line), weeks=157)
    run = simulate(contract, f"{EXCHANGE}:price_error=0.3", 1)
    late = np.log(run.series["price"][-26:, contract.economy.network.sellers])
    assert np.ptp(late - late[:, :1], axis=0).max() < 0.01
