"""All plans for the weeks of a horizon, as a convex programme.

    maximise    sum_t sum_h w_h log u_ht
    over        what is shipped, used and kept in every week
    such that   shipments come out of stock, use out of what is held, endowments are not stored,
                what is made or arrives is there next week, and what lies idle spoils

CES and y = z K (X/K)^gamma are concave, so the set of plans is convex. It may count on less
stock than physics leave, never on more: goods in excess do no harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Technology
from catallax.domains.production.optimum.conic import (
    CONSTANT,
    ConicProgramme,
    Terms,
    logged,
    nested,
    plus,
    produces,
    scaled,
)
from catallax.domains.production.optimum.horizon import Horizon


@final
@dataclass(frozen=True)
class Stocks:
    """What is there at the start of a week: (n,), (m,) and (L, m) affine expressions."""

    stock: list[Terms]
    held: list[Terms]
    transit: list[list[Terms]]


@final
@dataclass(frozen=True)
class Dealings:
    """What is done in a week: affine expressions, (m,) each."""

    ship: list[Terms]
    use: list[Terms]


@final
class Programme:
    """The model of a horizon; `weeks` (T) and `stocks` (T + 1) say what its columns mean."""

    def __init__(self, horizon: Horizon) -> None:
        self.h, self.net = horizon, horizon.network
        self.model = ConicProgramme()
        self.weeks: list[Dealings] = []
        self.stocks = [_start(horizon)]
        for t in horizon.technologies:
            week, stocks = self._week(t, self.stocks[-1])
            self.weeks.append(week)
            self.stocks.append(stocks)
        if horizon.final is not None:
            self._leave(horizon.final)

    def _week(self, t: Technology, at: Stocks) -> tuple[Dealings, Stocks]:
        ship = [self._free() for _ in range(self.net.m)]
        idle = [{} if p else self._free() for p in self.net.rows.perishable]
        use = [self._used(k, ship[k], at.held[k], idle[k]) for k in range(self.net.m)]
        unsold = [self._unsold(i, t, at.stock[i], ship) for i in range(self.net.sellers.stop)]
        made = self._composites(t, use)
        for w, h in zip(self.h.weight, range(self.net.n)[self.net.households], strict=True):
            if w > 0:
                logged(self.model, float(w), made[h])
        stock = [self._stock(i, t, made, unsold) for i in range(self.net.n)]
        held, transit = self._arrivals(at.transit, ship, idle)
        return Dealings(ship, use), Stocks(stock, held, transit)

    def _free(self) -> Terms:
        """A new quantity >= 0."""
        return self._at_least_zero({self.model.new(1)[0]: 1.0})

    def _at_least_zero(self, terms: Terms) -> Terms:
        self.model.positive(terms)
        return terms

    def _used(self, link: int, ship: Terms, held: Terms, idle: Terms) -> Terms:
        """Endowments are used as they come, goods as far as they are not left idle."""
        if self.net.rows.perishable[link]:
            return scaled(ship, float(self.h.iceberg[link]))
        return self._at_least_zero(plus(held, scaled(idle, -1.0)))

    def _unsold(self, row: int, t: Technology, stock: Terms, ship: Sequence[Terms]) -> Terms:
        there = {CONSTANT: float(t.supply[row])} if row < self.net.plants.start else stock
        sold = plus(*(ship[k] for k in np.flatnonzero(self.net.seller == row).tolist()))
        return self._at_least_zero(plus(there, scaled(sold, -1.0)))

    def _composites(self, t: Technology, use: Sequence[Terms]) -> dict[int, Terms]:
        ratio = [scaled(use[k], 1.0 / float(t.norm[k])) for k in range(self.net.m)]
        rows = self.net.rows
        return {
            int(b): nested(self.model, t, int(b), ratio[rows.links(int(b))]) for b in rows.buyers
        }

    def _stock(
        self, row: int, t: Technology, made: dict[int, Terms], unsold: Sequence[Terms]
    ) -> Terms:
        """Next week's stock: what is still good of what was not sold, and what was made."""
        if not self.net.plants.start <= row < self.net.plants.stop:
            return {}
        stock = self._free()
        old = scaled(unsold[row], 1.0 - float(self.h.decay[row]))
        produces(self.model, t, row, made[row], plus(stock, scaled(old, -1.0)))
        return stock

    def _arrivals(
        self, transit: list[list[Terms]], ship: Sequence[Terms], idle: Sequence[Terms]
    ) -> tuple[list[Terms], list[list[Terms]]]:
        """Next week's inputs at buyers, and the goods then on the way."""
        held, left = [], self.h.left
        moved: list[list[Terms]] = [[{}] * self.net.m for _ in transit]
        for k in range(self.net.m):
            sent = {} if self.net.rows.perishable[k] else scaled(ship[k], float(self.h.iceberg[k]))
            coming = [scaled(slot[k], float(left[k])) for slot in transit] + [{}]
            slot = int(self.h.lead[k])
            coming[slot] = plus(coming[slot], sent)
            held.append(plus(scaled(idle[k], float(left[k])), coming[0]))
            for later, terms in zip(moved, coming[1:], strict=True):
                later[k] = terms
        return held, moved

    def _leave(self, final: Floats) -> None:
        """At the end there is at least `final` of each product, wherever it is."""
        end = self.stocks[-1]
        for row in np.flatnonzero(final > 0):
            links = np.flatnonzero(self.net.seller == row).tolist()
            away = [place[k] for place in (end.held, *end.transit) for k in links]
            self.model.positive(plus(end.stock[row], *away, {CONSTANT: -float(final[row])}))


def _start(h: Horizon) -> Stocks:
    depth = max(len(h.transit), int(h.lead.max(initial=0)))
    transit = np.zeros((depth, h.network.m))
    transit[: len(h.transit)] = h.transit
    return Stocks(_given(h.stock), _given(h.held), [_given(slot) for slot in transit])


def _given(x: Floats) -> list[Terms]:
    return [{CONSTANT: float(v)} for v in x]
