"""Rationing, link by link: what asks come to, what is shipped, used and left with buyers."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.backlog import FilledOrders, fill_orders
from catallax.domains.production.economy.economy import Economy
from catallax.domains.production.economy.faults import LARGEST, SLACK
from catallax.domains.production.economy.state import State
from catallax.domains.production.network import Act, Lazy, Technology, ces_quantity
from catallax.domains.production.network.places import RunFloats
from catallax.kernels.memory import empty
from catallax.kernels.switch import operation
from catallax.kernels.threads import summed
from catallax.kernels.week import cut_asks, dealt

NONE = np.empty(0)


def make_link_columns(
    economy: Economy,
    truth: Technology,
    state: State,
    act: Act,
    cut: Floats,
    fill: Floats,
    queue: FilledOrders | None,
) -> Lazy:
    """Asks that counted, shipments pro rata and uses, (m,) each, for whoever wants to see them.

    No column refers to the others: what refers to itself stays in memory until it is looked for.
    """
    net, held, ask, use = economy.network, state.held, act.ask, act.use
    survival, fresh, paid = economy.find_survival(truth), net.rows.perishable, act.price is not None

    def asked() -> Floats:
        return ask * cut[net.buyer] if paid else ask

    def shipped() -> Floats:
        return asked() * fill[net.seller] if queue is None else queue.shipped

    def used() -> Floats:
        return np.where(fresh, shipped() * survival, held if use is None else np.minimum(use, held))

    return Lazy({"asked": asked, "shipped": shipped, "used": used})


@final
@dataclass(frozen=True, eq=False)
class EffectiveDemand:
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


def cut_to_budgets(economy: Economy, truth: Technology, state: State, act: Act) -> EffectiveDemand:
    """What an act's asks come to; those of an act with prices are looked at and counted."""
    net = economy.network
    if act.price is None:
        return EffectiveDemand(np.ones(net.n), net.orders(act.ask))
    purse, duty = np.full(net.n, np.inf), truth.tariff if truth.taxed else NONE
    purse[net.households] = np.maximum(state.cash, 0.0)
    return EffectiveDemand(*cut_asks(net, act.ask, state.price, duty, purse, LARGEST))


@final
@dataclass(frozen=True, eq=False)
class Rationing:
    """What became of asks, row by row.

    there, fill     : (S,) what each seller has, and the share of its orders that it fills
    moved, earned   : (S,) what each seller sends, and the money that it gets for it
    held, composite : (m,) and (n,) what buyers keep and what they make of what they use
    paid            : (n,) money that buyers pay, tariffs included
    levied          : (runs,) how much of what is paid in each run is tariff
    idle, lost      : (n,) of each seller's product, unused at buyers and lost on the way
    queue           : None where what is not filled lapses
    doubtful        : uses that may be out of place
    """

    there: Floats
    fill: Floats
    moved: Floats
    earned: Floats
    held: Floats
    composite: Floats
    paid: Floats
    levied: RunFloats
    idle: Floats
    lost: Floats
    queue: FilledOrders | None
    doubtful: int


def _ration_plainly(
    economy: Economy, truth: Technology, state: State, act: Act, demand: EffectiveDemand
) -> Rationing:
    net, rows, on = economy.network, economy.network.rows, economy.network.sellers
    there, fill = _filled(economy, truth, state, demand)
    queue = _fill_queue(economy, state, act, demand, there)
    asked = act.ask * demand.cut[net.buyer]
    shipped = asked * fill[net.seller] if queue is None else queue.shipped
    survival = economy.find_survival(truth)
    sent = shipped * survival
    use = state.held if act.use is None else np.minimum(act.use, state.held)
    used = np.where(rows.perishable, sent, use)
    idle = np.where(rows.perishable, 0.0, np.maximum(state.held - used, 0.0))
    late = rows.perishable | (economy.lead > 0)
    bill = shipped * state.price[net.seller]
    duty = bill * truth.tariff
    with np.errstate(invalid="ignore"):  # of uses that are out of place
        composite = ces_quantity(rows, truth.share, truth.norm, truth.sigma, truth.eps, used)
    return Rationing(
        there=there,
        fill=fill,
        moved=net.orders(shipped)[on],
        earned=net.orders(bill)[on],
        held=idle * economy.left[net.seller] + np.where(late, 0.0, sent),
        composite=composite,
        paid=rows.sum(bill + duty),
        levied=net.places.links.sums(duty),
        idle=net.orders(idle),
        lost=net.orders(shipped * (1.0 - survival)),
        queue=queue,
        doubtful=0 if act.use is None else _count_doubtful(economy, state, act.use),
    )


