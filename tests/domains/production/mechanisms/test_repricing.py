"""Prices that stay as they are until their seller's turn comes."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import Contract, InputError, Shock, simulate
from catallax.domains.production.economy import generate
from catallax.domains.production.mechanisms import Agents, ai_market, federated_market, market
from catallax.domains.production.mechanisms.repricing import turns
from catallax.domains.production.network import HOUSEHOLD, View
from catallax.domains.production.run import Recording
from catallax.testing import barrier

MAKERS = {"market": market, "ai_market": ai_market, "federated_market": federated_market}
CONTRACT = Contract(generate(7, products=5, firms=2, households=2, inputs=3), weeks=40, settle=0)


def prices(mechanism, contract=CONTRACT):
    """(weeks, n) posted prices."""
    keep = Recording(rows=contract.economy.network.n)
    run = simulate(contract, mechanism, 3, recording=keep)
    assert run.completed
    return run.series["price"]


class Undrawn(Agents):
    """Agents that may draw nothing."""

    def __init__(self, inner: Agents) -> None:
        self.inner = inner

    def start(self, view: View):
        return self.inner.start(replace(view, draw=self._refuse))

    def report(self, view: View, said):
        return self.inner.report(replace(view, draw=self._refuse), said)

    def act(self, view: View, done):
        return self.inner.act(replace(view, draw=self._refuse), done)

    def _refuse(self, purpose: str):
        raise AssertionError(purpose)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_where_every_seller_reprices_every_week_nothing_is_drawn_or_remembered(make):
    made = make(reprice=1.0)
    shy = replace(made, agents=Undrawn(made.agents))
    assert simulate(CONTRACT, shy, 3).bits == simulate(CONTRACT, make(), 3).bits
    view = prices(made)
    assert np.all(np.diff(view[5:, :4], axis=0) != 0)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_share_that_reprices_does_and_all_others_stand_still_to_the_bit(make):
    sellers = CONTRACT.economy.network.kind != HOUSEHOLD
    moved = np.diff(prices(make(reprice=0.25))[:, sellers], axis=0) != 0
    share, k = moved.mean(), moved.size
    assert abs(share - 0.25) < 4 * np.sqrt(0.25 * 0.75 / k)
    # Each has turns of its own: in most weeks some move and some do not.
    assert np.mean(moved.any(axis=1) & ~moved.all(axis=1)) > 0.7


def test_what_has_come_together_is_posted_at_once():
    n = 4
    drawn = np.array([0.1, 0.3, 0.19999, 0.9])
    view = replace(_view(n), draw=lambda purpose: drawn if purpose == "reprice" else None)
    price, wanted = np.ones(n), np.array([1.1, 1.2, 1.3, 1.0])
    found = turns(view, 0.2, price, wanted)
    assert found["price"].tolist() == [1.1, 1.0, 1.3, 1.0]
    assert found["wanted"] is wanted


def _view(n: int) -> View:
    from catallax.domains.production.network import Inbox, Table

    return View(None, Table(), Table(), Inbox(), 0, lambda purpose: np.zeros(n))  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [market, ai_market], ids=["market", "ai_market"])
def test_prices_travel_as_far_as_if_they_moved_every_week(make):
    """After a shock the scarce resource's price has risen by about as much, only by steps."""
    economy = generate(7, products=5, firms=2, households=2, inputs=3)
    contract = Contract(economy, shocks=Shock("ore", 20, 0.5), weeks=120, settle=0)
    ore = contract.economy.network.row("ore")
    weekly, late = (np.log(prices(make(reprice=r), contract)[-1, ore]) for r in (1.0, 0.1))
    assert weekly > 0.1
    assert 0.6 < late / weekly < 1.6


@pytest.mark.parametrize(("seed", "name"), [*enumerate(MAKERS, start=100)])
def test_every_seller_draws_for_itself_alone(seed, name):
    contract = Contract(generate(7, products=3, firms=2, households=1, inputs=3), weeks=8, settle=0)
    report = barrier(f"{name}:reprice=0.2", contract=contract, seed=seed)
    assert report.passed, report.lines


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("bad", [0.0, -0.1, 1.5, float("nan")])
def test_shares_out_of_range_are_refused(name, bad):
    with pytest.raises(
        InputError, match=r":reprice: .* is out of range, expected above 0, at most 1"
    ):
        MAKERS[name](reprice=bad)
