"""Stocks for an announced shortage: the path is the best one, and the plan pays its price."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, minimize

from catallax import ChannelLaw, Contract, KnowledgeLaw, LineLaw, Shock, simulate, solve
from catallax.domains.production.economy import small
from catallax.domains.production.mechanisms import DELEGATIONS, ai_planner
from catallax.domains.production.mechanisms.outlook import Outlook, growth
from catallax.domains.production.mechanisms.storage import excess, level, ordered, sold, with_store
from catallax.domains.production.network import Inbox, Table
from catallax.domains.production.run import Recording, Setup

WEEKS = 40
EXACT = LineLaw(delay=0.0, noise=0.0, resolution=0)
CLEAR = ChannelLaw(line=EXACT, centre=EXACT)
METAL = "metal, firm 1"


def public_and_metal(decay):
    """What is public of a small economy whose products spoil at `decay`, and the metal's row."""
    public = Setup(Contract(small(2), weeks=WEEKS), ai_planner(), 1).public
    return replace(public, decay=np.where(public.decay > 0, decay, 0.0)), public.network.row(METAL)


def metal_sold(stock, weeks, ratio, elasticity, decay):
    """Metal sold over metal made, of which the unit is made now and `ratio` from `weeks` on."""
    public, row = public_and_metal(decay)
    only = np.arange(public.network.n) == row
    outlook = replace(
        Outlook.none(public),
        event=weeks - 1,  # what is made in its week is sold in the next
        use=np.ones(len(only)),
        ratio=np.where(only, ratio, 1.0),
        rise=np.where(only, -np.log(ratio) / elasticity, 0.0),
        elasticity=np.where(only, elasticity, 0.0),
    )
    return sold(outlook, public, np.where(only, stock, np.nan), 0.0, WEEKS, 0.0)[row]


def best_use(stock, weeks, ratio, elasticity, decay):
    """Use in every week that brings the highest sum of utilities whose slope is the price."""
    t = np.arange(WEEKS)
    made, left = np.where(t < weeks, 1.0, ratio), 1.0 - decay
    keep = np.tril(left ** np.maximum(np.subtract.outer(t, t), 0))
    there = keep @ made + stock * left**t
    power = 1.0 - 1.0 / elasticity
    found = minimize(
        lambda x: -np.sum(x**power / power if power else np.log(x)),
        made,
        jac=lambda x: -(x ** (-1.0 / elasticity)),
        bounds=Bounds(1e-3, np.inf),
        constraints=LinearConstraint(keep, -np.inf, there),
        method="SLSQP",
        options={"ftol": 1e-13, "maxiter": 1000},
    )
    assert found.status in (0, 8), found.message  # 8: no way up that rounding leaves
    return found.x


@pytest.mark.parametrize(
    "case",
    [
        pytest.param((0.0, 30, 0.6, 1.0, 0.03), id="too early to begin"),
        pytest.param((0.0, 25, 0.4, 0.5, 0.03), id="just begun"),
        pytest.param((0.0, 12, 0.4, 0.5, 0.03), id="building"),
        pytest.param((0.0, 3, 0.4, 0.5, 0.03), id="late"),
        pytest.param((1.5, 3, 0.4, 0.5, 0.03), id="late but with a stock"),
        pytest.param((1.5, 35, 0.4, 0.5, 0.03), id="a stock that will be gone before"),
        pytest.param((2.0, 1, 0.6, 0.9, 0.05), id="the last week of plenty"),
        pytest.param((0.0, 12, 0.4, 2.0, 0.03), id="easily done without"),
        pytest.param((1.0, 10, 0.5, 0.7, 0.0), id="nothing spoils"),
    ],
)
def test_it_is_the_path_that_a_search_over_all_paths_finds(case) -> None:
    """The rule of storage against a convex programme over the use of every week; to 0.01 %."""
    assert metal_sold(*case) == pytest.approx(best_use(*case)[0], rel=1e-4)


@given(
    stock=st.floats(0, 20),
    weeks=st.integers(0, 60),
    ratio=st.floats(0.1, 0.95),
    elasticity=st.floats(0.2, 4),
    decay=st.floats(0.005, 0.3),
)
def test_what_is_put_into_store_comes_out_less_what_spoils(
    stock, weeks, ratio, elasticity, decay
) -> None:
    """Week after week along the path: in the end nothing is left, or missing."""
    horizon, top = 2000, -np.log(ratio) / elasticity
    held, part, e, spoils = (np.array([x]) for x in (stock, ratio, elasticity, decay))
    begin = level(held, weeks, part, e, spoils, horizon)[0]
    price = np.minimum(begin + growth(spoils) * np.arange(horizon), top)
    made = np.where(np.arange(horizon) < weeks, 1.0, ratio)
    there, moved = stock, 1.0 + stock
    for use, fresh in zip(np.exp(-elasticity * price), made, strict=True):
        there = (there + fresh - use) * (1.0 - decay)
        moved += abs(fresh - use)
    assert abs(there) <= 1e-6 * moved


