"""One week: settle what was asked by one rule for all, then step to the next.

Over-asked sellers ration pro rata and the unfilled part lapses, or waits where the contract
keeps a backlog (`economy.backlog`). Endowments are used in the week
they ship. What is made or bought this week is there next week; what was there before and is
still unsold or unused spoils at its product's rate. Where prices are posted, buyers pay the
price that binds and the tariff on top, households no more than they have; what a seller earns
beyond its costs reaches its owners the same week, and the tariff's revenue reaches households in
proportion to their base-year incomes.
"""

from dataclasses import replace

import numpy as np

from catallax.economy.backlog import served
from catallax.economy.economy import Economy
from catallax.economy.state import State, Week
from catallax.network import Act, Floats, Technology, ces_quantity
from catallax.optimum.solve import made

SLACK = 1e-9  # rounding allowed when an act uses all that it holds
LARGEST = 1e100  # of a price or an ask; beyond it sums would overflow


def fault(economy: Economy, state: State, act: Act) -> str | None:
    """What is wrong with an act, naming the row; None if nothing is."""
    net = economy.network
    for what, x in {"ask": act.ask, "use": act.use}.items():
        if x is not None and x.shape != (net.m,):
            return f"{what} has shape {x.shape}, expected ({net.m},)"
    bad = _bad(act.ask)
    if bad is not None:
        return f"{_who(economy, bad)}: ask must be a number from 0 to {LARGEST:g}"
    if act.use is not None:
        bad = _bad(act.use)
        if bad is not None:
            return f"{_who(economy, bad)}: use must be a number from 0 to {LARGEST:g}"
        room = state.held * (1 + SLACK) + SLACK * economy.flow
        over = np.flatnonzero((act.use > room) & ~net.rows.perishable)
        if over.size:
            return f"{_who(economy, int(over[0]))}: uses more than it holds"
    return None if act.price is None else _price_fault(economy, act.price)


def _price_fault(economy: Economy, price: Floats) -> str | None:
    net = economy.network
    if price.shape != (net.n,):
        return f"posted prices have shape {price.shape}, expected ({net.n},)"
    posted = price[net.sellers]
    bad = np.flatnonzero(~((posted > 0) & (posted <= LARGEST)))
    if not bad.size:
        return None
    return f"{net.names[bad[0]]}: a posted price must be above 0, and {LARGEST:g} at most"


def _bad(x: Floats) -> int | None:
    wrong = np.flatnonzero(~((x >= 0) & (x <= LARGEST)))
    return int(wrong[0]) if wrong.size else None


def _who(economy: Economy, link: int) -> str:
    net = economy.network
    return f"{net.names[net.buyer[link]]}, buying from {net.names[net.seller[link]]}"


def settle(economy: Economy, truth: Technology, state: State, act: Act) -> Week:
    """What an act without `fault` comes to under the week's true technology."""
    net, rows = economy.network, economy.network.rows
    priced = act.price is not None
    asked = _affordable(economy, truth, state, act.ask) if priced else act.ask
    orders = net.orders(asked)
    there = np.where(truth.supply > 0, truth.supply, state.stock)
    fill = np.minimum(1.0, there / np.where(orders > 0, orders, 1.0))
    shipped = asked * fill[net.seller]
    queue = None if state.waiting is None else served(net, state.waiting, asked, there)
    shipped = shipped if queue is None else queue.shipped
    survival = economy.survival(truth)
    sent = shipped * survival
    use = state.held if act.use is None else np.minimum(act.use, state.held)
    used = np.where(rows.perishable, sent, use)
    composite = ces_quantity(rows, truth.share, truth.norm, truth.sigma, truth.eps, used)
    output = made(truth, composite)
    output[net.endowments] = 0.0
    sold = np.minimum(net.orders(shipped), there)
    income, spent = (
        _pay(economy, truth, state, shipped) if priced else (np.zeros(len(economy.income)),) * 2
    )
    return Week(
        asked=asked,
        shipped=shipped,
        sent=sent,
        used=used,
        orders=orders,
        sold=sold,
        output=output,
        utility=composite[net.households],
        spoiled=_spoiled(economy, state, sold, used),
        lost=net.orders(shipped * (1.0 - survival)),
        income=income,
        spent=spent,
        queue=queue,
    )


def _affordable(economy: Economy, truth: Technology, state: State, ask: Floats) -> Floats:
    """Asks with each household's cut pro rata to what its cash can pay, tariffs included."""
    net = economy.network
    bill = net.rows.sum(ask * (state.price[net.seller] * (1.0 + truth.tariff)))
    room = np.full(net.n, np.inf)
    room[net.households] = np.maximum(state.cash, 0.0)
    return np.asarray(ask * np.minimum(1.0, room / np.where(bill > 0, bill, 1.0))[net.buyer])


def _pay(
    economy: Economy, truth: Technology, state: State, shipped: Floats
) -> tuple[Floats, Floats]:
    """Households' incomes and spending when every shipment is paid at the binding price."""
    net = economy.network
    bill = shipped * state.price[net.seller]
    duty = bill * truth.tariff
    paid = net.rows.sum(bill + duty)
    earned = net.orders(bill)
    earned[net.plants] -= paid[net.plants]
    rebate = duty.sum() * (economy.income / economy.scale)
    return economy.shared(earned) + rebate, paid[net.households]


def _spoiled(economy: Economy, state: State, sold: Floats, used: Floats) -> Floats:
    net = economy.network
    unsold = np.where(economy.decay > 0, state.stock - sold, 0.0)
    idle = np.where(net.rows.perishable, 0.0, state.held - used) + state.transit.sum(axis=0)
    return np.asarray(economy.decay * (np.maximum(unsold, 0.0) + net.orders(idle)))


def step(economy: Economy, state: State, act: Act, week: Week) -> State:
    """The state at the start of next week."""
    net = economy.network
    left = 1.0 - economy.decay
    stock = np.maximum(state.stock - week.sold, 0.0) * left + week.output
    stock[net.endowments] = 0.0
    link_left = left[net.seller]
    idle = np.where(net.rows.perishable, 0.0, state.held - week.used)
    arrive, transit = _move(economy, state, week.sent, link_left)
    cash = state.cash + week.income - week.spent
    price = state.price
    if act.price is not None:  # only sellers post; a household's entry means nothing
        price = np.concatenate([act.price[net.sellers], state.price[net.households]])
    return replace(
        state,
        stock=stock,
        held=np.maximum(idle, 0.0) * link_left + arrive,
        transit=transit,
        cash=cash,
        price=price,
        waiting=None if week.queue is None else week.queue.waiting,
        last=week,
    )


def _move(economy: Economy, state: State, sent: Floats, link_left: Floats) -> tuple[Floats, Floats]:
    """What arrives for next week, and the goods then on the way."""
    goods = np.where(economy.network.rows.perishable, 0.0, sent)
    if not len(state.transit):
        return goods, state.transit
    aged = state.transit * link_left
    transit = np.vstack([aged[1:], np.zeros_like(goods)[None]])
    late = economy.lead > 0
    transit[economy.lead[late] - 1, np.flatnonzero(late)] += goods[late]
    return np.where(late, 0.0, goods) + aged[0], transit
