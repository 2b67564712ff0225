"""What agents are shown of nature: facts, observables and mail, none of which they can change."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy, State
from catallax.domains.production.knowledge import Post
from catallax.domains.production.network import (
    Event,
    Inbox,
    Lazy,
    Network,
    Table,
    Technology,
    View,
)
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.world import World
from catallax.protocol.sealed import sealed


def make_view(setup: Setup, world: World, *, tacit: bool) -> View:
    """What agents see: with `tacit` to act on, without to speak from."""
    known = world.truth.whole if tacit else world.truth.sayable
    week, streams, rows = world.t, setup.streams, setup.layout.places.rows
    return View(
        rows=setup.economy.network.rows,
        facts=show_facts(known) | Table({"decay": setup.economy.decay}),
        seen=show_observables(setup.economy, world.state),
        inbox=join_inboxes(world.directives.inbox, world.quotes.inbox),
        t=week,
        draw=lambda purpose: streams.uniform(f"agents/{purpose}", rows, week),
        noise=setup.public.noise,
        jitter=setup.public.jitter,
        delay=setup.contract.channel.line.delay,
        coming=show_coming(setup, week),
        bids=show_bids(setup.economy.network, world.bids),
    )


def show_coming(setup: Setup, week: int) -> Table:
    """What is announced to come after `week`, in each run; worked out once for each event."""
    past = tuple(count_past(events, week) for events in setup.announced)
    if past not in setup.coming:
        nets = [run.contract.economy.network for run in setup.runs]
        told = zip(setup.announced, nets, strict=True)
        parts = [find_coming(events, week, net) for events, net in told]
        setup.coming[past] = _lock(setup.layout.join(parts))
    return setup.coming[past]


def count_past(events: Sequence[Event], week: int) -> int:
    """How many events have come by `week`; all of them before week 0, when none is announced."""
    return sum(event.week <= week for event in events) if week >= 0 else len(events)


def find_coming(events: Sequence[Event], week: int, net: Network) -> Table:
    """What everybody is told in `week` of the next event, as `View.coming` has it.

    events : announced ones, ascending in weeks; before week 0 none is announced
    """
    past = count_past(events, week)
    if past == len(events):
        return _tell_nothing(net.n, net.m)
    then, now = events[past], events[past - 1] if past else None
    supply = then.supply if now is None else then.supply / now.supply
    kept = then.kept if now is None else then.kept / now.kept
    return Table(
        {"week": _repeat_number(float(then.week), net.n), "supply": supply},
        {"supply": net.gather(supply), "kept": kept, "tariff": then.tariff},
    )


def _tell_nothing(rows: int, links: int) -> Table:
    one = _repeat_number(1.0, links)
    row = {"week": _repeat_number(np.inf, rows), "supply": _repeat_number(1.0, rows)}
    return Table(row, {"supply": one, "kept": one, "tariff": _repeat_number(0.0, links)})


def show_bids(net: Network, bids: Post) -> Inbox:
    """What has arrived of bids, added up for each seller, and the age of the newest of them."""
    value = {k: partial(net.orders, v) for k, v in bids.value.link.items()}
    age = {k: partial(_find_newest, net, bids.inbox.age.link, k) for k in bids.sent.link}
    return Inbox(Table(Lazy(value)), Table(Lazy(age)))


def _find_newest(net: Network, ages: Mapping[str, Floats], kind: str) -> Floats:
    """(n,) the least age (m,) of a kind among each seller's links, infinite where it has none."""
    age = ages[kind]
    newest, order = np.full(net.n, np.inf), np.argsort(-age)
    newest[net.seller[order]] = age[order]  # of several the last one stays
    return newest


def show_facts(known: Technology) -> Table:
    """Own technology, as far as it is `known`; kept and tariff as `View` has them."""
    row = {k: getattr(known, k) for k in ("z", "K", "sigma", "eps", "gamma", "supply")}
    link = {k: getattr(known, k) for k in ("share", "norm", "kept", "tariff")}
    if known.lossless:
        link["kept"] = _repeat_number(1.0, len(known.kept))
    if not known.taxed:
        link["tariff"] = _repeat_number(0.0, len(known.tariff))
    return Table(row, link)  # of a technology, whose arrays are sealed


@lru_cache(maxsize=8)
def _repeat_number(number: float, size: int) -> Floats:
    return sealed(np.broadcast_to(number, (size,)))


def show_observables(economy: Economy, state: State) -> Table:
    """Own stocks and cash today, and own dealings of the week before."""
    last, cash = state.last, np.zeros(economy.network.n)
    cash[economy.network.households] = state.cash
    row = {
        "stock": state.stock,
        "orders": last.orders,
        "shipped": last.sold,
        "output": last.output,
        "cash": cash,
        "price": state.price,
    }
    link = {
        "held": lambda: state.held,
        "asked": lambda: last.asked,
        "got": lambda: last.shipped,
        "used": lambda: last.used,
    }
    return _lock(Table(row, Lazy(link)))


def join_inboxes(directives: Inbox, quotes: Inbox) -> Inbox:
    """One inbox: the centre's directives and, as `price`, the quotes of one's sellers."""
    price = Table(link={"price": quotes.value.link["price"]})
    age = Table(link=Lazy({"price": lambda: quotes.age.link["price"]}))
    return lock(Inbox(directives.value | price, directives.age | age))


def lock(inbox: Inbox) -> Inbox:
    """The same inbox, sealed."""
    return Inbox(_lock(inbox.value), _lock(inbox.age), inbox.announced)


def _lock(table: Table) -> Table:
    return Table(_lock_columns(table.row), _lock_columns(table.link))


def _lock_columns(columns: Mapping[str, Floats]) -> Mapping[str, Floats]:
    """The columns, sealed; a `Lazy` seals what it makes."""
    if isinstance(columns, Lazy):
        return columns
    return {name: sealed(value) for name, value in columns.items()}
