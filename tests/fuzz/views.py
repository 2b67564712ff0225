"""Views that no run would make, shown to the agents of every mechanism: rows compute alone.

Whatever a view holds, a row that is cut out of it has to answer what it answers among the others,
to the last bit. In runs facts, stocks and prices are of like size; here they are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, final

import numpy as np
from hypothesis import strategies as st

from catallax.arrays import Floats
from catallax.domains.production.economy import generate
from catallax.domains.production.knowledge.reference import BID_KINDS, LINK, MODEL, ROW, UPDATE
from catallax.domains.production.network import Act, Inbox, Network, Rows, Table, View
from catallax.protocol.mechanism_names import every_mechanism, mechanism_named
from catallax.protocol.sealed import sealed
from tests.fuzz.hunting import Kind, Pieces

FACTS = ("z", "K", "sigma", "eps", "gamma", "supply"), ("share", "norm", "kept", "tariff")
SEEN = ("stock", "orders", "shipped", "output", "cash", "price"), ("held", "asked", "got", "used")
SIZES = (*("price", "quoted", "value", "z", "K", "share", "norm", "kept", *MODEL, *UPDATE),)
"""Kinds of message that are never 0."""
OWN = "offer"  # a kind of message that a mechanism may have of its own
NAMES = every_mechanism()


@final
@dataclass(frozen=True)
class Who:
    """Whose agents look, and at what place.

    name : of a mechanism
    seed : of the economy whose network it is
    """

    name: str
    seed: int


@final
@dataclass(frozen=True)
class Week:
    """A week of which everything is drawn.

    t     : which one
    seed  : of its numbers
    logs  : s.d. of their logs
    none  : share of stocks, orders and values heard that are 0
    alike : whether kept and tariff are one number in all places
    """

    t: int
    seed: int
    logs: float
    none: float
    alike: bool


def play(pieces: Pieces, folder: Path) -> None:
    """Agents report and act in each week, all rows together and each by itself."""
    who, *weeks = pieces
    net, agents = network(who.seed), mechanism_named(who.name).agents
    memory: list[Any] | None = None
    with np.errstate(all="ignore"):
        for week in weeks:
            view = shown(net, week)
            if memory is None:
                memory = list(same_alone(agents.start, view, net))
            mail, memory[0] = same_alone(agents.report, view, net, memory[0])
            done, memory[1] = same_alone(agents.act, view, net, memory[1])
            assert type(mail) is Table
            assert type(done) is Act


def same_alone(verb: Any, view: View, net: Network, *memory: Table) -> tuple[Any, ...]:
    """The answer of all rows, once each of them has given it alone."""
    drawn: dict[str, Floats] = {}
    answer = verb(replace(view, draw=lambda purpose: _draw(drawn, view, purpose)), *memory)
    for row in range(net.n):
        links = net.rows.links(row)
        cut = _Cut(row, links, drawn)
        mine = verb(cut.view(view), *(cut.of(part) for part in memory))
        for whole, part in zip(answer, mine, strict=True):
            _check_same(cut.of(whole), part, f"{verb.__qualname__}, row {row} of {net.n}")
    return tuple(answer)


def _draw(drawn: dict[str, Floats], view: View, purpose: str) -> Floats:
    drawn[purpose] = view.draw(purpose)
    return drawn[purpose]


@final
@dataclass(frozen=True)
class _Cut:
    """What one row has of anything, in memory of its own."""

    row: int
    links: slice
    drawn: Mapping[str, Floats]

    def view(self, view: View) -> View:
        rows: Rows = view.rows.cut(self.row)
        inbox = Inbox(self.of(view.inbox.value), self.of(view.inbox.age))
        return replace(
            view, rows=rows, facts=self.of(view.facts), seen=self.of(view.seen), inbox=inbox,
            coming=self.of(view.coming),
            bids=Inbox(self.of(view.bids.value), self.of(view.bids.age)),
            draw=lambda purpose: self.column(self.drawn[purpose], slice(self.row, self.row + 1)),
        )  # fmt: skip

    def of(self, value: Any) -> Any:
        """The row's part of a table or an act."""
        own = slice(self.row, self.row + 1)
        if isinstance(value, Table):
            return Table(
                {k: self.column(v, own) for k, v in value.row.items()},
                {k: self.column(v, self.links) for k, v in value.link.items()},
            )
        use = None if value.use is None else self.column(value.use, self.links)
        price = None if value.price is None else self.column(value.price, own)
        bids = None if value.bids is None else self.column(value.bids, self.links)
        return Act(self.column(value.ask, self.links), use, price, bids)

    def column(self, whole: Floats, at: slice) -> Floats:
        return sealed(whole[at].copy()) if not whole.flags.writeable else whole[at].copy()


def _check_same(of_all: Any, alone: Any, where: str) -> None:
    one, two = _columns(of_all), _columns(alone)
    assert one.keys() == two.keys(), f"{where}: {one.keys() ^ two.keys()}"
    for name, column in one.items():
        assert _bits(column) == _bits(two[name]), (
            f"{where}: {name} is {two[name]} alone, {column} among others"
        )


