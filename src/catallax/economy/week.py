"""One week: settle what was asked by one rule for all, then step to the next.

Over-asked sellers ration pro rata and the unfilled part lapses, or waits where the contract
keeps a backlog (`economy.backlog`). Endowments are used in the week
they ship. What is made or bought this week is there next week; what was there before and is
still unsold or unused spoils at its product's rate. Where prices are posted, buyers pay the
price that binds and the tariff on top, households no more than they have; what a seller earns
beyond its costs reaches its owners the same week, and the tariff's revenue reaches households in
proportion to their base-year incomes.

`economy.plain` writes it down in plain NumPy.
"""

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.economy import plain
from catallax.economy.backlog import Served, served
from catallax.economy.economy import Economy
from catallax.economy.faults import LARGEST, SLACK, fault, misshapen, price_fault
from catallax.economy.state import State, Week
from catallax.kernels import week as kernels
from catallax.kernels.memory import empty
from catallax.kernels.switch import compiled
from catallax.kernels.threads import summed
from catallax.network import Act, Floats, Lazy, Technology
from catallax.optimum.solve import made

NONE = np.empty(0)


@final
@dataclass(frozen=True, eq=False)
class Checked:
    """A week that was settled when nothing was found to be wrong with its act.

    asks : how many asks were above 0; None where nobody counted
    """

    week: Week
    asks: int | None


def checked(economy: Economy, truth: Technology, state: State, act: Act) -> Checked | str:
    """`settle`, or what `fault` says of an act.

    Acts with prices are looked at by the loops that settle them, and a week that came of a bad
    act is thrown away: `state` is as it was.
    """
    if not compiled() or act.price is None:
        wrong = fault(economy, state, act)
        return wrong or Checked(settle(economy, truth, state, act), None)
    wrong = misshapen(economy, act) or price_fault(economy, act.price)
    if wrong is not None:
        return fault(economy, state, act) or wrong  # asks and uses are named first
    asks = _asks(economy, truth, state, act)
    if asks.wrong:
        return str(fault(economy, state, act))
    dealt = _dealt(economy, truth, state, act, asks)
    wrong = fault(economy, state, act) if dealt.doubtful else None
    return wrong or Checked(_week(economy, truth, state, act, asks, dealt), asks.count)


def settle(economy: Economy, truth: Technology, state: State, act: Act) -> Week:
    """What an act without `fault` comes to under the week's true technology."""
    if not compiled():
        return plain.settle(economy, truth, state, act)
    asks = _asks(economy, truth, state, act)
    dealt = _dealt(economy, truth, state, act, asks)
    return _week(economy, truth, state, act, asks, dealt)


def _links(
    economy: Economy,
    truth: Technology,
    state: State,
    act: Act,
    cut: Floats,
    fill: Floats,
    queue: Served | None,
) -> Lazy:
    """Asks that counted, shipments pro rata and uses, (m,) each, for whoever wants to see them.

    No column refers to the others: what refers to itself stays in memory until it is looked for.
    """
    net, held, ask, use = economy.network, state.held, act.ask, act.use
    survival, fresh, paid = economy.survival(truth), net.rows.perishable, act.price is not None

    def asked() -> Floats:
        return ask * cut[net.buyer] if paid else ask

    def shipped() -> Floats:
        return asked() * fill[net.seller] if queue is None else queue.shipped

    def used() -> Floats:
        return np.where(fresh, shipped() * survival, held if use is None else np.minimum(use, held))

    return Lazy({"asked": asked, "shipped": shipped, "used": used})


@final
@dataclass(frozen=True, eq=False)
class _Asks:
    """What asks come to.

    cut    : (n,) share of each row's asks that it can pay, pro rata
    orders : (n,) asks that each seller meets
    wrong  : asks that are no number from 0 to LARGEST; 0 where nobody looked
    count  : asks above 0; None where nobody counted
    """

    cut: Floats
    orders: Floats
    wrong: int = 0
    count: int | None = None


def _asks(economy: Economy, truth: Technology, state: State, act: Act) -> _Asks:
    net = economy.network
    if act.price is None:
        return _Asks(np.ones(net.n), net.orders(act.ask))
    cut = np.empty(net.n)
    purse, duty = np.full(net.n, np.inf), truth.tariff if truth.taxed else NONE
    purse[net.households] = np.maximum(state.cash, 0.0)
    found: list[Floats] = []

    def work(orders: Floats, first: int, stop: int) -> None:
        mine = np.zeros(2)
        kernels.asked(
            *net.rows.csr, net.sold_by, act.ask, state.price, duty, purse, LARGEST,
            cut, orders, mine, first, stop,
        )  # fmt: skip
        found.append(mine)

    orders = net.of_sellers(summed(net.blocks, net.sellers.stop, work))
    wrong, count = np.sum(found, axis=0)
    return _Asks(cut, orders, int(wrong), int(count))


