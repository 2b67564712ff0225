"""A market whose firms learn: each forecasts, stocks and prices by what its own books taught it."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from scipy.special import ndtri

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.base import Agents, Mechanism
from catallax.domains.production.mechanisms.buying import choice, composite
from catallax.domains.production.mechanisms.firm import (
    LEAST,
    TINY,
    fill_orders,
    ordered,
    scale,
)
from catallax.domains.production.mechanisms.laying_up import (
    HORIZON,
    HORIZON_SOURCE,
    LaidUpStock,
    find_output,
    look_ahead,
)
from catallax.domains.production.mechanisms.owners import (
    ANSWER,
    FORGET,
    SPEED,
    SPEED_SOURCE,
    SPEED_SPAN,
    TAUT,
    TAUT_SOURCE,
    TAUT_SPAN,
    believe_answer,
    find_owners,
    price_ahead,
)
from catallax.domains.production.mechanisms.pricing import (
    THETA,
    THETA_SOURCE,
    THETA_SPAN,
    find_excess,
    find_marginal_cost,
    move_plant_prices,
    slow_down,
)
from catallax.domains.production.mechanisms.repricing import (
    REPRICE,
    REPRICE_SOURCE,
    find_pace,
    move_wanted,
    turns,
)
from catallax.domains.production.network import ENDOWMENT, PLANT, Act, Table, View
from catallax.learning.own import Level, Noise, Response, columns, remembered
from catallax.protocol.makers import settings_from
from catallax.protocol.settings import RECORDED, check_settings, setting
from catallax.protocol.tuned import TunedSpan

PRIOR = 0.05  # s.d. of noise before any was heard
SURE = 0.999  # highest probability with which a newsvendor wants to serve


@final
@dataclass(frozen=True)
class AIMarket(Agents):
    """Posted prices of firms that learn, each from its own row (Hayek 1945, with AI at the edges).

    Each seller follows its orders, and each buyer the quotes that reach it, by a local level
    whose weight it learns from its own noise. It stocks by the newsvendor's rule from its own
    forecast error, margin and spoilage (Arrow, Harris & Marschak 1951). A plant's price follows its
    marginal cost (`pricing`). Every seller moves its price the further, the less it has learned
    that its buyers answer: a damped step of Newton's to the price that clears, by the elasticity
    that its own books show. Nobody hears anything that a market's rows do not hear; a week costs
    O(links).

    Raises InputError for a setting out of range.
    """

    kappa: float = setting(
        0.00532,
        "share of the log excess of what is wanted over its stock that a plant's price is meant to "
        "remove in a week",
        low=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(0.003, 0.3, scale="log", start=0.00532, why="as in the market"),
    )
    theta: float = setting(0.3, THETA, low=0, high=1, source=THETA_SOURCE, tuned=THETA_SPAN)
    speed: float = setting(0.05, SPEED, low=0, high=1, source=SPEED_SOURCE, tuned=SPEED_SPAN)
    taut: float = setting(0.02, TAUT, low=0, high=1, source=TAUT_SOURCE, tuned=TAUT_SPAN)
    learn: float = setting(
        0.448,
        "s.d. of elasticities about the 1 that is expected before anything is seen; 0 learns "
        "nothing of them",
        low=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.0,
            1.0,
            start=0.448,
            why="all elasticities are taken for 1, or anything up to 3 is as likely",
        ),
    )
    beta: float = setting(
        0.0409,
        "weight of the profit-maximising scale against the one that fills orders",
        low=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(0.0, 0.5, start=0.0409, why="as in the market"),
    )
    a: float = setting(
        0.0274,
        "share of a gap in stocks that is closed in a week",
        low=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(0.02, 1.0, scale="log", start=0.0274, why="as in the market"),
    )
    safety: float = setting(
        0.867,
        "stocks held, as a multiple of the newsvendor's",
        low=0,
        high=10,
        source=RECORDED,
        tuned=TunedSpan(
            0.0,
            3.0,
            start=0.867,
            why="no stocks but what is expected to be sold, or three times the newsvendor's",
        ),
    )
    horizon: int = setting(104, HORIZON, unit="weeks", low=0, source=HORIZON_SOURCE)
    reprice: float = setting(1.0, REPRICE, above=0, high=1, source=REPRICE_SOURCE)

    def __post_init__(self) -> None:
        check_settings(self, "ai_market:")

    def start(self, view: View) -> tuple[Table, Table]:
        """Expect the orders last met and the base year's prices; nothing was learned yet."""
        n, seen = view.rows.n, view.seen.row
        orders = Level.of(np.log(np.maximum(seen["orders"], LEAST)))
        row = dict.fromkeys(("decay",), np.zeros(n)) | {"stock": seen["stock"]}
        row |= {"error": np.full(n, PRIOR**2)} | columns("answer", Response.none(n))
        row |= {"price": np.ones(n), "X": composite(view, seen["output"])}
        row |= columns("orders", orders) | columns("noise", Noise.of(PRIOR, n))
        row |= columns("quoted", Noise.of(PRIOR, n))
        row |= {"wanted": np.ones(n)} if self.reprice < 1 else {}
        row |= LaidUpStock.start(n).columns() if self.horizon else {}
        return Table(), Table(row, columns("quote", Level.of(np.zeros(view.rows.m))))

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        """Say nothing to anybody but one's buyers, who read the posted price."""
        return Table(), report_memory

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        """Forecast, then post a price, choose a scale, use inputs and order more, or spend."""
        return self.acted(view, act_memory, np.ones(view.rows.n))

    def acted(self, view: View, act_memory: Table, prior: Floats) -> tuple[Act, Table]:
        """The same for firms that expect orders to answer their prices by `prior` (n,), > 0, as

        long as their own books say nothing else.
        """
        orders, sold = _sales(view, act_memory)
        quotes, bought = _quotes(view, act_memory)
        paid = np.exp(quotes.level) * (1.0 + view.facts.link["tariff"])
        cost, ratio = choice(view, paid)
        D, stocks = np.exp(orders.level), _stocks(view, act_memory)
        cover = self.safety * _newsvendor(view, act_memory, D, cost, stocks["decay"], sold["error"])
        fill = fill_orders(view, D, cover, self.a)
        store, asked = self._look_ahead(view, act_memory, paid, D)
        if store.used.any():
            made = composite(view, find_output(view, store, asked, cost))
            fill = np.where(store.used, np.log(made), fill)
        X = scale(view, act_memory, fill, cost, self.beta)
        ask, use = ordered(view, X, ratio, cover, self.a)
        marginal = find_marginal_cost(view, fill, cost)
        priced = self._priced(view, act_memory, orders, cover, marginal, prior, asked)
        row = columns("orders", orders) | sold | bought | stocks | priced | {"X": X}
        row |= store.columns() if self.horizon else {}
        return Act(ask, use, priced["price"]), Table(row, columns("quote", quotes))

    def _look_ahead(
        self, view: View, act_memory: Table, paid: Floats, D: Floats
    ) -> tuple[LaidUpStock, Floats]:
        """What plants store for, and (n,) the log prices that they ask; NaN for other rows."""
        n, row = view.rows.n, act_memory.row
        if not self.horizon:
            return LaidUpStock.start(n), np.full(n, np.nan)
        store = look_ahead(view, LaidUpStock.of(row), paid, D, row["price"], self.horizon)
        asked = store.price + store.find_level(view, self.horizon)
        return store, np.where(store.used, asked, np.nan)

    def _priced(
        self,
        view: View,
        act_memory: Table,
        orders: Level,
        cover: Floats,
        marginal: Floats,
        prior: Floats,
        asked: Floats,
    ) -> dict[str, Floats]:
        """Posted prices (n,), and what is remembered of how orders answer them.

        marginal : (n,) log marginal costs of plants
        asked    : (n,) log prices that plants ask for which store; NaN for other rows
        """
        row, before = act_memory.row, act_memory.row["price"]
        answer = remembered(Response, "answer", row).seen(orders.change, FORGET)
        push = self._push(view, orders, cover)
        push /= believe_answer(answer, row["noise square"], prior, self.learn)
        slow = find_pace(view, self.reprice) * slow_down(view.delay)
        theta, speed = slow * self.theta, slow * self.speed
        move = move_plant_prices(view, before, marginal, push, theta)
        move = np.where(view.rows.kind == ENDOWMENT, push, move)
        if self.horizon:
            move[find_owners(view.rows)] += price_ahead(view)
            move = np.where(np.isnan(asked), move, asked - np.log(before))
        priced = {"price": before * np.exp(move)}
        if self.reprice < 1:
            wanted = move_wanted(view, row["wanted"], before, priced["price"], (theta, speed))
            wanted = np.where(np.isnan(asked), wanted, np.exp(asked))
            priced = turns(view, self.reprice, before, wanted)
            move = np.log(priced["price"] / before)  # buyers answer what was posted
        return priced | columns("answer", answer.posted(move, ANSWER))

    def _push(self, view: View, orders: Level, cover: Floats) -> Floats:
        """(n,) by how much of their excess orders are to fall this week, in logs."""
        seen, owner = view.seen.row, view.rows.kind == ENDOWMENT
        there = np.where(owner, view.facts.row["supply"], seen["stock"])
        # An owner's price adds up what its orders were; a level would only come late.
        wanted = np.where(owner, seen["orders"], (1 + cover) * np.exp(orders.level))
        excess = find_excess(wanted, there, np.where(owner, self.taut, 0.0))
        speed = np.where(owner, self.speed * slow_down(view.delay), self.kappa)
        return excess * speed * find_pace(view, self.reprice)


