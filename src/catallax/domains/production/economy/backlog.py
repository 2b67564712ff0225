"""Orders that wait: with a backlog, what a seller could not ship stays with it as an order.

An ask states the total now wanted on a link, and what is already waiting counts towards it: only
the rest is a new order, and if less is wanted than waits, the newest orders are cancelled first.
A seller ships its oldest orders first, pro rata among those of one age. An endowment keeps no
orders: like the service of a passed week, what it did not ship lapses.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Network
from catallax.domains.production.network.places import LinkFloats, RunFloats

LONGEST = 52  # weeks; orders that waited longer are counted as this old


@final
@dataclass(frozen=True, eq=False)
class FilledOrders:
    """What became of a week's orders, units of each seller's product.

    shipped : (m,) what sellers sent
    waiting : (A, m) orders at the start of next week; row k was placed k + 1 weeks before it,
              row 51 also earlier. A is at most 52 and no more than the oldest order needs.
    aged    : (53, runs) units of goods shipped, all links of a run together, by weeks that they
              had waited
    fresh   : (2, runs) units of new orders, all links of a run together, and those of them shipped
              at once
    """

    shipped: LinkFloats
    waiting: LinkFloats
    aged: RunFloats
    fresh: RunFloats


def fill_orders(net: Network, waiting: Floats, asked: Floats, there: Floats) -> FilledOrders:
    """Orders filled first come, first served.

    waiting : (A, m) as in `FilledOrders`, at the start of this week
    asked   : (m,) units wanted on each link in all, >= 0
    there   : (n,) units that each seller can ship

    With nothing waiting the shipments are those of pro rata rationing, bit for bit.
    """
    queue = np.vstack([np.maximum(asked - waiting.sum(axis=0), 0.0), cancel_newest(waiting, asked)])
    sent = _fill_first_come(net, queue, there)
    goods, links = ~net.rows.perishable, net.places.links
    rest = _cap_ages(np.where(goods, queue - sent, 0.0))
    fresh = np.array([links.sums(queue[0]), links.sums(sent[0])])
    aged = _sum_by_age(net, waiting, sent)
    return FilledOrders(np.minimum(sent.sum(axis=0), asked), rest, aged, fresh)


def _sum_by_age(net: Network, waiting: Floats, sent: Floats) -> RunFloats:
    """(53, runs) units of goods shipped by weeks that they had waited."""
    split = net.places.links.split
    aged = np.zeros((LONGEST + 1, net.places.runs))
    of_runs = zip(split(waiting), split(sent), split(~net.rows.perishable), strict=True)
    for run, (before, mine, goods) in enumerate(of_runs):
        # No more ages than are needed: how numbers are added depends on how many there are.
        ages = 1 + _find_oldest(before)
        aged[:ages, run] = mine[:ages][:, goods].sum(axis=1)
    return aged


def cancel_newest(waiting: Floats, asked: Floats) -> Floats:
    """(A, m) what of the waiting orders is still wanted: the newest are cancelled first."""
    older = np.zeros_like(waiting)
    older[:-1] = np.cumsum(waiting[:0:-1], axis=0)[::-1]
    return np.clip(asked - older, 0.0, waiting)


def _fill_first_come(net: Network, queue: Floats, there: Floats) -> Floats:
    """(A + 1, m) shipments by age of order, the last row's orders first."""
    sent, left = np.zeros_like(queue), there
    for age in range(len(queue) - 1, -1, -1):
        orders = net.orders(queue[age])
        fill = np.minimum(1.0, left / np.where(orders > 0, orders, 1.0))
        sent[age] = queue[age] * fill[net.seller]
        left = np.maximum(left - net.orders(sent[age]), 0.0)
    return sent


def _cap_ages(rest: Floats) -> Floats:
    """`rest` with the oldest ages in one row and without empty rows at the end."""
    if len(rest) > LONGEST:
        rest = np.vstack([rest[: LONGEST - 1], rest[LONGEST - 1 :].sum(axis=0)])
    return rest[: _find_oldest(rest)]


def _find_oldest(waiting: Floats) -> int:
    """Weeks since the oldest of the orders was placed; 0 if there are none."""
    live = np.flatnonzero(waiting.any(axis=1))
    return int(live[-1]) + 1 if live.size else 0