@final
@dataclass(frozen=True, eq=False)
class _Dealt:
    """What became of asks, row by row.

    there, fill     : (S,) what each seller has, and the share of its orders that it fills
    held, composite : (m,) and (n,) what buyers keep and what they make of what they use
    paid, duty      : (n,) money that buyers pay, and how much of it is tariff
    idle, lost      : (n,) of each seller's product, unused at buyers and lost on the way
    queue           : None where what is not filled lapses
    doubtful        : uses that may be out of place
    """

    there: Floats
    fill: Floats
    held: Floats
    composite: Floats
    paid: Floats
    duty: Floats
    idle: Floats
    lost: Floats
    queue: Served | None
    doubtful: int


def _dealt(economy: Economy, truth: Technology, state: State, act: Act, asks: _Asks) -> _Dealt:
    net, rows, on = economy.network, economy.network.rows, economy.network.sellers
    supply, met = truth.supply[on], asks.orders[on]
    there = np.where(supply > 0, supply, state.stock[on])
    fill = np.minimum(1.0, there / np.where(met > 0, met, 1.0))
    queue = _queue(economy, state, act, asks, net.of_sellers(there))
    survival, duty = economy.survival(truth), truth.tariff if truth.taxed else NONE
    loss = NONE if economy.lossless(survival) else survival
    use = NONE if act.use is None else act.use
    shipped = NONE if queue is None else queue.shipped
    terms = np.column_stack([fill, state.price[on]]).ravel()
    held, composite = empty(net.m), np.empty(net.n)
    paid, levied = np.empty(net.n), np.empty(net.n)
    doubtful: list[float] = []

    def work(sums: Floats, first: int, stop: int) -> None:
        found = np.zeros(1)
        kernels.dealt(
            *rows.csr, net.sold_by, rows.perishable, economy.late,
            truth.share, truth.norm, truth.sigma, truth.eps, act.ask, asks.cut, terms, shipped,
            loss, duty, use, state.held, economy.left, LARGEST, SLACK,
            held, composite, paid, levied, sums, found, first, stop,
        )  # fmt: skip
        doubtful.append(found[0])

    sums = summed(net.blocks, 2 * net.sellers.stop, work).reshape(-1, 2)
    idle, lost = net.of_sellers(sums[:, 0]), net.of_sellers(sums[:, 1])
    return _Dealt(there, fill, held, composite, paid, levied, idle, lost, queue, int(sum(doubtful)))


def _queue(economy: Economy, state: State, act: Act, asks: _Asks, there: Floats) -> Served | None:
    """Orders that wait, where the contract keeps them."""
    if state.waiting is None:
        return None
    asked = act.ask if act.price is None else act.ask * asks.cut[economy.network.buyer]
    return served(economy.network, state.waiting, asked, there)


def _week(
    economy: Economy, truth: Technology, state: State, act: Act, asks: _Asks, dealt: _Dealt
) -> Week:
    net, queue, on = economy.network, dealt.queue, economy.network.sellers
    moved = asks.orders[on] * dealt.fill if queue is None else net.orders(queue.shipped)[on]
    sold = net.of_sellers(np.minimum(moved, dealt.there))
    output = made(truth, dealt.composite)
    output[net.endowments] = 0.0
    income, spent = np.zeros((2, len(economy.income)))
    if act.price is not None:
        income = _income(economy, state, moved, dealt.paid)
        income = income + economy.rebated(dealt.duty) if truth.taxed else income
        spent = dealt.paid[net.households]
    return Week(
        links=_links(economy, truth, state, act, asks.cut, dealt.fill, queue),
        survival=economy.survival(truth),
        held=dealt.held,
        orders=asks.orders,
        sold=sold,
        output=output,
        utility=dealt.composite[net.households],
        spoiled=plain.spoiled(economy, state, sold, dealt.idle),
        lost=dealt.lost,
        income=income,
        spent=spent,
        queue=queue,
    )


def _income(economy: Economy, state: State, moved: Floats, paid: Floats) -> Floats:
    """(H,) what households own of the revenue of what moved (S,), less what plants paid (n,)."""
    net = economy.network
    earned = moved * state.price[net.sellers]
    earned[net.plants] -= paid[net.plants]
    return economy.shared(net.of_sellers(earned))


def step(economy: Economy, state: State, act: Act, week: Week) -> State:
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
