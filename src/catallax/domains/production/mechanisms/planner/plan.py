"""The plan: stocks before shortages, the optimum of what is expected, and accounting prices."""

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.planner.elasticities import QUARTER
from catallax.domains.production.mechanisms.planner.lots import PROBE, open_lot
from catallax.domains.production.mechanisms.planner.reference import NEWS
from catallax.domains.production.mechanisms.planner.state import PlanInForce, PlannerState
from catallax.domains.production.mechanisms.planner.storage import (
    Outlook,
    add_store,
    estimate_stocks,
    plan_orders,
    plan_sales,
    review_outlook,
)
from catallax.domains.production.network import PLANT, Inbox, Technology
from catallax.domains.production.optimum import Optimum, Settled, solve


@final
@dataclass(frozen=True)
class PlanningRule:
    """How a plan is made.

    in_kind : whether every delivery is ordered, so that nobody orders more than the plan
    taut    : share by which orders exceed the plan
    weight  : of the newest directive in what rows obey
    probe   : s.d. of logs by which accounting prices of plants are put off by lot
    horizon : weeks within which stocks are laid up before announced shortages; 0: none are
    tol     : tolerance of the optimum
    lead    : weeks until the middle of the plan's life
    lag     : weeks by which rows lag behind what they are told
    """

    in_kind: bool
    taut: float
    weight: float
    probe: float
    horizon: int
    tol: float
    lead: float
    lag: float


@final
@dataclass(frozen=True, eq=False)
class RevisedPlan:
    """A plan that takes the place of the last one.

    best     : the optimum of what is expected, given what goes into store
    price    : (m,) accounting prices
    share    : (n,) what is to be sold of each product over what is made of it
    in_force : what is remembered of it
    """

    best: Optimum
    price: Floats
    share: Floats
    in_force: PlanInForce


def revise_plan(
    state: PlannerState, expected: Technology, heard: Inbox, rule: PlanningRule
) -> RevisedPlan | None:
    """The plan for the coming weeks; None where no optimum is found.

    expected : the technology while the plan is obeyed
    heard    : the newest reports; stocks are read from them
    """
    outlook, share = _plan_storage(state, expected, heard, rule)
    best = _solve_plan(state, expected, share, rule)
    if best.stop is not Settled.CONVERGED:
        return None
    price = _set_prices(state, best, rule)
    outlook = replace(outlook, put=(1.0 - share) * best.target)
    paid = _expect_paid(state, price, rule.weight)
    return RevisedPlan(best, price, share, PlanInForce(best, paid, outlook))


def _plan_storage(
    state: PlannerState, expected: Technology, heard: Inbox, rule: PlanningRule
) -> tuple[Outlook, Floats]:
    """The outlook, and what is to be sold of each product over what is made of it, (n,)."""
    public, outlook = state.public, state.plan.outlook
    if not (rule.horizon and public.announced):
        return outlook, np.ones(public.network.n)
    week = state.week + rule.lead
    outlook = review_outlook(outlook, public, expected, state.plan.best, week, rule.horizon)
    hiding = state.estimates.double_entry.hiding
    held = estimate_stocks(outlook, public, heard, rule.lead, hiding)
    return outlook, plan_sales(outlook, public, held, week, rule.horizon, rule.lag)


def _solve_plan(
    state: PlannerState, expected: Technology, share: Floats, rule: PlanningRule
) -> Optimum:
    """The optimum given what goes into store, from the last plan on."""
    sold = share if rule.in_kind else plan_orders(share, rule.taut)
    given, start = add_store(expected, sold), state.plan.best
    return solve(given, state.public.income, start=start, tol=rule.tol, follow=True)


def _set_prices(state: PlannerState, best: Optimum, rule: PlanningRule) -> Floats:
    """Accounting prices (m,): the optimum's, with this quarter's experiment on plants."""
    net = state.public.network
    price = best.price[net.seller]
    if rule.probe == 0:
        return price
    lot = open_lot(state.key, PROBE, state.week // QUARTER)
    off = rule.probe * lot.standard_normal(net.m)
    return np.where(net.rows.linked(PLANT), price * np.exp(off), price)


def _expect_paid(state: PlannerState, price: Floats, weight: float) -> Floats:
    """(m,) prices as rows go by them: averaged, and at once where they take one for news."""
    before = state.plan.paid
    news = np.abs(np.log(price / before)) > NEWS * np.sqrt(2.0) * state.public.jitter
    return np.where(news, price, before * (price / before) ** weight)
