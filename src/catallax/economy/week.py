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

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from catallax.economy import plain
from catallax.economy.backlog import Served, served
from catallax.economy.economy import Economy
from catallax.economy.state import State, Week
from catallax.kernels import week as kernels
from catallax.kernels.memory import empty
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over, summed
from catallax.network import Act, Floats, Lazy, Technology
from catallax.optimum.solve import made

NONE = np.empty(0)
SLACK = 1e-9  # rounding allowed when an act uses all that it holds
LARGEST = 1e100  # of a price or an ask; beyond it sums would overflow


def fault(economy: Economy, state: State, act: Act) -> str | None:
    """What is wrong with an act, naming the row; None if nothing is."""
    net = economy.network
    for what, x in {"ask": act.ask, "use": act.use}.items():
        if x is not None and x.shape != (net.m,):
            return f"{what} has shape {x.shape}, expected ({net.m},)"
    if not _suspect(economy, state, act):
        return None if act.price is None else _price_fault(economy, act.price)
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


def _suspect(economy: Economy, state: State, act: Act) -> bool:
    """Whether any ask or use may be out of place: a quick look before the search for its name."""
    if not compiled():
        return True
    net, use = economy.network, act.use if act.use is not None else np.empty(0)
    found = np.zeros(1)

    def work(first: int, stop: int) -> None:
        wrong, fresh = np.zeros(1), net.rows.perishable
        kernels.faults(act.ask, use, state.held, fresh, LARGEST, SLACK, wrong, first, stop)
        if wrong[0]:
            found[0] = 1.0

    over(net.m, net.m, work)
    return bool(found[0])


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
    if not compiled():
        return plain.settle(economy, truth, state, act)
    net = economy.network
    cut, orders = _asked(economy, truth, state, act)
    there = np.where(truth.supply > 0, truth.supply, state.stock)
    fill = np.minimum(1.0, there / np.where(orders > 0, orders, 1.0))
    links = _links(economy, truth, state, act, cut, fill)
    if state.waiting is None:
        return _dealt(economy, truth, state, act, links, cut, orders, there, fill, None)
    queue = served(net, state.waiting, links["asked"], there)
    links = Lazy(
        {k: partial(links.__getitem__, k) for k in links} | {"shipped": lambda: queue.shipped}
    )
    return _dealt(economy, truth, state, act, links, cut, orders, there, fill, queue)


def _links(
    economy: Economy, truth: Technology, state: State, act: Act, cut: Floats, fill: Floats
) -> Lazy:
    """Asks that counted, shipments pro rata and uses, (m,) each, for whoever wants to see them.

    No column refers to the others: what refers to itself stays in memory until it is looked for.
    """
    net, held, ask, use = economy.network, state.held, act.ask, act.use
    survival, fresh, paid = economy.survival(truth), net.rows.perishable, act.price is not None

    def asked() -> Floats:
        return ask * cut[net.buyer] if paid else ask

    def shipped() -> Floats:
        return asked() * fill[net.seller]

    def used() -> Floats:
        return np.where(fresh, shipped() * survival, held if use is None else np.minimum(use, held))

    return Lazy({"asked": asked, "shipped": shipped, "used": used})


def _asked(economy: Economy, truth: Technology, state: State, act: Act) -> tuple[Floats, Floats]:
    """Share of each row's asks (n,) that it can pay, pro rata, and sellers' orders (n,)."""
    net, cut = economy.network, np.ones(economy.network.n)
    if act.price is None:
        return cut, net.orders(act.ask)
    purse, duty = np.full(net.n, np.inf), truth.tariff if truth.taxed else NONE
    purse[net.households] = np.maximum(state.cash, 0.0)

    def work(orders: Floats, first: int, stop: int) -> None:
        kernels.asked(
            *net.rows.csr, net.sold_by, act.ask, state.price, duty, purse, cut, orders, first, stop
        )

    return cut, net.of_sellers(summed(net.blocks, net.sellers.stop, work))


def _dealt(
    economy: Economy,
    truth: Technology,
    state: State,
    act: Act,
    links: Mapping[str, Floats],
    cut: Floats,
    orders: Floats,
    there: Floats,
    fill: Floats,
    queue: Served | None,
) -> Week:
    net, rows = economy.network, economy.network.rows
    survival, duty = economy.survival(truth), truth.tariff if truth.taxed else NONE
    loss = NONE if economy.lossless(survival) else survival
    use = NONE if act.use is None else act.use
    shipped = NONE if queue is None else queue.shipped
    terms = np.column_stack([fill, state.price])[net.sellers].ravel()
    held, composite = empty(net.m), np.empty(net.n)
    paid, levied = np.empty(net.n), np.empty(net.n)

    def work(sums: Floats, first: int, stop: int) -> None:
        kernels.dealt(
            *rows.csr, net.sold_by, rows.perishable, economy.late,
            truth.share, truth.norm, truth.sigma, truth.eps, act.ask, cut, terms, shipped, loss,
            duty, use, state.held, economy.left,
            held, composite, paid, levied, sums, first, stop,
        )  # fmt: skip

    sums = summed(net.blocks, 2 * net.sellers.stop, work).reshape(-1, 2)
    idle, lost = net.of_sellers(sums[:, 0]), net.of_sellers(sums[:, 1])
    moved = orders * fill if queue is None else net.orders(queue.shipped)
    sold = np.minimum(moved, there)
    output = made(truth, composite)
    output[net.endowments] = 0.0
    income, spent = np.zeros((2, len(economy.income)))
    if act.price is not None:
        income, spent = _paid(economy, state, moved, paid, levied)
    return Week(
        links=links,
        survival=survival,
        held=held,
        orders=orders,
        sold=sold,
        output=output,
        utility=composite[net.households],
        spoiled=plain.spoiled(economy, state, sold, idle),
        lost=lost,
        income=income,
        spent=spent,
        queue=queue,
    )


def _paid(
    economy: Economy, state: State, moved: Floats, paid: Floats, duty: Floats
) -> tuple[Floats, Floats]:
    """Households' incomes and spending when every shipment is paid at the binding price."""
    net = economy.network
    earned = moved * state.price
    earned[net.plants] -= paid[net.plants]
    return economy.shared(earned) + economy.rebated(duty), paid[net.households]


def step(economy: Economy, state: State, act: Act, week: Week) -> State:
    """The state at the start of next week."""
    net = economy.network
    left = 1.0 - economy.decay
    stock = np.maximum(state.stock - week.sold, 0.0) * left + week.output
    stock[net.endowments] = 0.0
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
