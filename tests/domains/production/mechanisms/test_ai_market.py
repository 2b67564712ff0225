"""The market whose firms learn: what it hears, what it learns, and that it needs no more."""

import numpy as np
import pytest
from scipy.stats import norm

from catallax import (
    ChannelLaw,
    Contract,
    InputError,
    KnowledgeLaw,
    LineLaw,
    assess,
    generate,
    market,
    simulate,
    tin,
    us71,
)
from catallax.domains.production.mechanisms import ai_market
from catallax.domains.production.mechanisms.ai_market import AIMarket
from catallax.domains.production.network import Table
from catallax.domains.production.run import Setup, act, begin, close_tick, open_tick, settle_week
from catallax.domains.production.run.views import make_view

QUIET = LineLaw(noise=0.0)


def efficiency(mechanism, contract, seed=100):
    run = simulate(contract, mechanism, seed)
    assert run.completed, run.reason
    path = assess(run)
    return path.mean(path.efficiency, 52)


def test_noise_on_quotes_hurts_it_less_than_a_market_that_takes_each_for_true() -> None:
    lost = {}
    for make in (market, ai_market):
        calm, loud = (
            efficiency(
                make(),
                Contract(
                    generate(5), channel=ChannelLaw(line=line, measuring=0.0), weeks=104, settle=0
                ),
            )
            for line in (QUIET, LineLaw(noise=0.1))
        )
        lost[make] = calm - loud
    assert 0 < lost[ai_market] < 0.5 * lost[market]


def test_rows_hear_and_say_what_rows_of_a_market_do() -> None:
    contract = Contract(generate(5), weeks=20, settle=0)
    plain, learned = (simulate(contract, m, 1).meter.kinds for m in (market(), ai_market()))
    assert set(plain) == set(learned) == {"ask", "quote"}
    assert plain["quote"] == learned["quote"]


def test_who_learns_how_its_buyers_answer_finds_a_scarce_price_sooner() -> None:
    """Those who need tin hardly answer its price; a seller who learns this moves it faster."""
    contract = tin(us71(), weeks=130)
    row = contract.economy.network.row("deposit 212")
    price = {}
    for learn in (0.0, 0.3):
        run = simulate(contract, ai_market(speed=0.0256, learn=learn), 100)
        price[learn] = run.series["price"][-1, row]
    assert price[0.3] > 1.3 * price[0.0]


def test_stocks_follow_the_newsvendors_rule() -> None:
    """More is held where more is lost by running out: with wider margins, slower spoilage."""
    held = {}
    for safety in (0.0, 3.0):
        run = simulate(
            Contract(generate(5), weeks=80, settle=0), ai_market(safety=safety, a=0.2), 1
        )
        held[safety] = run.series["stock"][-20:].sum()
    assert held[3.0] > 1.02 * held[0.0]


def test_it_collapses_when_gaps_are_closed_at_once_and_nothing_is_learned_of_it() -> None:
    """The bullwhip of the plain market (a = 1) is not cured by forecasts alone."""
    contract = Contract(us71(), KnowledgeLaw(), weeks=104, settle=0)
    assert efficiency(ai_market(a=1.0, safety=10.0), contract) < efficiency(ai_market(), contract)


@pytest.mark.parametrize("name", ["kappa", "learn", "beta", "a", "safety"])
def test_settings_out_of_range_are_refused(name) -> None:
    for value in (-0.1, 10.5):
        with pytest.raises(InputError, match=f"ai_market:{name}: {value} is out of range"):
            ai_market(**{name: value})


def test_what_it_remembers_is_its_rows_own() -> None:
    """Row-shaped, finite, and no number of another row's: the barrier test replays it all."""
    contract = Contract(generate(5), weeks=6, settle=0)
    agents = ai_market().agents
    setup = Setup(contract, ai_market(), 1)
    view = make_view(setup, begin(setup), tacit=True)
    _, done = agents.start(view)
    deed, after = agents.act(view, done)
    net = contract.economy.network
    assert set(after.row) == set(done.row)
    assert set(after.link) == set(done.link)
    assert all(v.shape == (net.n,) and np.isfinite(v).all() for v in after.row.values())
    assert all(v.shape == (net.m,) and np.isfinite(v).all() for v in after.link.values())
    assert deed.price is not None
    assert (deed.price > 0).all()


@pytest.mark.parametrize("decay", [0.0, 0.02, 0.1])
def test_a_plant_sees_in_its_books_what_share_of_its_stock_spoils(decay) -> None:
    """What is left after sales and output tell it exactly, wherever anything was left."""
    contract = Contract(generate(5, decay=decay), weeks=4, settle=0)
    setup = Setup(contract, ai_market(), 1)
    world = begin(setup)
    for _ in range(3):
        before = world
        world = close_tick(setup, open_tick(setup, world), None)
        deed, world = act(setup, world)
        assert deed is not None
        world, week = settle_week(setup, world, deed)
        assert not isinstance(week, str), week
    _, memory = AIMarket().act(make_view(setup, world, tacit=True), world.act_memory)
    left = before.state.stock - world.state.last.sold
    plants = np.arange(len(left))[contract.economy.network.plants]
    kept = plants[left[plants] > 1e-3 * before.state.stock[plants]]
    assert len(kept) > 5
    np.testing.assert_allclose(memory.row["decay"][kept], decay, atol=1e-12)


@pytest.mark.parametrize(("decay", "price"), [(0.02, 1.0), (0.2, 1.0), (0.2, 1.3), (0.2, 0.8)])
def test_output_aims_at_the_newsvendors_stock(decay, price) -> None:
    """Of firms that close gaps at once and only fill orders, against SciPy's normal quantiles.

    A unit too few loses the margin, one too many what spoils of it: stock is for orders at the
    quantile margin / (margin + spoilage), at least the median, of log-normal orders.
    """
    contract = Contract(generate(5), KnowledgeLaw(dispersion=0.0, drift=0.0), weeks=4, settle=0)
    setup = Setup(contract, ai_market(), 1)
    view = make_view(setup, begin(setup), tacit=True)
    agents, facts, seen = AIMarket(safety=1.0, a=1.0, beta=0.0), view.facts.row, view.seen.row
    _, done = agents.start(view)
    n, error = view.rows.n, 0.1
    known = {"decay": decay, "price": price, "error": error**2}
    done = done | Table({k: np.full(n, v) for k, v in known.items()})
    _, memory = agents.act(view, done)
    i = contract.economy.network.plants
    orders, gamma, K = seen["orders"][i], facts["gamma"][i], facts["K"][i]
    # At base-year prices a unit of composite costs 1, and everything that was there was sold.
    inputs = K * (orders / (facts["z"][i] * K)) ** (1 / gamma)
    margin = np.maximum(price - inputs / orders, 0.0)
    quantile = np.clip(margin / (margin + decay * inputs / orders), 0.5, 0.999)
    wanted = orders * np.exp(norm.ppf(quantile) * memory.row["error"][i] ** 0.5)
    made = facts["z"][i] * K * (memory.row["X"][i] / K) ** gamma
    np.testing.assert_allclose(made, wanted, rtol=1e-7)  # 1e-9 stands beside the margin
