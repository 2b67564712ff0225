"""A week's dealings in plain NumPy: what the kernels are tested against, and what they compute."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.backlog import served
from catallax.domains.production.economy.economy import Economy
from catallax.domains.production.economy.state import State, Week
from catallax.domains.production.network import Act, Technology, ces_quantity
from catallax.domains.production.optimum.solve import made


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
    moved = net.orders(shipped)
    sold = np.minimum(moved, there)
    income, spent = (
        _pay(economy, truth, state, shipped) if priced else (np.zeros(len(economy.income)),) * 2
    )
    idle = np.where(rows.perishable, 0.0, np.maximum(state.held - used, 0.0))
    late = rows.perishable | (economy.lead > 0)
    held = idle * (1.0 - economy.decay)[net.seller] + np.where(late, 0.0, sent)
    return Week(
        links={"asked": asked, "shipped": shipped, "used": used},
        survival=survival,
        held=held,
        orders=orders,
        sold=sold,
        output=output,
        utility=composite[net.households],
        spoiled=spoiled(economy, state, sold, net.orders(idle)),
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
    levied = net.places.links.sums(duty)
    return economy.shared(earned) + economy.rebated(levied), paid[net.households]


def spoiled(economy: Economy, state: State, sold: Floats, idle: Floats) -> Floats:
    """(n,) units of each seller's product that spoil anywhere; `idle` (n,) lie at buyers."""
    net, on = economy.network, economy.network.sellers
    decay, idle = economy.decay[on], idle[on]
    unsold = np.where(decay > 0, state.stock[on] - sold[on], 0.0)
    if len(state.transit):
        idle = idle + net.orders(state.transit.sum(axis=0))[on]
    return net.of_sellers(decay * (np.maximum(unsold, 0.0) + idle))
