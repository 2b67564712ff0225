"""A market of posted prices: each seller moves its own price by its own stock and orders."""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
from scipy.special import ndtri

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.base import Agents, Mechanism
from catallax.domains.production.mechanisms.buying import composite, shopping
from catallax.domains.production.mechanisms.exchange import (
    CLEARING,
    CLEARING_SOURCE,
    CLEARING_SPAN,
    make_bids,
    move_by_bids,
    remember_bid_price,
)
from catallax.domains.production.mechanisms.laying_up import (
    HORIZON,
    HORIZON_SOURCE,
    LaidUpStock,
    find_output,
    is_event_near,
    look_ahead,
)
from catallax.domains.production.mechanisms.market_week import GAINS, decide_week, expect_orders
from catallax.domains.production.mechanisms.owners import (
    SPEED,
    SPEED_SOURCE,
    SPEED_SPAN,
    TAUT,
    TAUT_SOURCE,
    TAUT_SPAN,
    OwnersMemory,
    find_owners,
    price_ahead,
)
from catallax.domains.production.mechanisms.pricing import (
    THETA,
    THETA_SOURCE,
    THETA_SPAN,
    slow_down,
)
from catallax.domains.production.mechanisms.repricing import (
    REPRICE,
    REPRICE_SOURCE,
    find_pace,
    move_wanted,
    turns,
)
from catallax.domains.production.network import Act, Table, View
from catallax.protocol.hash_names import accept_hash_names
from catallax.protocol.makers import settings_from
from catallax.protocol.settings import OFF, RECORDED, check_settings, setting
from catallax.protocol.tuned import TunedSpan


