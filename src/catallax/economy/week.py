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

from dataclasses import replace

import numpy as np

from catallax.economy import plain
from catallax.economy.backlog import Served, served
from catallax.economy.economy import Economy
from catallax.economy.state import State, Week
from catallax.kernels import week as kernels
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over, summed
from catallax.network import Act, Floats, Technology
from catallax.optimum.solve import made

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
    """Whether any ask or use is out of place: a quick look before the search for its name."""
    if not compiled():
        return True
    net, use = economy.network, np.empty(0) if act.use is None else act.use
    found = np.zeros(1)

    def work(first: int, stop: int) -> None:
        mine = np.zeros(1)
        kernels.faults(
            act.ask, use, state.held, economy.flow, net.rows.perishable, LARGEST, SLACK,
            mine, first, stop,
        )  # fmt: skip
        if mine[0]:
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
    asked, orders = _asked(economy, truth, state, act)
    there = np.where(truth.supply > 0, truth.supply, state.stock)
    fill = np.minimum(1.0, there / np.where(orders > 0, orders, 1.0))
    queue = None if state.waiting is None else served(net, state.waiting, asked, there)
    return _dealt(economy, truth, state, act, asked, orders, there, fill, queue)


def _asked(economy: Economy, truth: Technology, state: State, act: Act) -> tuple[Floats, Floats]:
    """Asks that count (m,), each household's cut pro rata to its cash, and sellers' orders (n,)."""
    net = economy.network
    if act.price is None:
        return act.ask, net.orders(act.ask)
    asked, purse = np.empty(net.m), np.full(net.n, np.inf)
    purse[net.households] = np.maximum(state.cash, 0.0)

    def work(orders: Floats, first: int, stop: int) -> None:
        kernels.asked(
            *net.rows.csr, net.sold_by, act.ask, state.price, truth.tariff, purse, asked,
            orders, first, stop,
        )  # fmt: skip

    return asked, summed(net.blocks, net.n, work)


def _dealt(
    economy: Economy,
    truth: Technology,
    state: State,
    act: Act,
    asked: Floats,
    orders: Floats,
    there: Floats,
    fill: Floats,
    queue: Served | None,
) -> Week:
    net, rows, sellers = economy.network, economy.network.rows, economy.network.sellers
    shipped = np.empty(net.m) if queue is None else queue.shipped
    used, held, survival = np.empty(net.m), np.empty(net.m), economy.survival(truth)
    composite, paid, duty = np.empty(net.n), np.empty(net.n), np.empty(net.n)
    use = np.empty(0) if act.use is None else act.use

    def work(sums: Floats, first: int, stop: int) -> None:
        kernels.dealt(
            *rows.csr, net.sold_by, rows.perishable, economy.late,
            truth.share, truth.norm, truth.sigma, truth.eps, asked, fill, queue is None,
            survival, economy.technology.kept, truth.tariff, state.price, use, state.held,
            economy.left, net.households.start, shipped, used, held, composite, paid, duty,
            sums, first, stop,
        )  # fmt: skip

    sums = summed(net.blocks, kernels.WIDE * sellers.stop, work).reshape(-1, kernels.WIDE)
    idle, lost, stored, final, moved = (_padded(net.n, sums[:, k]) for k in range(5))
    sold = np.minimum(moved, there)
    output = made(truth, composite)
    output[net.endowments] = 0.0
    income, spent = np.zeros((2, len(economy.income)))
    if act.price is not None:
        income, spent = _paid(economy, state, moved, paid, duty)
    return Week(
        asked=asked,
        shipped=shipped,
        survival=survival,
        used=used,
        orders=orders,
        sold=sold,
        output=output,
        utility=composite[net.households],
        spoiled=plain.spoiled(economy, state, sold, idle),
        lost=lost,
        income=income,
        spent=spent,
        held=held,
        stored=stored,
        final=final,
        queue=queue,
    )


def _padded(n: int, sellers: Floats) -> Floats:
    out = np.zeros(n)
    out[: len(sellers)] = sellers
    return out


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
