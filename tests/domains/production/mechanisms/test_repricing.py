"""Prices that stay as they are until their seller's turn comes."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from catallax import Contract, InputError, KnowledgeLaw, Shock, assess, simulate
from catallax.domains.production.economy import generate
from catallax.domains.production.mechanisms import Agents, ai_market, federated_market, market
from catallax.domains.production.mechanisms.pricing import slow_down
from catallax.domains.production.mechanisms.repricing import find_pace, move_wanted, turns
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, PLANT, View
from catallax.domains.production.run import Recording
from catallax.testing import barrier

MAKERS = {"market": market, "ai_market": ai_market, "federated_market": federated_market}
CONTRACT = Contract(generate(7, products=5, firms=2, households=2, inputs=3), weeks=40, settle=0)


def prices(mechanism, contract=CONTRACT, seed=3):
    """(weeks, n) posted prices."""
    keep = Recording(rows=contract.economy.network.n)
    run = simulate(contract, mechanism, seed, recording=keep)
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


def test_a_rule_goes_as_slowly_as_on_a_line_with_as_much_more_delay_as_prices_stand():
    """The mean age (1 - f) / f of a price is worked out here from the chances of each age."""
    ages, view = np.arange(20_000), _view(1)
    for f in (0.025, 0.1, 0.5):
        stood = float((ages * f * (1.0 - f) ** ages).sum())
        for delay in (1.0, 4.0):
            found = find_pace(replace(view, delay=delay), f) * slow_down(delay)
            assert found == pytest.approx(slow_down(delay + stood), rel=1e-9)
    assert [find_pace(replace(view, delay=d), 1.0) for d in (0.0, 0.3, 1.0, 7.0)] == [1.0] * 4


@pytest.mark.parametrize("share", [0.01, 0.3, 1.0])
def test_a_wanted_price_goes_to_its_level_and_no_further(share):
    """Of an owner and a plant whose prices stand while the rule asks for a rise of 0.4 in logs."""
    view = replace(_view(2), rows=SimpleNamespace(kind=np.array([ENDOWMENT, PLANT])))
    before, path = np.full(2, 1.5), [np.full(2, 1.5)]
    for _ in range(int(40 / share)):
        led = before * np.exp(share * 0.4)
        path.append(move_wanted(view, path[-1], before, led, (share, share)))
    risen = np.log(np.array(path) / before)
    weeks = np.arange(len(path))[:, None] * np.ones(2)
    np.testing.assert_allclose(risen, 0.4 * (1.0 - (1.0 - share) ** weeks), atol=1e-12)


@pytest.mark.parametrize("seed", [3, 4, 5, 6])
@pytest.mark.parametrize("make", [market, ai_market], ids=["market", "ai_market"])
def test_prices_go_as_far_later_and_not_beyond(make, seed):
    """A scarce resource's price rises as far in 1 / pace times as many weeks, by steps."""
    economy = generate(7, products=5, firms=2, households=2, inputs=3)
    begun, weeks, f = 20, (100, 400), 0.1
    pace = 2.0 / (1.0 + 1.0 + (1.0 - f) / f)

    def rises(reprice: float, last: float):
        still = KnowledgeLaw(drift=0.0)
        shock = Shock("ore", begun, 0.5)
        contract = Contract(economy, still, shocks=shock, weeks=begun + int(last), settle=0)
        path = prices(make(reprice=reprice), contract, seed)[:, economy.network.row("ore")]
        return np.log(path[begun - 1 :])

    weekly, late = rises(1.0, weeks[-1]), rises(f, weeks[-1] / pace)
    assert weekly[100] > 0.5
    for week in weeks:
        assert late[int(week / pace)] == pytest.approx(weekly[week], rel=0.1)
    assert late[50] < 0.6 * weekly[50]
    assert late.max() < 1.02 * weekly[-1]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_market_stands_where_few_sellers_may_reprice(seed):
    economy = generate(7, products=40, firms=5, households=2, inputs=2)
    run = simulate(Contract(economy, weeks=600, settle=0), market(reprice=0.05), seed)
    assert run.completed
    assert assess(run, [500, 550, 599]).efficiency.min() > 0.9


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
