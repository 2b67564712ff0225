"""Goods and money are conserved, whatever anybody asks for, in any economy."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catallax.domains.production.economy import (
    Economy,
    State,
    Week,
    advance_state,
    calibrate,
    find_fault,
    generate,
    settle_act,
    start_state,
)
from catallax.domains.production.network import Act, Technology
from catallax.domains.production.optimum import solve

TOL = 1e-9  # of scale, max-norm


@dataclass(frozen=True)
class Case:
    """Arguments of an economy and of what happens to it for some weeks."""

    seed: int
    products: int
    firms: int
    households: int
    lead: int
    decay: float
    iceberg: float
    calibrated: bool
    backlog: bool = False
    weeks: int = 6


CASES = st.builds(
    Case,
    seed=st.integers(0, 10_000),
    products=st.integers(1, 6),
    firms=st.integers(1, 3),
    households=st.integers(1, 3),
    lead=st.integers(0, 3),
    decay=st.sampled_from([0.0, 0.02, 0.2]) | st.floats(0.0, 0.2),
    iceberg=st.sampled_from([1.0, 0.6]) | st.floats(0.1, 1.0),
    calibrated=st.booleans(),
    backlog=st.booleans(),
)
WORST = Case(3, 4, 2, 2, lead=3, decay=0.2, iceberg=0.5, calibrated=False)


def economy(case: Case) -> Economy:
    """Goods are lost in dispatch; with `calibrated`, everybody knew in the base year."""
    e = generate(
        case.seed,
        products=case.products,
        firms=case.firms,
        households=case.households,
        inputs=3,
        decay=case.decay,
        lead=case.lead,
    )
    net, t = e.network, e.technology
    r = np.random.default_rng(case.seed)
    ice = r.uniform(case.iceberg, 1.0, net.m)
    # Lead times differ between links of one product.
    lead = np.where(net.rows.perishable, 0, r.integers(0, case.lead + 1, net.m))
    if not case.calibrated:
        return replace(e, iceberg=ice, lead=lead)
    spending = net.rows.sum(e.flow)[net.households]
    return calibrate(
        e.name,
        net,
        share=t.share,
        gamma=t.gamma,
        spending=spending,
        sigma=t.sigma,
        eps=t.eps,
        decay=e.decay,
        lead=lead,
        iceberg=ice,
    )


def shocked(e: Economy, r: np.random.Generator) -> Technology:
    """The technology of a week in which anything may have happened: tariffs here and abroad too."""
    t = e.technology
    m = len(t.share)
    return replace(
        t,
        z=t.z * np.exp(r.normal(0, 0.5, len(t.z))),
        supply=t.supply * r.uniform(0.1, 2, len(t.z)),
        kept=t.kept * np.where(r.random(m) < 0.5, r.uniform(0.2, 1, m), 1.0),
        tariff=np.where(r.random(m) < 0.5, r.uniform(0, 2, m), 0.0),
    )


def greedy(e: Economy, state: State, r: np.random.Generator) -> Act:
    """Asks from nothing to a thousand times too much, any use, prices from tiny to huge."""
    net = e.network
    ask = e.flow * np.exp(r.normal(0, 1.5, net.m)) * (r.random(net.m) < 0.8)
    ask *= np.where(r.random(net.m) < 0.1, 1e3, 1.0) * (r.random() < 0.9)
    use = [None, state.held, state.held * r.random(net.m)][r.integers(3)]
    price = np.exp(r.normal(0, 1.0, net.n)) * np.where(r.random(net.n) < 0.1, 1e6, 1.0)
    return Act(ask, use, price if r.random() < 0.8 else None)


def weeks(case: Case):
    """(economy, truth, state, act, week, state after) of every week."""
    e, r = economy(case), np.random.default_rng([case.seed, 1])
    state = start_state(e, solve(shocked(e, r), e.income, tol=1e-6), backlog=case.backlog)
    state = replace(state, price=np.exp(r.normal(0, 0.5, e.network.n)))
    for _ in range(case.weeks):
        truth, act = shocked(e, r), greedy(e, state, r)
        assert find_fault(e, state, act) is None
        week = settle_act(e, truth, state, act)
        later = advance_state(e, state, act, week)
        yield e, truth, state, act, week, later
        state = later


def used_up(e: Economy, week: Week) -> np.ndarray:
    """(n,) units of each product used up by anybody."""
    return e.network.orders(np.where(e.network.rows.perishable, 0.0, week.used))


@given(CASES)
@example(WORST)
@example(replace(WORST, calibrated=True))
def test_every_product_is_conserved(case):
    for e, _, state, _, week, later in weeks(case):
        plants = e.network.plants
        gain = (later.of_product(e) - state.of_product(e))[plants]
        flow = week.output - used_up(e, week) - week.spoiled - week.lost
        scale = max(state.of_product(e).max(), week.output.max())
        assert np.max(np.abs(gain - flow[plants])) <= TOL * scale


@given(CASES)
@example(WORST)
def test_endowments_give_at_most_their_flow_and_are_never_stored(case):
    for e, truth, _, _, week, later in weeks(case):
        ends = e.network.endowments
        assert np.all(week.sold[ends] <= truth.supply[ends])
        shipped = e.network.orders(week.shipped)[ends]
        assert np.all(shipped <= truth.supply[ends] * (1 + TOL))
        assert not later.of_product(e)[ends].any()
        assert not week.spoiled[ends].any()
        fresh = e.network.rows.perishable
        np.testing.assert_array_equal(week.used[fresh], week.sent[fresh])


@given(CASES)
@example(WORST)
def test_what_is_shipped_survives_dispatch_or_is_lost(case):
    """The share that survives moves from week to week with what the truth says is kept."""
    for e, truth, _, _, week, _ in weeks(case):
        kept = e.iceberg * truth.kept / e.technology.kept
        np.testing.assert_allclose(week.sent, week.shipped * kept, rtol=1e-12)
        gone = e.network.orders(week.shipped - week.sent)
        assert np.max(np.abs(gone - week.lost)) <= TOL * max(week.shipped.max(), 1e-100)


@given(CASES)
@example(WORST)
def test_nobody_ships_what_is_not_there_or_uses_what_it_does_not_hold(case):
    for e, _, state, act, week, later in weeks(case):
        plants = e.network.plants
        shipped = e.network.orders(week.shipped)[plants]
        assert np.all(shipped <= state.stock[plants] * (1 + TOL))
        assert np.all(week.shipped <= week.asked)
        assert np.all(week.asked <= act.ask * (1 + TOL))
        goods = ~e.network.rows.perishable
        assert np.all(week.used[goods] <= state.held[goods])
        for part in (later.stock, later.held, later.transit, week.used, week.output, week.spoiled):
            assert np.all(np.isfinite(part))
            assert np.all(part >= 0)


@given(CASES)
@example(WORST)
def test_money_is_conserved(case):
    """Its scale is what there is or what changes hands, plants' purchases included."""
    for e, truth, state, act, week, later in weeks(case):
        if act.price is None:
            np.testing.assert_array_equal(later.cash, state.cash)
            continue
        bill = week.shipped * state.price[e.network.seller] * (1.0 + truth.tariff)
        turnover = bill.sum()
        scale = max(np.abs(state.cash).sum(), turnover)
        assert abs((week.income - week.spent).sum()) <= TOL * scale
        assert abs(later.cash.sum() - state.cash.sum()) <= TOL * scale
        np.testing.assert_array_equal(later.cash, state.cash + week.income - week.spent)
        # Nobody spends more than it has, at the price that was posted a week ago.
        assert np.all(week.spent <= np.maximum(state.cash, 0.0) * (1 + TOL))
        paid = e.network.rows.sum(bill)
        np.testing.assert_allclose(week.spent, paid[e.network.households], rtol=1e-12)


