"""Prices of endowments: each owner learns how its buyers answer, and steps towards clearing.

    d log p = speed 2 / (1 + max(delay, 1)) clip(e, -1, 1) / steep
    e       = log(orders / supply) - taut
    steep   = (v - l^2 C) / (v + l^2 S), cut to [0.2, 4]

The step is a secant's: by it orders would fall by a share of their excess if they answered the
price as they did so far. `steep` is by how many per cent orders fall as the price rises by one, by
least squares with a prior of 1: S is the sum of squares of own price moves that buyers still
answer, C that of their products with the changes of log orders that came after, v the mean square
of those changes and l the doubt about the prior (Rothschild 1974 on what a seller learns from the
prices that it posts; Lai & Robbins 1982 on least squares in a loop). Where nobody answers the price
moves fast.

`taut` keeps orders a little above the flow, so that no endowment lies idle in the weeks in which
fewer are made (after Hunter 1961, who meant plans).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.firm import LEAST
from catallax.domains.production.mechanisms.pricing import find_excess, slow_down
from catallax.domains.production.network import ENDOWMENT, Rows, View
from catallax.learning.own import Response
from catallax.protocol.tuned import TunedSpan

FORGET = 0.03  # weight of the newest week in what is learned: half a year's memory
ANSWER = 0.3  # share of a price's move that buyers are taken to answer in a week
DOUBT = 0.5  # s.d. of elasticities of orders about the 1 that is expected before anything is seen
STEEP, LEAST_STEEP = 4.0, 0.2  # elasticities of orders that a seller believes in
UNHEARD = 0.05  # s.d. of noise in orders before any was heard

SPEED = (
    "share of an endowment's log excess of orders, which counts up to 1, that a week's price is "
    "meant to remove where quotes are a week late or less"
)
SPEED_SOURCE = "record of tuning (its form: Lai & Robbins 1982)"
SPEED_SPAN = TunedSpan(
    0.003, 0.3, scale="log", start=0.05, why="as kappa: a doubling takes years, or days"
)
TAUT = "log of orders over flow at which an endowment's price stands still"
TAUT_SOURCE = "record of tuning (its form: Hunter 1961)"
TAUT_SPAN = TunedSpan(
    0.0, 0.1, start=0.02, why="as much as there is, or a tenth more, which starves the last buyer"
)


def find_owners(rows: Rows) -> slice:
    """Where owners of endowments stand: they come first."""
    return slice(0, int(np.count_nonzero(rows.kind == ENDOWMENT)))


def price_ahead(view: View) -> Floats:
    """(k,) changes of owners' log prices for an announced change of their flow.

    In the week in which a price has to be posted to be heard when the flow changes, it goes to
    where buyers who spend a constant sum would buy the new flow.
    """
    own, coming = find_owners(view.rows), view.coming.row
    due = np.maximum(coming["week"][own] - np.ceil(1.0 + view.delay), 0.0)
    return np.where(due == view.t, -np.log(coming["supply"][own]), 0.0)


def believe_answer(answer: Response, noise: Floats, prior: Floats | float, doubt: float) -> Floats:
    """(k,) elasticities of orders as sellers believe in them: see `Response.elasticity`."""
    return np.clip(answer.elasticity(noise, prior, doubt), LEAST_STEEP, STEEP)


@final
@dataclass(frozen=True, eq=False)
class OwnersMemory:
    """What k owners of endowments remember of their buyers.

    heard  : (k,) newest log orders
    noise  : (k,) mean square of weekly changes of log orders
    answer : how orders answered own prices
    """

    heard: Floats
    noise: Floats
    answer: Response

    @staticmethod
    def start(view: View) -> "OwnersMemory":
        """The orders last met; no price was moved yet."""
        heard = _log_orders(view)
        return OwnersMemory(heard, np.full(len(heard), 2.0 * UNHEARD**2), Response.none(len(heard)))

    @staticmethod
    def of(view: View, row: Mapping[str, Floats]) -> "OwnersMemory":
        """What `columns` put into the `row` part of a memory."""
        own = find_owners(view.rows)
        heard, noise, *answer = (row[name][own] for name in COLUMNS)
        return OwnersMemory(heard, noise, Response(*answer))

    def columns(self, n: int) -> dict[str, Floats]:
        """The memory as columns (n,), with 0 for the rows that own no endowment."""
        answer = self.answer
        kept = (self.heard, self.noise, answer.moved, answer.square, answer.cross)
        return {name: _pad(column, n) for name, column in zip(COLUMNS, kept, strict=True)}

    def learn(self, view: View) -> "OwnersMemory":
        """With the newest orders."""
        heard = _log_orders(view)
        change = heard - self.heard
        noise = self.noise + FORGET * (change**2 - self.noise)
        return OwnersMemory(heard, noise, self.answer.seen(change, FORGET))

    def move_prices(self, view: View, speed: float, taut: float) -> Floats:
        """(k,) changes of the owners' log prices."""
        own = find_owners(view.rows)
        excess = find_excess(view.seen.row["orders"][own], view.facts.row["supply"][own], taut)
        steep = believe_answer(self.answer, self.noise, 1.0, DOUBT)
        return np.asarray(speed * slow_down(view.delay) * excess / steep)

    def post(self, move: Floats) -> "OwnersMemory":
        """After log prices have moved by `move` (k,)."""
        return OwnersMemory(self.heard, self.noise, self.answer.posted(move, ANSWER))


COLUMNS = ("owner heard", "owner noise", "answer moved", "answer square", "answer cross")
"""Columns in which owners remember."""


def _log_orders(view: View) -> Floats:
    """(k,) log orders that owners met last week."""
    orders = view.seen.row["orders"][find_owners(view.rows)]
    return np.log(np.maximum(orders, LEAST))


def _pad(column: Floats, n: int) -> Floats:
    """A column (n,) that begins with `column` (k,); 0 after it."""
    padded = np.zeros(n)
    padded[: len(column)] = column
    return padded