def _sales(view: View, act_memory: Table) -> tuple[Level, dict[str, Floats]]:
    """Orders (n,) as they are expected to go on, and what is remembered of how well that went."""
    row = act_memory.row
    before, noise = remembered(Level, "orders", row), remembered(Noise, "noise", row)
    heard = np.log(np.maximum(view.seen.row["orders"], LEAST))
    now = before.moved(heard, noise.gain)
    noise = noise.seen(now.change**2, now.change * before.change, FORGET)
    error = row["error"] + FORGET * ((heard - before.level) ** 2 - row["error"])
    return now, columns("noise", noise) | {"error": error}


def _quotes(view: View, act_memory: Table) -> tuple[Level, dict[str, Floats]]:
    """Quotes (m,) as they are expected to go on; a row learns their noise from all its links."""
    rows = view.rows
    before, noise = (
        remembered(Level, "quote", act_memory.link),
        remembered(Noise, "quoted", act_memory.row),
    )
    now = before.moved(np.log(view.inbox.value.link["price"]), rows.spread(noise.gain))
    links = np.maximum(rows.sum(np.ones(rows.m)), 1.0)
    square, lagged = now.change**2, now.change * before.change
    noise = noise.seen(rows.sum(square) / links, rows.sum(lagged) / links, FORGET)
    return now, columns("quoted", noise)


