"""Perfect foresight against the physics themselves: its plans can be done, and none is better."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catallax.arrays import Floats
from catallax.domains.production.economy import (
    Economy,
    Shock,
    advance_state,
    calibrate,
    find_fault,
    generate,
    settle_act,
    small,
    start_state,
)
from catallax.domains.production.experiments import perfect_foresight
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.measures import find_best_log
from catallax.domains.production.network import Act
from catallax.domains.production.optimum import ForesightPlan, Horizon, foresight, solve
from catallax.domains.production.optimum.foresight import TOL
from catallax.domains.production.run import Contract, draw_truths

pytest.importorskip("clarabel")

STILL = KnowledgeLaw(dispersion=0.1, drift=0.0)


@dataclass(frozen=True)
class Case:
    """An economy, what happens to it, and for how long."""

    seed: int = 0
    firms: int = 1
    lead: int = 0
    decay: float = 0.02
    iceberg: float = 1.0
    sigma: float | None = None
    weeks: int = 6
    factor: float = 1.0


CASES = st.builds(
    Case,
    seed=st.integers(0, 1000),
    firms=st.integers(1, 2),
    lead=st.integers(0, 2),
    decay=st.sampled_from([0.0, 0.02, 0.2]),
    iceberg=st.sampled_from([1.0, 0.6]),
    sigma=st.sampled_from([None, 0.0, 1.0, 1.4]),
    weeks=st.integers(1, 8),
    factor=st.sampled_from([1.0, 0.5]),
)
HARD = Case(3, firms=2, lead=2, decay=0.2, iceberg=0.6, weeks=8, factor=0.5)
FIXED = Case(4, sigma=0.0, factor=0.5)


def economy(case: Case) -> Economy:
    """A little economy whose links differ in lead time and loss."""
    e = generate(case.seed, products=2, firms=case.firms, households=2, inputs=2, decay=case.decay)
    net, t = e.network, e.technology
    r = np.random.default_rng(case.seed)
    return calibrate(
        e.name,
        net,
        share=t.share,
        gamma=t.gamma,
        spending=net.rows.sum(e.flow)[net.households],
        sigma=t.sigma if case.sigma is None else np.full(net.n, case.sigma),
        eps=t.eps,
        decay=e.decay,
        lead=np.where(net.rows.perishable, 0, r.integers(0, case.lead + 1, net.m)),
        iceberg=r.uniform(case.iceberg, 1.0, net.m),
    )


def contract(case: Case) -> Contract:
    shocks = (Shock("ore", case.weeks // 2, case.factor),) if case.factor < 1 else ()
    drifts = KnowledgeLaw(drift=0.05)
    return Contract(economy(case), drifts, shocks=shocks, weeks=case.weeks, settle=0)


def weights(e: Economy) -> Floats:
    return e.income / e.income.sum()


def begun(c: Contract, seed: int):
    """(economy, true technologies, state at the start)."""
    weeks = [t.whole for t in draw_truths(c, seed)]
    return c.economy, weeks, start_state(c.economy, solve(weeks[0], c.economy.income))


def done(c: Contract, seed: int, plan: ForesightPlan):
    """Do what the plan says, under nature's own rules: utilities, states of all weeks."""
    e, weeks, state = begun(c, seed)
    utility, states = [], [state]
    for t, truth in enumerate(weeks):
        act = Act(plan.ship[t], np.minimum(plan.use[t], state.held))
        assert find_fault(e, state, act) is None
        week = settle_act(e, truth, state, act)
        state = advance_state(e, state, act, week)
        utility.append(week.utility)
        states.append(state)
    return np.array(utility), states


@settings(max_examples=12)
@given(CASES)
@example(HARD)
@example(FIXED)
@example(replace(HARD, sigma=1.0))
def test_nature_lets_the_plan_be_done(case):
    """Its acts come to its own stocks, utilities and value, and leave what it had to leave."""
    c = contract(case)
    e = c.economy
    final = begun(c, 1)[2].of_product(e) * 0.9
    plan = perfect_foresight(c, 1, final)
    assert plan.found
    utility, states = done(c, 1, plan)
    np.testing.assert_allclose(utility, plan.utility, rtol=1e-5)
    assert np.mean(np.log(utility) @ weights(e)) == pytest.approx(plan.value, abs=1e-6)
    np.testing.assert_allclose([s.held for s in states], plan.held, atol=1e-4 * e.flow.max())
    assert np.all(states[-1].of_product(e) >= final - 1e-5 * e.output.max())
    assert plan.value <= plan.bound <= plan.value + 1e-6