@given(CASES, st.sampled_from(["ask", "use", "price"]), st.integers(0, 10_000))
def test_an_act_that_is_refused_names_its_row_and_changes_nothing(case, part, pick):
    r = np.random.default_rng([case.seed, 2])
    e, _, _, _, _, state = next(iter(weeks(replace(case, weeks=1))))
    act = greedy(e, state, r)
    act = replace(act, use=state.held, price=np.ones(e.network.n))
    value = getattr(act, part).copy()
    goods = np.flatnonzero(~e.network.rows.perishable)
    where = {
        "ask": np.arange(e.network.m),
        "use": goods,
        "price": np.arange(e.network.sellers.stop),
    }[part]
    at = where[pick % len(where)]
    worse = 1.01 * value[at] + 0.01 * e.flow[at] if part == "use" else 0.0 * (part == "price") - 1.0
    value[at] = [worse, np.nan, np.inf][pick % 3]
    before = [a.tobytes() for a in (state.stock, state.held, state.transit, state.cash)]
    wrong = find_fault(e, state, replace(act, **{part: value}))
    assert wrong is not None
    row = at if part == "price" else e.network.buyer[at]
    assert wrong.startswith(e.network.names[row])
    assert [a.tobytes() for a in (state.stock, state.held, state.transit, state.cash)] == before


def test_rounding_alone_breaks_a_balance_by_far_less_than_the_tolerance():
    """What the tolerance leaves room for is measured, so that nobody has to widen it."""
    worst = 0.0
    for seed in range(10):
        for e, _, state, _, week, later in weeks(replace(WORST, seed=seed)):
            gain = later.of_product(e) - state.of_product(e)
            flow = week.output - used_up(e, week) - week.spoiled - week.lost
            plants, scale = e.network.plants, state.of_product(e).max()
            worst = max(worst, float(np.max(np.abs(gain - flow)[plants]) / scale))
    assert worst < 1e-13


@pytest.mark.parametrize("seed", range(4))
def test_rationing_is_pro_rata_in_any_economy(seed):
    for e, truth, state, _, week, _ in weeks(replace(WORST, seed=seed)):
        there = np.where(truth.supply > 0, truth.supply, state.stock)
        for row in range(e.network.sellers.stop):
            mine = e.network.seller == row
            asked = week.asked[mine]
            fill = min(1.0, there[row] / asked.sum()) if asked.sum() > 0 else 1.0
            np.testing.assert_allclose(week.shipped[mine], fill * asked, rtol=1e-12)
            assert week.orders[row] == pytest.approx(asked.sum(), rel=1e-12)
