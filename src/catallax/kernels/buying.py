"""What rows that choose for themselves buy and use, and how they take what they are told.

first, stop : rows to do
"""

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.kernels.ces import batch_end, given_costs, room
from catallax.kernels.elementary import exp, log
from catallax.kernels.jit import Flags, In, Index, Out, kernel
from catallax.kernels.links import Nests, links_of
from catallax.kernels.spending import ces_shares
from catallax.kernels.switch import operation
from catallax.kernels.threads import over


def _shop_plainly(
    nests: Nests,
    share: Floats,
    norm: Floats,
    kept: Floats,
    sigma: Floats,
    eps: Floats,
    price: Floats,
) -> tuple[Floats, Floats]:
    log_q = np.log(price * norm / (share * kept))
    return ces_shares(nests, share, sigma, eps, log_q)[1:]


@kernel
def shopping(
    row_first: Index,
    good_first: Index,
    share: In,
    norm: In,
    kept: In,
    sigma: In,
    eps: In,
    price: In,
    log_row: Out,
    part: Out,
    first: int,
    stop: int,
) -> None:
    """Log unit costs of rows and each link's share in its row's spending at links' prices."""
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, who = np.empty((7, size)), np.empty((2, size), np.uint64)
    log_q, log_good = np.empty(size), np.empty(size)
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        for j in range(l1 - l0):
            log_q[j] = log(price[l0 + j] * norm[l0 + j] / (share[l0 + j] * kept[l0 + j]))
        given_costs(
            row_first,
            good_first,
            share[l0:l1],
            log_q,
            sigma,
            eps,
            row,
            end,
            work,
            who,
            log_good,
            log_row[row:end],
            part[l0:l1],
        )
        row = end


@operation(_shop_plainly)
def shop(
    nests: Nests,
    share: Floats,
    norm: Floats,
    kept: Floats,
    sigma: Floats,
    eps: Floats,
    price: Floats,
) -> tuple[Floats, Floats]:
    """Log unit costs of rows (n,) and each link's share in its row's spending (m,).

    share, norm, kept : (m,) of recipes or tastes; sigma, eps : (n,) their elasticities
    price             : (m,) what the buyer pays for a unit shipped
    """
    cost, part = np.empty(nests.n), np.empty(nests.m)
    given = *nests.csr, share, norm, kept, sigma, eps, price, cost, part
    over(nests.n, 2 * nests.m, lambda a, b: shopping(*given, a, b))
    return cost, part


def _mix_plainly(
    nests: Nests,
    plants: slice,
    part: Floats,
    kept: Floats,
    price: Floats,
    held: Floats,
    perishable: Bools,
    spend: Floats,
    a: float,
    cover: float,
    ask: Floats,
    use: Floats,
) -> None:
    at = links_of(nests, plants)
    wanted = part[at] * spend[nests.row_of[at]] / price[at] * kept[at]
    use[at] = np.minimum(wanted, held[at])
    again = np.maximum(wanted + a * (cover * wanted - (held[at] - use[at])), 0.0)
    ask[at] = np.where(perishable[at], wanted, again) / kept[at]


@kernel
def mixes(
    row_first: Index,
    good_first: Index,
    part: In,
    kept: In,
    price: In,
    held: In,
    perishable: Flags,
    spend: In,
    a: float,
    cover: float,
    ask: Out,
    use: Out,
    first: int,
    stop: int,
) -> None:
    """Asks and uses of plants that `spend` (n,) on their inputs, `part` of it on each link."""
    for i in range(np.uint64(first), np.uint64(stop)):
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            bought = part[j] * spend[i] / price[j]
            wanted = bought * kept[j]
            use[j] = min(wanted, held[j])
            again = wanted + a * (cover * wanted - (held[j] - use[j]))
            ask[j] = bought if perishable[j] else max(again, 0.0) / kept[j]