def _stocks(view: View, act_memory: Table) -> dict[str, Floats]:
    """What was left in stock (n,) after sales, and the share of it that was seen to spoil."""
    seen, row = view.seen.row, act_memory.row
    left = row["stock"] - seen["shipped"]
    there = left > TINY * row["stock"]
    lost = 1.0 - (seen["stock"] - seen["output"]) / np.where(there, left, 1.0)
    decay = np.where(there, np.clip(lost, 0.0, 1.0), row["decay"])
    return {"stock": seen["stock"], "decay": decay}


def _newsvendor(
    view: View, act_memory: Table, D: Floats, cost: Floats, decay: Floats, error: Floats
) -> Floats:
    """(n,) stock wanted over expected orders, as a share of them; none below expectation."""
    unit = np.exp(cost) * composite(view, D) / np.maximum(D, LEAST)
    margin = np.maximum(act_memory.row["price"] - unit, 0.0)
    serve = np.clip(margin / (margin + decay * unit + TINY), 0.5, SURE)
    plant = view.rows.kind == PLANT
    return np.where(plant, np.expm1(ndtri(serve) * np.sqrt(error)), 0.0)


@settings_from(AIMarket)
def ai_market(**settings: Any) -> Mechanism:
    """The market of firms that learn, with its default settings or those given."""
    return Mechanism("ai_market", AIMarket(**settings))
