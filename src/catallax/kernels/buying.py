"""What rows that choose for themselves buy and use, and how they take what they are told.

What is worked out stands in `mechanisms.buying` and `mechanisms.planned`.

first, stop : rows to do
"""

import numpy as np

from catallax.kernels.ces import batch_end, given_costs, room
from catallax.kernels.elementary import exp, log
from catallax.kernels.jit import Flags, In, Index, Out, kernel


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


@kernel
def fresh(age: In, before: In, count: Out) -> None:
    """How many numbers were told since they were looked at, to count[0]."""
    total = np.int64(0)
    for j in range(np.uint64(len(age))):
        total += np.int64((age[j] <= before[j]) & (age[j] < np.inf))
    count[0] = total


@kernel
def heed(
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
