"""Sellers before an announced shortage: what they expect, what they store and what they ask for."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import ChannelLaw, Contract, KnowledgeLaw, LineLaw, Shock, market, simulate, us15
from catallax.domains.production.economy import generate
from catallax.domains.production.mechanisms.buying import (
    answer_price,
    choice,
    find_weights,
    raise_cost,
    shopping,
)
from catallax.domains.production.mechanisms.laying_up import LaidUpStock, find_output, foresee
from catallax.domains.production.mechanisms.owners import price_ahead
from catallax.domains.production.network import Table, View
from catallax.domains.production.run import Run, Setup, begin
from catallax.domains.production.run.views import make_view
from catallax.testing import barrier

STILL = KnowledgeLaw(dispersion=0.0, drift=0.0)
EXACT = LineLaw(0.0, noise=0.0, resolution=0)
TIN, WEEK = "deposit 21", 26


def told(
    weeks: int = 60, factor: float = 0.5, announced: bool = True, delay: float = 0.0
) -> Contract:
    """Tin halves in week 26, nothing else moves, and lines are exact."""
    channel = ChannelLaw(line=replace(EXACT, delay=delay))
    shock = Shock(TIN, WEEK, factor, announced=announced)
    return Contract(us15(), STILL, channel, shocks=shock, weeks=weeks)


def first_view(contract: Contract, sigma: float | None = None) -> View:
    """What rows see if they first act in week 0, with this elasticity between goods in all rows."""
    setup = Setup(replace(contract, settle=0), market(), 1)
    view = make_view(setup, begin(setup), tacit=True)
    row = {} if sigma is None else {"sigma": np.full(view.rows.n, sigma)}
    return replace(view, facts=Table({**view.facts.row, **row}, view.facts.link))


def find_user(contract: Contract) -> tuple[int, int]:
    """The plant that buys tin, and its link."""
    net = contract.economy.network
    (link,) = np.flatnonzero(net.seller == net.row(TIN))
    return int(net.buyer[link]), int(link)


@pytest.mark.parametrize("factor", [0.5, 0.25])
def test_a_plant_with_constant_shares_expects_a_price_that_follows_by_hand(factor: float) -> None:
    """At sigma 1 half of an input costs twice as much; cost rises by its share of that."""
    contract = told(factor=factor)
    view, (user, link) = first_view(contract, sigma=1.0), find_user(contract)
    one = np.ones(view.rows.m)
    store = foresee(view, one, view.seen.row["orders"], np.ones(view.rows.n), 104)
    rise = view.facts.row["gamma"][user] * view.facts.link["share"][link] * np.log(1 / factor)
    assert store.rise[user] == pytest.approx(rise, rel=1e-6)
    assert store.ratio[user] == pytest.approx(np.exp(-rise), rel=1e-6)
    assert store.event[user] == WEEK
    assert not store.used[np.arange(view.rows.n) != user].any()


@pytest.mark.parametrize("sigma", [0.0, 0.4, 1.0, 1.6])
def test_costs_and_answers_are_those_of_shopping_anew(sigma: float) -> None:
    view, rng = first_view(told(), sigma), np.random.default_rng(5)
    price = rng.lognormal(0.0, 0.3, view.rows.m)
    cost, part = shopping(view, price)
    for link in np.flatnonzero(view.rows.perishable):
        weights, there = find_weights(view, part, np.array([link])), price.copy()
        there[link] *= np.exp(0.7)
        dearer, again = shopping(view, there)
        row = view.rows.row_of[link]
        assert raise_cost(0.7, *weights)[0] == pytest.approx(dearer[row] - cost[row], abs=1e-9)
        bought = np.log(again[link] / part[link]) - 0.7
        assert answer_price(0.7, *weights)[0] == pytest.approx(bought, abs=1e-9)


def test_nothing_is_stored_for_what_is_too_far_off_or_gets_plentiful() -> None:
    one = None
    for contract, horizon in (
        (told(), WEEK - 1),
        (told(factor=2.0), 104),
        (told(announced=False), 104),
    ):
        view = first_view(contract)
        one = np.ones(view.rows.m)
        store = foresee(view, one, view.seen.row["orders"], np.ones(view.rows.n), horizon)
        assert not store.used.any()


def played(contract: Contract, **gains: float) -> Run:
    run = simulate(contract, market(quote_smoothing=1.0, **gains), 1)
    assert run.completed, run.reason
    return run


def test_stocks_are_laid_up_and_used() -> None:
    stock = {
        announced: played(told(announced=announced)).row("21", "stock")
        for announced in (True, False)
    }
    more = stock[True] / stock[False]
    np.testing.assert_allclose(more[: WEEK - 10], 1.0, rtol=1e-12)
    assert more[WEEK : WEEK + 3].max() > 1.08
    assert abs(more[-1] - 1.0) < 0.1


def test_while_it_stores_a_plants_price_rises_by_what_spoils() -> None:
    """So that a unit that is kept is worth a unit that is sold."""
    contract = told()
    user, _ = find_user(contract)
    decay = contract.economy.decay[user]
    price = played(contract).row("21", "price")[WEEK - 2 : WEEK + 1]
    np.testing.assert_allclose(np.diff(np.log(price)), -np.log1p(-decay), atol=0.004)


def test_what_nobody_announces_changes_nothing() -> None:
    contract = told(announced=False)
    with_store, without = (played(contract, horizon=h).series for h in (104, 0))
    for name, series in with_store.items():
        np.testing.assert_array_equal(series, without[name])


@pytest.mark.parametrize("delay", [0.0, 1.0, 3.0])
def test_an_owner_posts_its_price_so_that_it_is_heard_in_time(delay: float) -> None:
    """Once, and up to what halves the orders of buyers who spend a constant sum."""
    contract = told(delay=delay)
    view, row = first_view(contract), contract.economy.network.row(TIN)
    moves = np.array([price_ahead(replace(view, t=t))[row] for t in range(WEEK)])
    due = WEEK - 1 - int(delay)
    np.testing.assert_allclose(moves[due], np.log(2.0))
    assert np.count_nonzero(moves) == 1


def test_who_was_told_finds_the_price_of_what_is_scarce_sooner() -> None:
    at = {
        a: played(told(announced=a, delay=1.0)).row(TIN, "price")[WEEK + 4] for a in (True, False)
    }
    assert at[True] > 1.3 * at[False]


def test_output_falls_where_it_does_not_pay() -> None:
    """At the price that it asks for a plant makes no more than what marginal cost is below."""
    view, user = first_view(told()), find_user(told())[0]
    n = view.rows.n
    use = np.where(np.arange(n) == user, view.seen.row["orders"], 0.0)
    cost, _ = choice(view, np.ones(view.rows.m))
    store = LaidUpStock(np.full(n, 9.0), use, np.zeros(n), np.ones(n), np.zeros(n))

    def made(log_price: float) -> float:
        return float(find_output(view, store, np.full(n, log_price), cost)[user])

    gamma = view.facts.row["gamma"][user]
    assert made(0.2) == pytest.approx(use[user], rel=1e-9)
    cheaper = use[user] * np.exp(-0.1 * gamma / (1 - gamma))
    assert made(-0.1) == pytest.approx(cheaper, rel=1e-6)


@pytest.mark.parametrize("name", ["market", "market:exchange", "market:reprice=0.5"])
def test_who_stores_sees_its_own_row_alone(name: str) -> None:
    economy = generate(7, products=3, firms=2, households=1, inputs=3, decay=0.01)
    shocks = Shock("ore", 5, 0.5, announced=True), Shock("ore", 8, 0.9, announced=True)
    report = barrier(name, contract=Contract(economy, shocks=shocks, weeks=11), seed=3)
    assert report.passed, report.lines
    assert report.replayed == report.calls > 60