@operation(_mix_plainly)
def mix(
    nests: Nests,
    plants: slice,
    part: Floats,
    kept: Floats,
    price: Floats,
    held: Floats,
    perishable: Bools,
    spend: Floats,
    a: float,
    cover: float,
    ask: Floats,
    use: Floats,
) -> None:
    """Write asks and uses (m,) of plants that `spend` (n,) on inputs, `part` (m,) on each link.

    plants   : rows that are plants
    a, cover : share of a gap in its stocks that a plant closes; stocks wanted, in weeks of use
    """
    first, given = plants.start, (part, kept, price, held, perishable, spend, a, cover)
    over(
        plants.stop - first,
        2 * nests.m,
        lambda a, b: mixes(*nests.csr, *given, ask, use, first + a, first + b),
    )


def _spend_all_plainly(
    nests: Nests, homes: slice, part: Floats, price: Floats, cash: Floats, ask: Floats
) -> None:
    at = links_of(nests, homes)
    ask[at] = part[at] * cash[nests.row_of[at]] / price[at]


@kernel
def shops(
    row_first: Index,
    good_first: Index,
    part: In,
    price: In,
    spend: In,
    ask: Out,
    first: int,
    stop: int,
) -> None:
    """What final users ask for with all that they `spend` (n,)."""
    for i in range(np.uint64(first), np.uint64(stop)):
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            ask[j] = part[j] * spend[i] / price[j]


@operation(_spend_all_plainly)
def spend_all(
    nests: Nests, homes: slice, part: Floats, price: Floats, cash: Floats, ask: Floats
) -> None:
    """Write what final users ask for (m,) with all their `cash` (n,), `part` (m,) on each link."""
    first = homes.start
    over(
        homes.stop - first,
        2 * nests.m,
        lambda a, b: shops(*nests.csr, part, price, cash, ask, first + a, first + b),
    )


def _heed_plainly(
    told: Floats, age: Floats, before: Floats, obeyed: Floats, limit: float, weight: float
) -> Floats:
    fresh = np.isfinite(age) & (age <= before)
    both = (told > 0) & (obeyed > 0)
    gap = np.log(np.where(both, told, 1.0) / np.where(both, obeyed, 1.0))
    news = np.isinf(before) | ~both | (np.abs(gap) > limit)
    mixed = obeyed * np.exp(weight * gap)
    return np.where(fresh, np.where(news | (weight == 1.0), told, mixed), obeyed)


@kernel
def fresh(age: In, before: In, count: Out) -> None:
    """How many numbers were told since they were looked at, to count[0]."""
    total = np.int64(0)
    for j in range(np.uint64(len(age))):
        total += np.int64((age[j] <= before[j]) & (age[j] < np.inf))
    count[0] = total


@kernel
def heeds(
    told: In,
    age: In,
    before: In,
    obeyed: In,
    limit: float,
    weight: float,
    out: Out,
    first: int,
    stop: int,
) -> None:
    """What is obeyed of numbers `first` to `stop` - 1 of what is `told`.

    limit  : logs beyond which a number is taken for a new one
    weight : of a new number that is not
    """
    for j in range(np.uint64(first), np.uint64(stop)):
        both = told[j] > 0.0 and obeyed[j] > 0.0
        gap = log(told[j] / obeyed[j] if both else 1.0)
        news = before[j] == np.inf or not both or abs(gap) > limit or weight == 1.0
        mixed = told[j] if news else obeyed[j] * exp(weight * gap)
        out[j] = mixed if age[j] <= before[j] and age[j] < np.inf else obeyed[j]


@operation(_heed_plainly)
def heed(
    told: Floats, age: Floats, before: Floats, obeyed: Floats, limit: float, weight: float
) -> Floats:
    """What is obeyed (k,): what was `told`, averaged in logs with what was obeyed before.

    age, before : (k,) ages of what is told, and those when it was last looked at
    limit       : logs beyond which a number is taken for a new one, and counts in full
    weight      : of a new number that is not
    """
    out, count = np.empty_like(obeyed), np.empty(1)
    fresh(age, before, count)
    if not count[0]:
        return obeyed
    over(
        len(out),
        len(out),
        lambda a, b: heeds(told, age, before, obeyed, limit, weight, out, a, b),
    )
    return out