def _bits(column: Floats) -> bytes:
    """What is no number is one and the same, whatever its bits."""
    return np.where(np.isnan(column), np.nan, column).tobytes()


def _columns(value: Any) -> dict[str, Floats]:
    if isinstance(value, Table):
        return {f"row {k}": v for k, v in value.row.items()} | {
            f"link {k}": v for k, v in value.link.items()
        }
    every = {"ask": value.ask, "use": value.use, "price": value.price, "bids": value.bids}
    return {name: column for name, column in every.items() if column is not None}


@lru_cache(maxsize=64)
def network(seed: int) -> Network:
    """A small one; its sizes are drawn too."""
    chance = np.random.default_rng(seed)
    sizes = dict(zip(("products", "firms", "households", "inputs"),
                     chance.integers(1, [4, 3, 3, 4]).tolist(), strict=True))  # fmt: skip
    return generate(seed, **{**sizes, "products": sizes["products"] + 1}).network


def shown(net: Network, week: Week) -> View:
    """A view of numbers by chance: positive ones, zeros where there may be some."""
    chance = np.random.default_rng(week.seed)
    rows, links = net.n, net.m

    def sized(size: int) -> Floats:
        return np.asarray(chance.lognormal(0.0, week.logs, size))

    def perhaps(size: int) -> Floats:
        return np.where(chance.random(size) < week.none, 0.0, sized(size))

    facts = Table(
        {"z": sized(rows), "K": sized(rows), "sigma": perhaps(rows), "eps": perhaps(rows),
         "gamma": chance.uniform(0.05, 0.95, rows), "supply": perhaps(rows),
         "decay": chance.uniform(0.0, 0.9, rows)},
        {"share": sized(links), "norm": sized(links), "kept": chance.uniform(0.01, 1.0, links),
         "tariff": perhaps(links)},
    )  # fmt: skip
    if week.alike:
        alike = {"kept": np.broadcast_to(1.0, (links,)), "tariff": np.broadcast_to(0.0, (links,))}
        facts = Table(facts.row, {**facts.link, **alike})
    seen = Table(
        {k: sized(rows) if k == "price" else perhaps(rows) for k in SEEN[0]},
        {k: perhaps(links) for k in SEEN[1]},
    )
    value = Table(
        {k: sized(rows) if k in SIZES else perhaps(rows) for k in (*ROW, OWN)},
        {k: sized(links) if k in SIZES else perhaps(links) for k in (*LINK, OWN)},
    )
    age = Table(
        {k: _ages(chance, rows) for k in value.row}, {k: _ages(chance, links) for k in value.link}
    )
    draws: dict[str, Floats] = {}

    def draw(purpose: str) -> Floats:
        return draws.setdefault(purpose, sealed(chance.random(rows)))

    return View(
        net.rows, _sealed(facts), _sealed(seen), Inbox(_sealed(value), _sealed(age)), week.t, draw,
        noise=0.05, delay=float(chance.integers(0, 9)), coming=_foretold(chance, net, week),
        bids=Inbox(
            _sealed(Table({k: perhaps(rows) for k in BID_KINDS})),
            _sealed(Table({k: _ages(chance, rows) for k in BID_KINDS})),
        ),
    )  # fmt: skip


def _foretold(chance: np.random.Generator, net: Network, week: Week) -> Table:
    """An event to come, in half of all weeks."""
    one, links = np.ones(net.n), np.ones(net.m)
    if chance.random() < 0.5:
        row, link = {"week": np.inf * one, "supply": one}, {"supply": links, "kept": links}
        return _sealed(Table(row, link | {"tariff": 0.0 * links}))
    supply = np.where(net.kind == 0, chance.lognormal(0.0, 1.0, net.n), 1.0)
    row = {"week": one * (week.t + chance.integers(1, 200)), "supply": supply}
    link = {"supply": supply[net.seller], "kept": chance.uniform(0.1, 1.0, net.m)}
    return _sealed(Table(row, link | {"tariff": 0.1 * links}))


def _ages(chance: np.random.Generator, size: int) -> Floats:
    """Ticks since something was said; of a third nothing was ever heard."""
    return np.where(chance.random(size) < 1 / 3, np.inf, chance.integers(0, 60, size) * 1.0)


def _sealed(table: Table) -> Table:
    return Table(
        {k: sealed(v) for k, v in table.row.items()}, {k: sealed(v) for k, v in table.link.items()}
    )


WEEKS = st.builds(
    Week,
    st.integers(0, 600),
    st.integers(0, 1 << 32),
    st.sampled_from([0.0, 0.1, 1.0, 5.0, 50.0]),
    st.sampled_from([0.0, 0.1, 0.9, 1.0]),
    st.booleans(),
)


@st.composite
def looks(draw: st.DrawFn) -> list[Any]:
    """Somebody's agents, and some weeks one after the other."""
    who = Who(draw(st.sampled_from(NAMES)), draw(st.integers(0, 200)))
    weeks = draw(st.lists(WEEKS, min_size=1, max_size=3))
    return [who, *sorted(weeks, key=lambda week: week.t)]


VIEWS = Kind("views", looks(), play, 0.06)
