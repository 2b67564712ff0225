"""Rationing, link by link: what asks come to, what is shipped, used and left with buyers."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.backlog import Served, served
from catallax.domains.production.economy.economy import Economy
from catallax.domains.production.economy.faults import LARGEST, SLACK
from catallax.domains.production.economy.state import State
from catallax.domains.production.network import Act, Lazy, Technology
from catallax.kernels import week as kernels
from catallax.kernels.memory import empty
from catallax.kernels.threads import summed

NONE = np.empty(0)


def link_columns(
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
    return EffectiveDemand(cut, orders, int(wrong), int(count))


@final
@dataclass(frozen=True, eq=False)
class Rationing:
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


def ration(
    economy: Economy, truth: Technology, state: State, act: Act, demand: EffectiveDemand
) -> Rationing:
    """What becomes of asks of which none is wrong, and of the uses beside them."""
    net, rows, on = economy.network, economy.network.rows, economy.network.sellers
    supply, met = truth.supply[on], demand.orders[on]
    there = np.where(supply > 0, supply, state.stock[on])
    fill = np.minimum(1.0, there / np.where(met > 0, met, 1.0))
    queue = _queue(economy, state, act, demand, net.of_sellers(there))
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
            truth.share, truth.norm, truth.sigma, truth.eps, act.ask, demand.cut, terms, shipped,
            loss, duty, use, state.held, economy.left, LARGEST, SLACK,
            held, composite, paid, levied, sums, found, first, stop,
        )  # fmt: skip
        doubtful.append(found[0])

    sums = summed(net.blocks, 2 * net.sellers.stop, work).reshape(-1, 2)
    idle, lost = net.of_sellers(sums[:, 0]), net.of_sellers(sums[:, 1])
    return Rationing(
        there, fill, held, composite, paid, levied, idle, lost, queue, int(sum(doubtful))
    )


def _queue(
    economy: Economy, state: State, act: Act, demand: EffectiveDemand, there: Floats
) -> Served | None:
    """Orders that wait, where the contract keeps them."""
    if state.waiting is None:
        return None
    asked = act.ask if act.price is None else act.ask * demand.cut[economy.network.buyer]
    return served(economy.network, state.waiting, asked, there)
