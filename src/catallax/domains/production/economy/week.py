"""One week: settle what was asked by one rule for all, then step to the next.

Over-asked sellers ration pro rata and the unfilled part lapses, or waits where the contract
keeps a backlog (`economy.backlog`). Endowments are used in the week
they ship. What is made or bought this week is there next week; what was there before and is
still unsold or unused spoils at its product's rate. Where prices are posted, buyers pay the
price that binds and the tariff on top, households no more than they have; what a seller earns
beyond its costs reaches its owners the same week, and the tariff's revenue reaches households in
proportion to their base-year incomes.
"""

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.economy import Economy
from catallax.domains.production.economy.faults import (
    find_fault,
    find_misshapen,
    find_posted_fault,
)
from catallax.domains.production.economy.rationing import (
    EffectiveDemand,
    Rationing,
    cut_to_budgets,
    make_link_columns,
    ration_orders,
)
from catallax.domains.production.economy.state import State, Week
from catallax.domains.production.network import Act, Technology
from catallax.domains.production.optimum.solve import made


@final
@dataclass(frozen=True, eq=False)
class CheckedWeek:
    """A week that was settled when nothing was found to be wrong with its act.

    asks : how many asks were above 0; None where nobody counted
    """

    week: Week
    asks: int | None


def check_and_settle(
    economy: Economy, truth: Technology, state: State, act: Act
) -> CheckedWeek | str:
    """`settle_act`, or what `find_fault` says of an act.

    Acts with prices are looked at by the loops that settle them, and a week that came of a bad
    act is thrown away: `state` is as it was.
    """
    if act.price is None:
        wrong = find_fault(economy, state, act)
        return wrong or CheckedWeek(settle_act(economy, truth, state, act), None)
    wrong = find_misshapen(economy, act) or find_posted_fault(economy, act)
    if wrong is not None:
        return find_fault(economy, state, act) or wrong  # asks and uses are named first
    demand = cut_to_budgets(economy, truth, state, act)
    if demand.wrong:
        return str(find_fault(economy, state, act))
    rationed = ration_orders(economy, truth, state, act, demand)
    wrong = find_fault(economy, state, act) if rationed.doubtful else None
    return wrong or CheckedWeek(
        _make_week(economy, truth, state, act, demand, rationed), demand.count
    )


def settle_act(economy: Economy, truth: Technology, state: State, act: Act) -> Week:
    """What an act without fault comes to under the week's true technology."""
    demand = cut_to_budgets(economy, truth, state, act)
    rationed = ration_orders(economy, truth, state, act, demand)
    return _make_week(economy, truth, state, act, demand, rationed)


def _make_week(
    economy: Economy,
    truth: Technology,
    state: State,
    act: Act,
    demand: EffectiveDemand,
    rationed: Rationing,
) -> Week:
    net, queue = economy.network, rationed.queue
    sold = net.of_sellers(np.minimum(rationed.moved, rationed.there))
    output = made(truth, rationed.composite)
    output[net.endowments] = 0.0
    income, spent = np.zeros((2, len(economy.income)))
    if act.price is not None:
        income = _find_income(economy, truth, rationed)
        spent = rationed.paid[net.households]
    return Week(
        links=make_link_columns(economy, truth, state, act, demand.cut, rationed.fill, queue),
        survival=economy.find_survival(truth),
        held=rationed.held,
        orders=demand.orders,
        sold=sold,
        output=output,
        utility=rationed.composite[net.households],
        spoiled=_spoiled(economy, state, sold, rationed.idle),
        lost=rationed.lost,
        idle=_find_idle(economy, truth, sold, rationed.idle),
        income=income,
        spent=spent,
        queue=queue,
    )


def _find_income(economy: Economy, truth: Technology, rationed: Rationing) -> Floats:
    """(H,) what households own of all revenue less what plants paid, and their part of tariffs."""
    net, earned = economy.network, rationed.earned.copy()
    earned[net.plants] -= rationed.paid[net.plants]
    owned = economy.share_income(net.of_sellers(earned))
    return owned + economy.rebate_duty(rationed.levied) if truth.taxed else owned


def _find_idle(economy: Economy, truth: Technology, sold: Floats, held: Floats) -> Floats:
    """(n,) flows of endowments that nobody took, and goods (n,) that buyers `held` unused."""
    ends, idle = economy.network.endowments, held.copy()
    idle[ends] = np.maximum(truth.supply[ends] - sold[ends], 0.0)
    return idle


def _spoiled(economy: Economy, state: State, sold: Floats, idle: Floats) -> Floats:
    """(n,) units of each seller's product that spoil anywhere; `idle` (n,) lie at buyers."""
    net, on = economy.network, economy.network.sellers
    decay, idle = economy.decay[on], idle[on]
    unsold = np.where(decay > 0, state.stock[on] - sold[on], 0.0)
    if len(state.transit):
        idle = idle + net.orders(state.transit.sum(axis=0))[on]
    return net.of_sellers(decay * (np.maximum(unsold, 0.0) + idle))


def advance_state(economy: Economy, state: State, act: Act, week: Week) -> State:
    """The state at the start of next week."""
    net, i = economy.network, economy.network.plants
    stock = np.zeros(net.n)
    stock[i] = np.maximum(state.stock[i] - week.sold[i], 0.0) * economy.left[i] + week.output[i]
    held, transit = _move(economy, state, week)
    cash = state.cash + week.income - week.spent
    price = state.price
    if act.price is not None:  # only sellers post; a household's entry means nothing
        price = np.concatenate([act.price[net.sellers], state.price[net.households]])
    return replace(
        state,
        stock=stock,
        held=held,
        transit=transit,
        cash=cash,
        price=price,
        waiting=None if week.queue is None else week.queue.waiting,
        last=week,
    )


def _move(economy: Economy, state: State, week: Week) -> tuple[Floats, Floats]:
    """Buyers' stocks with what arrives for next week, and the goods then on the way."""
    if not len(state.transit):
        return week.held, state.transit
    aged = state.transit * (1.0 - economy.decay)[economy.network.seller]
    transit = np.vstack([aged[1:], np.zeros_like(week.held)[None]])
    late = np.flatnonzero(economy.lead > 0)
    transit[economy.lead[late] - 1, late] += week.sent[late]
    return week.held + aged[0], transit
