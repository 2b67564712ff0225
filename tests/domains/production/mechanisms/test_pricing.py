"""Plants price at marginal cost: against the slope of their costs, and whole steps are stable."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import ChannelLaw, Contract, KnowledgeLaw, LineLaw, assess, generate, market, simulate
from catallax.arrays import Floats
from catallax.domains.production.mechanisms.buying import choice, composite
from catallax.domains.production.mechanisms.market import Market
from catallax.domains.production.mechanisms.pricing import find_excess, find_marginal_cost
from catallax.domains.production.network import Inbox, Table, View
from catallax.domains.production.run import Setup, begin
from catallax.domains.production.run.views import make_view

STILL = KnowledgeLaw(dispersion=0.0, drift=0.0)
EXACT = LineLaw(0.0, noise=0.0, resolution=0)


def first_view(law: KnowledgeLaw = STILL) -> View:
    """What rows of a small economy see when they first act."""
    setup = Setup(Contract(generate(5), law, weeks=4), market(), 1)
    return make_view(setup, begin(setup), tacit=True)


def sales(view: View) -> Floats:
    """(n,) last week's orders; 1 for households, who have none."""
    return np.where(view.rows.kind == 2, 1.0, view.seen.row["orders"])


def test_marginal_cost_is_the_slope_of_cost() -> None:
    """Cost of an output y is c K (y / (z K))^(1/gamma); its slope by differences."""
    view, rng = first_view(KnowledgeLaw()), np.random.default_rng(3)
    cost, _ = choice(view, rng.lognormal(0.0, 0.3, view.rows.m))
    output = sales(view) * rng.lognormal(0.0, 0.3, view.rows.n)
    found = find_marginal_cost(view, np.log(composite(view, output)), cost)
    step = 1e-6
    more, less = (np.exp(cost) * composite(view, output * (1 + h)) for h in (step, -step))
    slope = (more - less) / (2 * step * output)
    plants = view.rows.kind == 1
    np.testing.assert_allclose(np.exp(found)[plants], slope[plants], rtol=1e-8)


def test_in_the_base_year_marginal_cost_is_the_price() -> None:
    view = first_view()
    cost, _ = choice(view, np.ones(view.rows.m))
    fill = np.log(composite(view, sales(view)))
    plants = view.rows.kind == 1
    np.testing.assert_allclose(find_marginal_cost(view, fill, cost)[plants], 0.0, atol=1e-7)


@pytest.mark.parametrize("theta", [0.1, 0.3, 1.0])
def test_a_week_closes_the_share_of_the_gap_that_is_set(theta: float) -> None:
    """All quotes rise by a tenth, so marginal costs do; stocks push prices by nothing."""
    view = first_view()
    agents = Market(theta=theta, kappa=0.0, quote_smoothing=1.0, cover=0.0)
    _, memory = agents.start(view)
    dearer = Table(link={"price": np.full(view.rows.m, 1.1)})
    view = replace(view, inbox=Inbox(view.inbox.value | dearer, view.inbox.age))
    deed, _ = agents.act(view, memory)
    assert deed.price is not None
    plants = view.rows.kind == 1
    np.testing.assert_allclose(np.log(deed.price[plants]), theta * np.log(1.1), rtol=1e-6)


def test_excess_counts_up_to_one_on_both_sides() -> None:
    found = find_excess(np.array([1.0, 2.0, 9.0, 0.0]), np.array([1.0, 1.0, 1.0, 1.0]), 0.1)
    np.testing.assert_allclose(found, [-0.1, np.log(2.0) - 0.1, 1.0, -1.0])


@pytest.mark.parametrize("theta", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("delay", [0, 1, 8])
def test_costs_are_passed_on_without_swings_at_any_delay(delay: int, theta: float) -> None:
    """Orders and endowments' prices as they are: log prices of 20 plants come to one solution."""
    rng = np.random.default_rng(delay)
    share = rng.dirichlet(np.ones(21), 20)  # the last column buys labour, whose log price is 0
    inputs, own = share[:, :20], rng.normal(0.0, 0.3, 20)
    settled = np.linalg.solve(np.eye(20) - inputs, own)
    path = [rng.normal(0.0, 1.0, 20)] * (delay + 1)
    for _ in range(round(4000 / theta) * (delay + 1) // 5):
        path.append((1 - theta) * path[-1] + theta * (own + inputs @ path[-1 - delay]))
    np.testing.assert_allclose(path[-1], settled, rtol=1e-6)
    gap = np.max(
        np.abs(np.array(path) - settled) / np.linalg.solve(np.eye(20) - inputs, np.ones(20)), axis=1
    )
    assert np.all(gap[delay + 1 :] <= gap[: delay + 1].max() * (1 + 1e-9))


@pytest.mark.parametrize("delay", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("name", ["market", "market:exchange", "ai_market"])
def test_prices_that_begin_wrong_settle_where_many_sell_the_same(name: str, delay: float) -> None:
    contract = Contract(generate(6), STILL, ChannelLaw(line=replace(EXACT, delay=delay)), weeks=157)
    start = ":price_error=0.3" if name.startswith("market") else ""
    run = simulate(contract, name + start, 1)
    late = np.log(run.series["price"][-26:, contract.economy.network.sellers])
    assert np.ptp(late - late[:, :1], axis=0).max() < 0.06
    assert assess(run, [130, 143, 156]).efficiency.min() > 0.985


def test_whole_steps_are_too_large_where_many_sell_the_same() -> None:
    """Buyers go to whoever is cheapest: a cobweb, which smaller steps do not have."""
    contract = Contract(generate(6), STILL, ChannelLaw(line=replace(EXACT, delay=1.0)), weeks=105)
    swing = {}
    for theta in (0.3, 1.0):
        run = simulate(contract, market(theta=theta, price_error=0.3, quote_smoothing=1.0), 1)
        late = np.log(run.series["price"][-26:])
        swing[theta] = np.ptp(late - late[:, :1], axis=0).max()
    assert swing[0.3] < 0.05
    assert swing[1.0] > 0.5


def test_a_market_comes_to_the_optimum_as_its_steps_and_stocks_shrink() -> None:
    """Exact lines, nothing moves, prices begin wrong: what is lost late goes to nothing."""
    contract = Contract(generate(5), STILL, ChannelLaw(line=EXACT), weeks=521)
    lost = []
    for part in (1.0, 0.25, 0.0625):
        gains = {"cover": 0.2 * part, "taut": 0.08 * part, "quote_smoothing": 1.0}
        run = simulate(contract, market(price_error=0.3, **gains), 1)
        lost.append(1.0 - assess(run, [480, 500, 520]).efficiency.mean())
    print(lost)
    assert lost[0] > 3 * lost[1] > 9 * lost[2] > 0
    assert lost[2] < 1e-3