def anything(e: Economy, state, r: np.random.Generator) -> Act:
    """Asks about the base year's, at times none, and any use of what is held."""
    ask = e.flow * np.exp(r.normal(0, 0.3, e.network.m)) * (r.random(e.network.m) < 0.95)
    use = [None, state.held * r.uniform(0.5, 1.0, e.network.m)][r.integers(2)]
    return Act(ask, use)


@settings(max_examples=12)
@given(CASES)
@example(HARD)
@example(FIXED)
def test_nothing_that_can_be_done_passes_the_bound(case):
    c = contract(case)
    e, weeks, state = begun(c, 1)
    r = np.random.default_rng(case.seed)
    utility = []
    for truth in weeks:
        act = anything(e, state, r)
        week = settle_act(e, truth, state, act)
        state = advance_state(e, state, act, week)
        utility.append(week.utility)
    plan = perfect_foresight(c, 1, state.of_product(e))
    assert plan.found
    with np.errstate(divide="ignore"):
        assert np.mean(np.log(utility) @ weights(e)) <= plan.bound + 1e-6


# ---------------------------------------------------------------- what is known in closed form


def over_optimum(c: Contract, plan: ForesightPlan, seed: int = 0) -> float:
    """Log of the bound on Nash welfare."""
    assert plan.found
    return plan.bound - float(find_best_log(c, seed, range(c.weeks)).mean())


def test_in_one_week_everything_at_hand_is_used():
    c = Contract(small(1), weeks=1, settle=0)
    plan = perfect_foresight(c, 0)
    goods = ~c.economy.network.rows.perishable
    final = goods & (c.economy.network.buyer >= c.economy.network.households.start)
    np.testing.assert_allclose(plan.use[0][final], plan.held[0][final], rtol=1e-6)
    assert over_optimum(c, plan) == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("weeks", [2, 12])
@pytest.mark.parametrize("seed", [0, 1])
def test_in_a_still_economy_the_weekly_optimum_is_the_best_that_can_be_kept_up(seed, weeks):
    """Where goods do not travel, what is used on average is what is made on average.

    Production is concave, so that average is feasible in one week: no timing beats the optimum.
    """
    c = Contract(small(seed), STILL, weeks=weeks, settle=0)
    e, _, state = begun(c, 0)
    kept = perfect_foresight(c, 0, state.of_product(e))
    assert over_optimum(c, kept) == pytest.approx(0.0, abs=1e-6)


def test_a_head_start_is_worth_a_sum_that_horizons_divide():
    """Stocks that need not be left, or goods left nearer their maker, are eaten up once."""
    e = generate(0, products=3, firms=1, households=2, inputs=2, lead=2)
    free, kept = [], []
    for weeks in (8, 16):
        c = Contract(e, STILL, weeks=weeks, settle=0)
        final = begun(c, 0)[2].of_product(e)
        free.append(weeks * over_optimum(c, perfect_foresight(c, 0)))
        kept.append(weeks * over_optimum(c, perfect_foresight(c, 0, final)))
    assert free[0] > 1.0  # more than a week's welfare stands in the pipeline
    assert 0 < kept[0] < 1e-3
    assert free[1] == pytest.approx(free[0], rel=0.1)
    assert kept[1] == pytest.approx(kept[0], rel=0.2)


def test_a_foreseen_shortage_is_stocked_up_for():
    calm = Contract(small(0), STILL, weeks=16, settle=0)
    c = replace(calm, shocks=(Shock("ore", 8, 0.5),))
    net = c.economy.network
    final = begun(c, 0)[2].of_product(c.economy)
    metal = net.row("metal, firm 1")
    stocks = []
    for which in (calm, c):
        plan = perfect_foresight(which, 0, 0.8 * final)
        stocks.append(plan.stock[:, metal] + plan.held[:, net.seller == metal].sum(axis=1))
    assert stocks[1][8] > 1.2 * stocks[0][8]
    assert np.all(np.diff(stocks[1][4:9]) > 0)


