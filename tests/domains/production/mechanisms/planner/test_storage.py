"""Stocks for an announced shortage: what is worth storing, the best path, and what it costs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, minimize

from catallax import (
    ChannelLaw,
    Contract,
    KnowledgeLaw,
    LineLaw,
    Shock,
    Tariff,
    simulate,
    solve,
    us15,
)
from catallax.domains.production.economy import small
from catallax.domains.production.mechanisms import DELEGATIONS, ai_planner
from catallax.domains.production.mechanisms.competitive_storage import price_growth, settle_level
from catallax.domains.production.mechanisms.planner.storage import (
    REVIEW,
    Outlook,
    add_store,
    estimate_stocks,
    plan_orders,
    plan_sales,
    review_outlook,
)
from catallax.domains.production.network import Inbox, Table
from catallax.domains.production.run import Recording, Setup

WEEKS = 40
EXACT = LineLaw(delay=0.0, noise=0.0, resolution=0)
CLEAR = ChannelLaw(line=EXACT, centre=EXACT, measuring=0.0)
METAL = "metal, firm 1"
SHORTAGE = Shock("ore", 30, 0.3, announced=True)


def public_of(*shocks, economy=None):
    """What everybody knows of a contract once he is told what is announced."""
    contract = Contract(economy or small(2), shocks=shocks, weeks=60, settle=0)
    setup = Setup(contract, ai_planner(), 1)
    return replace(setup.public, announced=setup.announced[0])


def outlook_of(*shocks, week=10, horizon=104, economy=None):
    """What somebody who believes the public table makes of it."""
    public = public_of(*shocks, economy=economy)
    return review_outlook(Outlook.start(public), public, public.base, None, week, horizon)


def test_what_is_made_of_the_scarce_thing_is_worth_storing_and_nothing_else() -> None:
    """Against two optima of the base year, one with less ore."""
    public, outlook = public_of(SHORTAGE), outlook_of(SHORTAGE)
    row, ore, base = public.network.row(METAL), public.network.row("ore"), public.base
    assert np.flatnonzero(outlook.elasticity).tolist() == [row]
    less = replace(base, supply=np.where(np.arange(public.network.n) == ore, 0.3, 1) * base.supply)
    before, after = (solve(t, public.income) for t in (base, less))
    rise = np.log(after.price[row] / before.price[row])
    ratio = after.target[row] / before.target[row]
    assert outlook.rise[row] == pytest.approx(rise, abs=1e-6)
    assert outlook.elasticity[row] == pytest.approx(-np.log(ratio) / rise, rel=1e-5)
    assert outlook.use == pytest.approx(before.target, rel=1e-6)


def test_once_the_event_is_there_the_stock_is_only_drawn_on() -> None:
    outlook = outlook_of(SHORTAGE)
    assert outlook.at(29) is outlook
    later = outlook.at(30)
    assert later.use == pytest.approx(outlook.use * outlook.ratio)
    assert not later.rise.any()
    assert np.array_equal(later.elasticity, outlook.elasticity)
    assert later.at(31) is later


@pytest.mark.parametrize(
    ("shock", "horizon"),
    [
        pytest.param(Shock("ore", 30, 2.0, announced=True), 104, id="plenty"),
        pytest.param(Shock("ore", 30, 0.3), 104, id="untold"),
        pytest.param(Shock("ore", 30, 0.98, announced=True), 104, id="spoilage costs more"),
        pytest.param(SHORTAGE, 19, id="beyond the horizon"),
    ],
)
def test_nothing_is_worth_storing(shock, horizon) -> None:
    outlook = outlook_of(shock, horizon=horizon)
    assert not outlook.rise.any()
    assert not outlook.elasticity.any()


def test_imports_are_worth_storing_before_a_foreign_tariff_but_not_before_our_own() -> None:
    """A foreign tariff wastes what pays for imports; our own is only a price."""
    for kind, some in (("foreign", True), ("domestic", False)):
        outlook = outlook_of(Tariff(kind, 30, 0.25, announced=True), economy=us15())
        assert bool(outlook.rise.any()) is some
    names = np.array(us15().network.names)
    foreign = outlook_of(Tariff("foreign", 30, 0.25, announced=True), economy=us15())
    assert all("import" in name for name in names[foreign.rise > 0])


def test_it_is_looked_at_anew_once_a_quarter_and_for_the_next_event() -> None:
    """An event that already holds is not counted twice."""
    public = public_of(SHORTAGE, Shock("ore", 50, 0.15, announced=True))
    base, row = public.base, public.network.row(METAL)
    first = review_outlook(Outlook.start(public), public, base, None, 10, 104)
    assert review_outlook(first, public, base, None, 10 + REVIEW - 1, 104) is first
    assert review_outlook(first, public, base, None, 10 + REVIEW, 104).seen == 10 + REVIEW
    ore = np.arange(public.network.n) == public.network.row("ore")
    scarce = replace(base, supply=np.where(ore, 0.3, 1.0) * base.supply)
    second = review_outlook(first, public, scarce, None, 30, 104)
    assert second.event == 50
    halved = solve(replace(base, supply=np.where(ore, 0.15, 1.0) * base.supply), public.income)
    held = solve(scarce, public.income)
    assert second.rise[row] == pytest.approx(np.log(halved.price / held.price)[row], abs=1e-6)


def test_of_events_that_are_over_the_last_one_is_the_present() -> None:
    """Ore at 0.6 from week 10, at 0.3 from week 20; at 0.15 from week 50 it halves once more."""
    levels = {10: 0.6, 20: 0.3, 50: 0.15}
    public = public_of(*(Shock("ore", t, k, announced=True) for t, k in levels.items()))
    base, row = public.base, public.network.row(METAL)
    ore = np.arange(public.network.n) == public.network.row("ore")
    held, halved = (replace(base, supply=np.where(ore, k, 1) * base.supply) for k in (0.3, 0.15))
    outlook = review_outlook(Outlook.start(public), public, held, None, 30, 104)
    assert outlook.event == 50
    price = [solve(t, public.income).price[row] for t in (halved, held)]
    assert outlook.rise[row] == pytest.approx(np.log(price[0] / price[1]), abs=1e-6)


def public_and_metal(decay):
    """What is public of a small economy whose products spoil at `decay`, and the metal's row."""
    public = Setup(Contract(small(2), weeks=WEEKS, settle=0), ai_planner(), 1).public
    return replace(public, decay=np.where(public.decay > 0, decay, 0.0)), public.network.row(METAL)