def _count_doubtful(economy: Economy, state: State, use: Floats) -> int:
    """How many uses (m,) are below 0, no number, or above what is held."""
    most = np.where(economy.network.rows.perishable, LARGEST, state.held * (1.0 + SLACK))
    return int(np.count_nonzero(~((use >= 0) & (use <= most))))


@operation(_ration_plainly)
def ration_orders(
    economy: Economy, truth: Technology, state: State, act: Act, demand: EffectiveDemand
) -> Rationing:
    """What becomes of asks of which none is wrong, and of the uses beside them."""
    net, rows, on = economy.network, economy.network.rows, economy.network.sellers
    there, fill = _filled(economy, truth, state, demand)
    queue = _fill_queue(economy, state, act, demand, there)
    survival, duty = economy.find_survival(truth), truth.tariff if truth.taxed else NONE
    loss = NONE if economy.is_lossless(survival) else survival
    use = NONE if act.use is None else act.use
    shipped = NONE if queue is None else queue.shipped
    terms = np.column_stack([fill, state.price[on]]).ravel()
    held, composite = empty(net.m), np.empty(net.n)
    paid, levied = np.empty(net.n), np.empty(net.n)
    doubtful: list[float] = []

    def work(sums: Floats, first: int, stop: int) -> None:
        found = np.zeros(1)
        dealt(
            *rows.csr, net.sold_by, rows.perishable, economy.late,
            truth.share, truth.norm, truth.sigma, truth.eps, act.ask, demand.cut, terms, shipped,
            loss, duty, use, state.held, economy.left, LARGEST, SLACK,
            held, composite, paid, levied, sums, found, first, stop,
        )  # fmt: skip
        doubtful.append(found[0])

    sums = summed(net.blocks, 2 * net.sellers.stop, work).reshape(-1, 2)
    moved = demand.orders[on] * fill if queue is None else net.orders(queue.shipped)[on]
    return Rationing(
        there=there,
        fill=fill,
        moved=moved,
        earned=moved * state.price[on],
        held=held,
        composite=composite,
        paid=paid,
        levied=net.places.rows.sums(levied) if truth.taxed else np.zeros(net.places.runs),
        idle=net.of_sellers(sums[:, 0]),
        lost=net.of_sellers(sums[:, 1]),
        queue=queue,
        doubtful=int(sum(doubtful)),
    )


def _filled(
    economy: Economy, truth: Technology, state: State, demand: EffectiveDemand
) -> tuple[Floats, Floats]:
    """(S,) what each seller has, and the share of its orders that it fills pro rata."""
    on = economy.network.sellers
    supply, met = truth.supply[on], demand.orders[on]
    there = np.where(supply > 0, supply, state.stock[on])
    return there, np.minimum(1.0, there / np.where(met > 0, met, 1.0))


def _fill_queue(
    economy: Economy, state: State, act: Act, demand: EffectiveDemand, there: Floats
) -> FilledOrders | None:
    """Orders that wait, where the contract keeps them."""
    if state.waiting is None:
        return None
    net = economy.network
    asked = act.ask if act.price is None else act.ask * demand.cut[net.buyer]
    return fill_orders(net, state.waiting, asked, net.of_sellers(there))