# ---------------------------------------------------------------- what it is given


def horizon(**other) -> Horizon:
    c = Contract(small(0), weeks=3, settle=0)
    e, weeks, s = begun(c, 0)
    fields = {
        "technologies": weeks,
        "income": e.income,
        "stock": s.stock,
        "held": s.held,
        "transit": s.transit,
        "decay": e.decay,
        "lead": e.lead,
        "iceberg": e.iceberg,
    }
    return Horizon(**{**fields, **other})


def scaled(h: Horizon, unit: float, money: float) -> Horizon:
    """The same with all quantities times `unit` and all incomes times `money`."""
    weeks = [replace(t, K=unit * t.K, supply=unit * t.supply) for t in h.technologies]
    stock, held, income = unit * h.stock, unit * h.held, money * h.income
    return replace(h, technologies=weeks, stock=stock, held=held, income=income)


def test_in_other_units_the_plan_is_the_same():
    """Powers of two round nothing, so the solver is given the very same programme again.

    Only the composites are then worked out anew, from quantities in the other unit.
    """
    h, unit = horizon(), 2.0**20
    one, two = foresight(h), foresight(scaled(h, unit, 4.0))
    for name in ("ship", "use", "stock", "held"):
        np.testing.assert_array_equal(getattr(two, name), unit * getattr(one, name))
    np.testing.assert_allclose(two.utility, unit * one.utility, rtol=1e-13)


@pytest.mark.parametrize(("unit", "money"), [(1e6, 3.0), (3.0, 1.0), (1e-6, 7.0)])
def test_in_any_unit_the_plan_is_worth_the_same(unit, money):
    """To what the solver promises of the value; of quantities it promises less.

    It stops with a gap of at most TOL and rows that are broken by at most TOL. Giving up that share
    of everything mends them, and costs as much in logs. So each of two values is off by twice TOL
    at most. Round a best plan the value is flat, so plans worth nearly the same may differ by the
    square root of that.
    """
    h = horizon()
    one, two = foresight(h), foresight(scaled(h, unit, money))
    assert one.found
    assert two.found
    assert two.value == pytest.approx(one.value + np.log(unit), rel=0, abs=4 * TOL)


def test_a_household_without_weight_gets_what_is_over():
    h = horizon(income=[1.0, 0.0])
    plan = foresight(h)
    assert plan.found
    assert plan.value == pytest.approx(np.log(plan.utility[:, 0]).mean(), abs=1e-6)
    assert plan.value > np.log(foresight(horizon()).utility[:, 0]).mean()


def test_stocks_that_cannot_be_left_are_a_result():
    e = small(0)
    plan = foresight(horizon(final=10 * e.output * (e.decay > 0)))
    assert not plan.found
    assert "ask for less" in plan.stop.value


WRONG = {
    "technologies: there is none": {"technologies": []},
    "income: shape": {"income": [1.0]},
    "stock: shape": {"stock": np.zeros(3)},
    "held: metal, firm 1, buying from .*: nan": {"held": np.full(26, np.nan)},
    "held: household 1 can use nothing": {"held": np.zeros(26)},
    "transit: shape": {"transit": np.zeros((2, 3))},
    "decay: metal, firm 1: 2": {"decay": np.array([0, 0, 2.0, 0, 0, 0, 0, 0])},
    "lead: .*whole number": {"lead": np.full(26, 0.5)},
    "iceberg: .*share from 0 to 1": {"iceberg": np.full(26, -1.0)},
    "final: labour: 1.0 .*can be stored": {"final": np.eye(8)[0]},
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_input_is_named(message):
    with pytest.raises(ValueError, match=message):
        horizon(**WRONG[message])


def test_technologies_stand_on_one_network():
    other = generate(1, products=4, firms=1, households=2, inputs=3).technology
    with pytest.raises(ValueError, match="several networks"):
        horizon(technologies=[small(0).technology, other])
