"""Who buys from whom when one row becomes many."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats, Ints
from catallax.domains.production.network import HOUSEHOLD, PLANT, Network
from catallax.domains.production.network.rows import counted
from catallax.streams import Streams


@final
@dataclass(frozen=True, eq=False)
class Successors:
    """Each of n rows becomes `count` rows, (n,) >= 1, which stand side by side."""

    count: Ints

    @cached_property
    def first(self) -> Ints:
        """(n,) the first successor of each row."""
        return np.cumsum(self.count) - self.count

    @cached_property
    def parent(self) -> Ints:
        """(N,) the row that each successor was part of."""
        return np.repeat(np.arange(len(self.count)), self.count)

    @cached_property
    def rank(self) -> Ints:
        """(N,) from 1, among the successors of one row."""
        return np.arange(len(self.parent)) - self.first[self.parent] + 1

    @cached_property
    def size(self) -> Floats:
        """(N,) share of each successor in its row, falling as 1/rank (Zipf)."""
        weight = 1.0 / self.rank
        return np.asarray(weight / counted(self.parent, weight, len(self.count))[self.parent])

    def draw(self, row: Ints, u: Floats) -> Ints:
        """A successor of each `row`, by size, from uniforms `u` on (0, 1)."""
        ends = np.cumsum(self.size)  # of row r they lie between r and r + 1
        found = np.searchsorted(ends, row + u, side="right")
        return np.clip(found, self.first[row], self.first[row] + self.count[row] - 1)


@final
@dataclass(frozen=True, eq=False)
class Trade:
    """The links of the split economy, sorted by buyer, good and seller.

    buyer, seller : (M,) successors
    link          : (M,) the link of the whole economy that each is part of
    part          : (M,) share of what the buyer buys on that link, > 0
    """

    buyer: Ints
    seller: Ints
    link: Ints
    part: Floats

    def __add__(self, other: "Trade") -> "Trade":
        """Both, one after the other."""
        return Trade(*(np.concatenate([v, vars(other)[k]]) for k, v in vars(self).items()))


def draw_trade(
    net: Network, flow: Floats, successors: Successors, suppliers: int, streams: Streams
) -> Trade:
    """Who buys what from whom: everybody sells to somebody who, at last, serves a household.

    flow : (m,) base-year shipments of the whole economy
    """
    trade = _merge_pairs(_draw_suppliers(net, successors, suppliers, streams), successors, net)
    idle = np.flatnonzero(~_find_reached(trade, successors, net))
    if idle.size:
        trade = _merge_pairs(
            trade + _draw_customers(trade, successors, net, flow, idle, streams), successors, net
        )
    return trade


def _draw_suppliers(
    net: Network, successors: Successors, suppliers: int, streams: Streams
) -> Trade:
    """First draws, with repetitions."""
    buyer_count, seller_count = successors.count[net.buyer], successors.count[net.seller]
    few = seller_count > 1
    every = few & (buyer_count == 1) & (net.kind[net.buyer] == HOUSEHOLD)
    draws = np.where(few, suppliers, 1)
    draws[every] = seller_count[every]
    pairs = buyer_count * draws
    link = np.repeat(np.arange(net.m), pairs)
    place = np.arange(len(link)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    buyer = successors.first[net.buyer[link]] + place // draws[link]
    u = streams.uniform("disaggregate/suppliers", len(link))
    seller = successors.draw(net.seller[link], u)
    seller[every[link]] = (successors.first[net.seller[link]] + place)[every[link]]
    part = np.where(every[link], successors.size[seller], 1.0 / draws[link])
    return Trade(buyer, _avoid_self(seller, buyer, successors), link, part)


def _avoid_self(seller: Ints, buyer: Ints, successors: Successors) -> Ints:
    """Firms buy from their neighbour what they would buy from themselves."""
    p = successors.parent[seller]
    beside = successors.first[p] + (seller - successors.first[p] + 1) % successors.count[p]
    return np.where(seller == buyer, beside, seller)


def _merge_pairs(trade: Trade, successors: Successors, net: Network) -> Trade:
    """Each pair once, parts of a buyer's link summing to 1."""
    n = len(successors.parent)
    key, first, of = np.unique(
        trade.buyer * n + trade.seller, return_index=True, return_inverse=True
    )
    buyer, seller, link = key // n, key % n, trade.link[first]
    part = counted(of, trade.part, len(key))
    _, group = np.unique(buyer * net.m + link, return_inverse=True)
    part = part / counted(group, part, len(key))[group]
    order = np.lexsort((seller, net.good[link], buyer))
    return Trade(buyer[order], seller[order], link[order], part[order])


def _find_reached(trade: Trade, successors: Successors, net: Network) -> npt.NDArray[np.bool_]:
    """(N,) who sells to a household, or to somebody who does, and so on; all endowments do."""
    reached = np.asarray(net.kind[successors.parent] != PLANT)
    before = -1
    while before != (before := int(reached.sum())):
        reached[trade.seller[reached[trade.buyer]]] = True
    return reached


def _draw_customers(
    trade: Trade, successors: Successors, net: Network, flow: Floats, idle: Ints, streams: Streams
) -> Trade:
    """A customer for each idle firm: one who buys from another firm of its plant, drawn by flow."""
    good = _find_reached(trade, successors, net)[trade.buyer]
    plant = successors.parent[trade.seller]
    at = np.flatnonzero(good & np.isin(plant, successors.parent[idle]))
    at = at[np.argsort(plant[at], kind="stable")]
    worth = flow[trade.link[at]] * trade.part[at] / successors.count[net.buyer[trade.link[at]]]
    ends = np.cumsum(worth)
    low = np.searchsorted(plant[at], successors.parent[idle], side="left")
    high = np.searchsorted(plant[at], successors.parent[idle], side="right")
    below, above = np.where(low > 0, ends[low - 1], 0.0), ends[high - 1]
    u = streams.uniform("disaggregate/customers", len(idle))
    chosen = at[np.clip(np.searchsorted(ends, below + u * (above - below)), low, high - 1)]
    size = successors.size[idle] / successors.size[trade.seller[chosen]]
    return Trade(trade.buyer[chosen], idle, trade.link[chosen], trade.part[chosen] * size)