def test_only_what_was_worth_storing_is_sold_off_and_more_of_a_larger_stock() -> None:
    """What a week can take is no stock."""
    public, row = public_and_metal(0.02)
    only, one = np.arange(public.network.n) == row, np.ones(public.network.n)
    outlook = replace(Outlook.none(public), use=one, elasticity=np.where(only, 1.0, 0.0))
    share = [sold(outlook, public, s * one, 0.0, 104, 0.0) for s in (0, 1e-5, 0.1, 1.0)]
    assert [s[row] for s in share[:2]] == [1.0, 1.0]
    assert 1.0 < share[2][row] < share[3][row]
    assert all(np.all(s[~only] == 1.0) for s in share)


def heard_of(public, age):
    """Everybody's report, some ticks old: 3 in stock, of which 2 were made last."""
    n = public.network.n
    told = Table({"stock": np.full(n, 3.0), "output": np.full(n, 2.0)})
    return Inbox(told, Table({"stock": np.full(n, age)}))


def test_what_is_in_store_is_what_was_reported_less_what_has_spoiled_since() -> None:
    public, row = public_and_metal(0.02)
    none = Outlook.none(public)
    held = excess(none, public, heard_of(public, 1.0), 0.0)
    assert held[row] == pytest.approx(0.98)
    assert np.isnan(held[public.network.endowments]).all()
    assert np.isnan(excess(none, public, heard_of(public, np.inf), 0.0)).all()
    hidden = excess(none, public, heard_of(public, 1.0), 0.0, hiding=np.log(0.5))
    assert hidden[row] == pytest.approx(2 * 0.98)


def test_the_last_plan_is_taken_to_have_been_carried_out_since_the_report() -> None:
    public, row = public_and_metal(0.02)
    outlook = replace(Outlook.none(public), put=np.full(public.network.n, 0.25))
    held = excess(outlook, public, heard_of(public, 1.0), 2.0)
    assert held[row] == pytest.approx((1.0 + 3 * 0.25) * 0.98**3)


@pytest.mark.parametrize("part", [0.6, 0.9, 1.3])
def test_welfare_loses_the_price_of_what_is_put_into_store(part) -> None:
    """Envelope theorem, for sum w log u at incomes w: central differences, to 0.01 %."""
    economy = small(2)
    t, row, n = economy.technology, economy.network.row(METAL), economy.network.n

    def plan(part):
        best = solve(with_store(t, np.where(np.arange(n) == row, part, 1.0)), economy.income)
        sent = economy.network.orders(best.arrive / t.kept)[row]
        assert sent == pytest.approx(part * best.target[row], rel=1e-8)
        stored = best.target[row] - sent
        return float(economy.income @ np.log(best.utility)), stored, best.price[row]

    (high, less, _), (low, more, _) = plan(part + 1e-4), plan(part - 1e-4)
    assert (high - low) / (more - less) == pytest.approx(plan(part)[2], rel=1e-4)


def test_orders_beyond_the_plan_are_allowed_for() -> None:
    share = np.array([0.6, 0.999, 1.0, 1.05, 1.5])
    assert ordered(share, 0.1) == pytest.approx([0.6 / 1.1, 0.999 / 1.1, 1.0, 1.0, 1.5 / 1.1])


@pytest.mark.parametrize(
    "shock",
    [Shock("ore", 30, 2.0, announced=True), Shock("ore", 30, 0.3)],
    ids=["plenty", "untold"],
)
@pytest.mark.parametrize("delegation", DELEGATIONS)
def test_without_a_shortage_in_sight_plans_are_the_same_to_the_bit(shock, delegation) -> None:
    contract = Contract(small(2), shocks=(shock,), weeks=WEEKS)
    plans = [ai_planner(delegation=delegation, horizon=h) for h in (104, 0)]
    on, off = (simulate(contract, plan, 1) for plan in plans)
    assert all(np.array_equal(v, off.series[k], equal_nan=True) for k, v in on.series.items())
    assert on.meter.kinds == off.meter.kinds


def test_a_planner_who_knows_all_has_a_stock_when_it_is_needed_and_none_when_not() -> None:
    """Nothing two years before; it peaks as the ore fails, pays, and is used up."""
    economy, law = small(2), KnowledgeLaw(tacit=0.0, dispersion=0.0, drift=0.0)
    row, shock = economy.network.row(METAL), Shock("ore", 70, 0.3, announced=True)
    contract = Contract(economy, law, CLEAR, shocks=(shock,), weeks=140)
    recording = Recording(rows=economy.network.n)
    plans = [ai_planner(delegation="in_kind", taut=0.0, weight=1.0, horizon=h) for h in (104, 0)]
    on, off = (simulate(contract, plan, 1, recording=recording).series for plan in plans)
    more = (on["stock"] - off["stock"])[:, row] / economy.output[row]
    assert np.all(np.abs(more[:10]) < 1e-3)
    assert int(np.argmax(more)) in (70, 71)
    assert more.max() > 1
    assert np.all(np.abs(more[125:]) < 1e-2)
    gain = np.log(on["utility"] / off["utility"]) @ economy.income
    assert gain.mean() > 0.005 * economy.income.sum()