def metal_sold(stock, weeks, ratio, elasticity, decay):
    """Metal sold over metal made, of which the unit is made now and `ratio` from `weeks` on."""
    public, row = public_and_metal(decay)
    only = np.arange(public.network.n) == row
    outlook = replace(
        Outlook.start(public),
        event=weeks - 1,  # what is made in its week is sold in the next
        use=np.ones(len(only)),
        ratio=np.where(only, ratio, 1.0),
        rise=np.where(only, -np.log(ratio) / elasticity, 0.0),
        elasticity=np.where(only, elasticity, 0.0),
    )
    return plan_sales(outlook, public, np.where(only, stock, np.nan), 0.0, WEEKS, 0.0)[row]


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
    begin = settle_level(held, weeks, part, e, spoils, horizon)[0]
    price = np.minimum(begin + price_growth(spoils) * np.arange(horizon), top)
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
    outlook = replace(Outlook.start(public), use=one, elasticity=np.where(only, 1.0, 0.0))
    share = [plan_sales(outlook, public, s * one, 0.0, 104, 0.0) for s in (0, 1e-5, 0.1, 1.0)]
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
    none = Outlook.start(public)
    held = estimate_stocks(none, public, heard_of(public, 1.0), 0.0)
    assert held[row] == pytest.approx(0.98)
    assert np.isnan(held[public.network.endowments]).all()
    assert np.isnan(estimate_stocks(none, public, heard_of(public, np.inf), 0.0)).all()
    hidden = estimate_stocks(none, public, heard_of(public, 1.0), 0.0, hiding=np.log(0.5))
    assert hidden[row] == pytest.approx(2 * 0.98)


def test_the_last_plan_is_taken_to_have_been_carried_out_since_the_report() -> None:
    public, row = public_and_metal(0.02)
    outlook = replace(Outlook.start(public), put=np.full(public.network.n, 0.25))
    held = estimate_stocks(outlook, public, heard_of(public, 1.0), 2.0)
    assert held[row] == pytest.approx((1.0 + 3 * 0.25) * 0.98**3)


@pytest.mark.parametrize("part", [0.6, 0.9, 1.3])
def test_welfare_loses_the_price_of_what_is_put_into_store(part) -> None:
    """Envelope theorem, for sum w log u at incomes w: central differences, to 0.01 %."""
    economy = small(2)
    t, row, n = economy.technology, economy.network.row(METAL), economy.network.n

    def plan(part):
        best = solve(add_store(t, np.where(np.arange(n) == row, part, 1.0)), economy.income)
        sent = economy.network.orders(best.arrive / t.kept)[row]
        assert sent == pytest.approx(part * best.target[row], rel=1e-8)
        stored = best.target[row] - sent
        return float(economy.income @ np.log(best.utility)), stored, best.price[row]

    (high, less, _), (low, more, _) = plan(part + 1e-4), plan(part - 1e-4)
    assert (high - low) / (more - less) == pytest.approx(plan(part)[2], rel=1e-4)


def test_orders_beyond_the_plan_are_allowed_for() -> None:
    share = np.array([0.6, 0.999, 1.0, 1.05, 1.5])
    assert plan_orders(share, 0.1) == pytest.approx([0.6 / 1.1, 0.999 / 1.1, 1.0, 1.0, 1.5 / 1.1])


@pytest.mark.parametrize(
    "shock",
    [Shock("ore", 30, 2.0, announced=True), Shock("ore", 30, 0.3)],
    ids=["plenty", "untold"],
)
@pytest.mark.parametrize("delegation", DELEGATIONS)
def test_without_a_shortage_in_sight_plans_are_the_same_to_the_bit(shock, delegation) -> None:
    contract = Contract(small(2), shocks=(shock,), weeks=WEEKS, settle=0)
    plans = [ai_planner(delegation=delegation, horizon=h) for h in (104, 0)]
    on, off = (simulate(contract, plan, 1) for plan in plans)
    assert all(np.array_equal(v, off.series[k], equal_nan=True) for k, v in on.series.items())
    assert on.meter.kinds == off.meter.kinds


def test_a_planner_who_knows_all_has_a_stock_when_it_is_needed_and_none_when_not() -> None:
    """Nothing two years before; it peaks as the ore fails, pays, and is used up."""
    economy, law = small(2), KnowledgeLaw(tacit=0.0, dispersion=0.0, drift=0.0)
    row, shock = economy.network.row(METAL), Shock("ore", 70, 0.3, announced=True)
    contract = Contract(economy, law, CLEAR, shocks=(shock,), weeks=140, settle=0)
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
