"""A market of posted prices: each seller moves its own price by its own stock and orders."""

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtri

from catallax.errors import InputError
from catallax.kernels import posted_price
from catallax.kernels.memory import empty
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over
from catallax.mechanisms.base import Agents, Mechanism
from catallax.mechanisms.buying import choice, composite
from catallax.mechanisms.firm import TINY, ordered, scale
from catallax.mechanisms.repricing import check_reprice, turns
from catallax.network import ENDOWMENT, HOUSEHOLD, Act, Floats, Table, View

GAINS = ("kappa", "beta", "a", "cover", "smoothing")


@final
@dataclass(frozen=True)
class Market(Agents):
    """Posted prices, money, wages and dividends (Fisher 1983; Hayek 1945).

    Announces one price a seller, to its buyers only. A plant aims at output for its smoothed
    orders and a cover of them, leaning by `beta` to the scale that its own price and quoted
    costs make most profitable; it closes a share `a` of any gap in its stocks a week, because
    closing them at once breeds the bullwhip that brings the market down. Households spend their
    cash by their own tastes at quoted prices.

    kappa     : change of log price per unit of (clipped) log excess demand a week, in [0, 1]
    beta      : weight of the profit-maximising scale against the one that fills orders, in [0, 1]
    a         : share of a gap in stocks that is closed in a week, in [0, 1]
    cover     : weeks of orders wanted as stock, of output and of each input, 0 to 52
    smoothing : weight of the newest orders in expected orders, in [0, 1]
    heed      : weight of the newest quote in the price that a buyer expects to pay, 0.01 to 1:
                who averages quotes is misled less by their noise and later by their moves
    price_error : s.d. of log errors in the first posted prices, 0 to 2
    reprice   : share of sellers that may change their price in a week, above 0 to 1: see `turns`

    Raises InputError for a setting out of range. The default gains are the best of the record of
    tuning (`catallax tune`), which says what was tried and on what.
    """

    kappa: float = 0.0125
    beta: float = 0.039
    a: float = 0.0601
    cover: float = 0.0207
    smoothing: float = 0.719
    heed: float = 0.493
    price_error: float = 0.0
    reprice: float = 1.0

    def __post_init__(self) -> None:
        tops = {"kappa": 1, "beta": 1, "a": 1, "cover": 52, "smoothing": 1, "price_error": 2}
        for name, top in tops.items():
            value = getattr(self, name)
            if not 0 <= value <= top:
                raise InputError(f"market: {name} is {value}, expected a number from 0 to {top}")
        if not 0.01 <= self.heed <= 1:
            raise InputError(f"market: heed is {self.heed}, expected a number from 0.01 to 1")
        check_reprice("market", self.reprice)

    def start(self, view: View) -> tuple[Table, Table]:
        """Expect the orders last met, price at the base year's and keep to last week's scale."""
        seen = view.seen.row
        price = np.ones(view.rows.n)
        if self.price_error > 0:
            price = np.exp(self.price_error * ndtri(view.draw("price error")))
        made = composite(view, seen["output"])
        wanted = {"wanted": price} if self.reprice < 1 else {}
        quote = {"quote": view.inbox.value.link["price"]} if self.heed < 1 else {}
        return Table(), Table({"D": seen["orders"], "price": price, "X": made} | wanted, quote)

    def report(self, view: View, said: Table) -> tuple[Table, Table]:
        """Say nothing to anybody but one's buyers, who read the posted price."""
        return Table(), said

    def act(self, view: View, done: Table) -> tuple[Act, Table]:
        """Post a price, choose a scale, use inputs and order more, or spend one's cash."""
        quoted = np.ascontiguousarray(view.inbox.value.link["price"])
        if self.heed == 1:
            return self._acted(view, done, quoted)
        quoted = done.link["quote"] + self.heed * (quoted - done.link["quote"])
        deed, memory = self._acted(view, done, quoted)
        return deed, memory | Table(link={"quote": quoted})

    def _acted(self, view: View, done: Table, quoted: Floats) -> tuple[Act, Table]:
        """The same for buyers who expect to pay `quoted` (m,), before tariffs."""
        deed, memory = (self._compiled if compiled() else self._plain)(view, done, quoted)
        if self.reprice == 1:
            return deed, memory
        before = done.row["price"]
        assert deed.price is not None
        priced = turns(view, self.reprice, before, done.row["wanted"] * (deed.price / before))
        return Act(deed.ask, deed.use, priced["price"]), memory | Table(priced)

    def _compiled(self, view: View, done: Table, quoted: Floats) -> tuple[Act, Table]:
        """What `_plain` says, in one pass over the links."""
        rows, f, seen = view.rows, view.facts, view.seen
        gains = np.array([*(getattr(self, k) for k in GAINS), TINY])
        ask, use = empty(rows.m), empty(rows.m)
        D, price, X = np.empty(rows.n), np.empty(rows.n), np.empty(rows.n)
        share, norm = f.link["share"], f.link["norm"]
        own_norm = np.empty(0) if norm is share else norm
        link = share, own_norm, _given(f.link["kept"]), _given(f.link["tariff"])
        row = (*(f.row[k] for k in ("z", "K", "sigma", "eps", "gamma", "supply")),)
        own = (*(seen.row[k] for k in ("stock", "orders", "cash")),)
        memory = (*(done.row[k] for k in ("D", "price", "X")),)
        kind = rows.kind.view(np.uint64)

        def work(first: int, stop: int) -> None:
            posted_price.act(
                *rows.csr, kind, rows.perishable, *link, quoted, seen.link["held"], *row, *own,
                *memory, gains, ask, use, D, price, X, first, stop,
            )  # fmt: skip

        over(rows.n, rows.m, work)
        return Act(ask, use, price), Table({"D": D, "price": price, "X": X})

    def _plain(self, view: View, done: Table, quoted: Floats) -> tuple[Act, Table]:
        """The rule in plain NumPy, against which the compiled one is tested."""
        rows, seen = view.rows, view.seen
        D = (1 - self.smoothing) * done.row["D"] + self.smoothing * seen.row["orders"]
        cost, ratio = choice(view, quoted * (1.0 + view.facts.link["tariff"]))
        cover = np.full(rows.n, self.cover)
        X = scale(view, done, D, cover, cost, (self.a, self.beta))
        ask, use = ordered(view, X, ratio, cover, self.a)
        price = self._price(view, done.row["price"], D)
        return Act(ask, use, price), Table({"D": D, "price": price, "X": X})

    def _price(self, view: View, price: Floats, D: Floats) -> Floats:
        """Raise the price of what is ordered beyond stock or flow, lower that of the rest."""
        seen, kind = view.seen.row, view.rows.kind
        orders = np.where(kind == ENDOWMENT, seen["orders"], (1 + self.cover) * D)
        there = np.where(kind == ENDOWMENT, view.facts.row["supply"], seen["stock"])
        excess = np.log(np.maximum(orders, 1e-100) / np.maximum(there, 1e-100))
        move = self.kappa * np.clip(excess, -1.0, 1.0)
        return np.where(kind == HOUSEHOLD, price, price * np.exp(move))


def _given(link: Floats) -> Floats:
    """A column (m,) as kernels take it: (0,) where one number in all places means no change."""
    return np.empty(0) if link.strides == (0,) else link


def market(**settings: float) -> Mechanism:
    """The market with its default gains, or those given."""
    return Mechanism("market", Market(**settings))