@final
@accept_hash_names
@dataclass(frozen=True)
class Market(Agents):
    """Posted prices, money, wages and dividends (Fisher 1983; Hayek 1945).

    Announces one price a seller, to its buyers only. A plant aims at output for its smoothed
    orders and a cover of them, leaning by `beta` to the scale that its own price and quoted
    costs make most profitable; it closes a share `a` of any gap in its stocks a week, because
    closing them at once breeds the bullwhip that brings the market down. Households spend their
    cash by their own tastes at quoted prices.

    Raises InputError for a setting out of range. The default gains are the best of the record of
    tuning (`catallax tune`), which says what was tried and on what.
    """

    kappa: float = setting(
        0.00853,
        "change of a plant's log price in a week per unit of log excess of what is wanted over its "
        "stock, which counts up to 1",
        low=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.003,
            0.3,
            scale="log",
            start=0.0125,
            why="below, a doubling takes years; at 0.3 prototypes collapsed",
        ),
    )
    theta: float = setting(0.308, THETA, low=0, high=1, source=THETA_SOURCE, tuned=THETA_SPAN)
    speed: float = setting(0.0285, SPEED, low=0, high=1, source=SPEED_SOURCE, tuned=SPEED_SPAN)
    exchange: bool = setting(
        False,
        "whether buyers of an endowment bid quantities at three prices and its price moves towards "
        "the one that clears, in place of a step by what orders were seen to answer",
        source=OFF,
    )
    clearing: float = setting(
        0.1, CLEARING, low=0, high=1, source=CLEARING_SOURCE, tuned=CLEARING_SPAN
    )
    taut: float = setting(0.0181, TAUT, low=0, high=1, source=TAUT_SOURCE, tuned=TAUT_SPAN)
    beta: float = setting(
        0.0333,
        "weight of the profit-maximising scale against the one that fills orders",
        low=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.0,
            0.5,
            start=0.039,
            why="0 only fills orders; at 0.5 prototypes collapsed where quotes were two weeks old",
        ),
    )
    a: float = setting(
        0.0447,
        "share of a gap in stocks that is closed in a week",
        low=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.02, 1.0, scale="log", start=0.0601, why="a gap is closed in a year, or at once"
        ),
    )
    cover: float = setting(
        0.0186,
        "stock that is wanted of output and of each input",
        unit="weeks of orders",
        low=0,
        high=52,
        source=RECORDED,
        tuned=TunedSpan(
            0.01,
            1.0,
            scale="log",
            start=0.0207,
            why="an hour's to a week's orders; what is held spoils. The low end was 0.05, and the "
            "best of that record lay near it",
        ),
    )
    smoothing: float = setting(
        0.644,
        "weight of the newest orders in expected orders",
        low=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.05,
            1.0,
            scale="log",
            start=0.719,
            why="expects half a year's mean of orders, or the last week's",
        ),
    )
    quote_smoothing: float = setting(
        0.507,
        "weight of the newest quote in the price that a buyer expects to pay: who averages quotes "
        "is misled less by their noise and later by their moves",
        low=0.01,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.05,
            1.0,
            scale="log",
            start=0.493,
            why="expects to pay half a year's mean of quotes, or the last one",
        ),
        hash_name="heed",
    )
    horizon: int = setting(104, HORIZON, unit="weeks", low=0, source=HORIZON_SOURCE)
    price_error: float = setting(
        0.0, "s.d. of log errors in the first posted prices", unit="logs", low=0, high=2, source=OFF
    )
    reprice: float = setting(1.0, REPRICE, above=0, high=1, source=REPRICE_SOURCE)

    def __post_init__(self) -> None:
        check_settings(self, "market:")

    def start(self, view: View) -> tuple[Table, Table]:
        """Expect the orders last met, price at the base year's and keep to last week's scale."""
        seen = view.seen.row
        price = np.ones(view.rows.n)
        if self.price_error > 0:
            price = np.exp(self.price_error * ndtri(view.draw("price error")))
        made = composite(view, seen["output"])
        wanted = {"wanted": price} if self.reprice < 1 else {}
        quote = {"quote": view.inbox.value.link["price"]} if self.quote_smoothing < 1 else {}
        row = {"D": seen["orders"], "price": price, "X": made} | wanted
        if self.exchange:
            row |= {"bid on": np.log(price)}
        else:
            row |= OwnersMemory.start(view).columns(view.rows.n)
        row |= LaidUpStock.start(view.rows.n).columns() if self.horizon else {}
        return Table(), Table(row, quote)

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        """Say nothing to anybody but one's buyers, who read the posted price."""
        return Table(), report_memory

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        """Post a price, choose a scale, use inputs and order more, or spend one's cash."""
        quoted = np.ascontiguousarray(view.inbox.value.link["price"])
        if self.quote_smoothing == 1:
            return self._acted(view, act_memory, quoted)
        quoted = act_memory.link["quote"] + self.quote_smoothing * (
            quoted - act_memory.link["quote"]
        )
        deed, memory = self._acted(view, act_memory, quoted)
        return deed, memory | Table(link={"quote": quoted})

    def _acted(self, view: View, act_memory: Table, quoted: Floats) -> tuple[Act, Table]:
        """The same for buyers who expect to pay `quoted` (m,), before tariffs."""
        if not self.horizon:
            return self._priced(view, act_memory, quoted)
        row, store = act_memory.row, LaidUpStock.of(act_memory.row)
        if store.used.any() or is_event_near(view, self.horizon):
            orders = expect_orders(row["D"], view.seen.row["orders"], self.smoothing)
            paid = quoted * (1.0 + view.facts.link["tariff"])
            store = look_ahead(view, store, paid, orders, row["price"], self.horizon)
            if store.used.any():
                return self._stored(view, act_memory, quoted, orders, store)
        deed, memory = self._priced(view, act_memory, quoted)
        return deed, memory | Table(store.columns())

    def _stored(
        self, view: View, act_memory: Table, quoted: Floats, orders: Floats, store: LaidUpStock
    ) -> tuple[Act, Table]:
        """The same where some rows store: these make what they store for and ask for its price."""
        here = store.used
        cost, _ = shopping(view, quoted * (1.0 + view.facts.link["tariff"]))
        asked = store.price + store.find_level(view, self.horizon)
        output = find_output(view, store, asked, cost)
        row, seen = act_memory.row, view.seen.row
        # Who expects to sell its output and has just that in stock makes as much again.
        met = {"orders": np.where(here, output, seen["orders"])}
        met["stock"] = np.where(here, (1.0 + self.cover) * output, seen["stock"])
        made_up = replace(view, seen=Table({**seen, **met}, view.seen.link))
        expected = Table({**row, "D": np.where(here, output, row["D"])}, act_memory.link)
        deed, memory = self._priced(made_up, expected, quoted)
        assert deed.price is not None
        kept = {**memory.row, "D": np.where(here, orders, memory.row["D"])} | store.columns()
        turn = here
        if self.reprice < 1:
            turn = here & (deed.price == kept["wanted"])
            kept["wanted"] = np.where(here, np.exp(asked), kept["wanted"])
        kept["price"] = np.where(turn, np.exp(asked), deed.price)
        return replace(deed, price=kept["price"]), Table(kept, memory.link)

    def _priced(self, view: View, act_memory: Table, quoted: Floats) -> tuple[Act, Table]:
        """The same of plants that store nothing."""
        pace, (theta, _) = find_pace(view, self.reprice), self._shares(view)
        gains = (pace * self.kappa, *(getattr(self, k) for k in GAINS[1:]), theta)
        deed, memory = decide_week(view, act_memory, quoted, gains)
        assert deed.price is not None
        price, own = deed.price.copy(), find_owners(view.rows)
        ahead = price_ahead(view) if self.horizon else 0.0
        if self.exchange:
            before, bid_on = (act_memory.row[k] for k in ("price", "bid on"))
            move = move_by_bids(view, before, bid_on, pace * self.clearing, self.taut)
            price[own] *= np.exp(move + ahead)
            priced = self._post(view, act_memory, price)
            bids = make_bids(view, deed.ask, quoted * (1.0 + view.facts.link["tariff"]))
            kept = Table(priced | {"bid on": remember_bid_price(view, bid_on, priced["price"])})
            return Act(deed.ask, deed.use, priced["price"], bids), memory | kept
        owners = OwnersMemory.of(view, act_memory.row).learn(view)
        price[own] *= np.exp(owners.move_prices(view, pace * self.speed, self.taut) + ahead)
        priced = self._post(view, act_memory, price)
        owners = owners.post(np.log(priced["price"][own] / act_memory.row["price"][own]))
        kept = Table(priced | owners.columns(view.rows.n))
        return Act(deed.ask, deed.use, priced["price"]), memory | kept

    def _post(self, view: View, act_memory: Table, price: Floats) -> dict[str, Floats]:
        """Posted prices (n,) after the rule has led to `price`, and wanted ones if not all may."""
        if self.reprice == 1:
            return {"price": price}
        before, wanted = act_memory.row["price"], act_memory.row["wanted"]
        wanted = move_wanted(view, wanted, before, price, self._shares(view))
        return turns(view, self.reprice, before, wanted)

    def _shares(self, view: View) -> tuple[float, float]:
        """Of its way: what a week takes of it for a plant's price and for an owner's."""
        slow = find_pace(view, self.reprice) * slow_down(view.delay)
        return slow * self.theta, slow * (self.clearing if self.exchange else self.speed)


@settings_from(Market)
def market(**settings: Any) -> Mechanism:
    """The market with its default gains, or those given."""
    return Mechanism("market", Market(**settings))
