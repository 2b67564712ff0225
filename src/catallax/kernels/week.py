"""A week's dealings, link by link; what is worked out stands in `economy.plain`."""

import numpy as np

from catallax.kernels.ces import batch_end, batch_quantities, room
from catallax.kernels.jit import Flags, In, Index, Out, Sellers, kernel


@kernel
def faults(
    ask: In,
    use: In,
    held: In,
    perishable: Flags,
    largest: float,
    slack: float,
    found: Out,
    first: int,
    stop: int,
) -> None:
    """How many links `first` to `stop` - 1 may ask or use what they may not, added to found[0].

    use : (m,), or (0,) where all that is held is used
    """
    right = 0
    for j in range(first, stop):
        right += (ask[j] >= 0.0) & (ask[j] <= largest)
    if len(use) > 0:
        for j in range(first, stop):
            most = largest if perishable[j] else held[j] * (1.0 + slack)
            right += (use[j] >= 0.0) & (use[j] <= most)
    else:
        right *= 2
    found[0] += 2 * (stop - first) - right


@kernel
def asked(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    ask: In,
    price: In,
    tariff: In,
    purse: In,
    cut: Out,
    orders: Out,
    first: int,
    stop: int,
) -> None:
    """The share of their asks that rows `first` to `stop` - 1 can pay, and sellers' orders.

    tariff : (m,), or (0,): none
    purse  : (n,) money to spend, infinite for those who need none
    orders : (S,) by seller, added to
    """
    taxed = len(tariff) > 0
    for i in range(np.uint64(first), np.uint64(stop)):
        l0, l1 = good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]
        factor = 1.0
        if purse[i] < np.inf:
            bill = 0.0
            for j in range(l0, l1):
                paid = price[seller[j]]
                bill += ask[j] * (paid * (1.0 + tariff[j]) if taxed else paid)
            factor = min(1.0, purse[i] / bill) if bill > 0.0 else min(1.0, purse[i])
        cut[i] = factor
        for j in range(l0, l1):
            orders[seller[j]] += ask[j] * factor


@kernel
def dealt(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    perishable: Flags,
    late: Flags,
    share: In,
    norm: In,
    sigma: In,
    eps: In,
    ask: In,
    cut: In,
    terms: In,
    shipped: In,
    survival: In,
    tariff: In,
    use: In,
    held: In,
    left: In,
    next_held: Out,
    composite: Out,
    paid: Out,
    duty: Out,
    sums: Out,
    first: int,
    stop: int,
) -> None:
    """What rows `first` to `stop` - 1 get, use up, make and keep.

    late     : (m,) whether goods are on the way for more than a week, or (0,): none are
    shipped  : (m,), or (0,) where it follows from `fill`
    survival : (m,) share that survives dispatch, or (0,): all does; tariff : (m,) or (0,): none
    use      : (m,), or (0,) where all that is held is used
    terms    : (2 S,) of each seller side by side: share of its orders that it fills, price
    left     : (n,) share of each seller's product that stays good
    sums     : (2 S,) by seller, added to: buyers' idle stocks and what was lost on the way
    """
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, ratio, kept = np.empty((12, size)), np.empty(size), np.empty(size)
    which = np.empty((3, size + np.uint64(1)), np.uint64)
    sent, value = np.empty(size), np.empty(size)
    rationed, lossy, taxed = len(shipped) == 0, len(survival) > 0, len(tariff) > 0
    some, all_used = len(late) > 0, len(use) == 0
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        if rationed:
            for i in range(row, end):
                for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                    sent[j - l0] = ask[j] * cut[i]
            for j in range(l0, l1):
                at = np.uint64(2) * seller[j]
                sent[j - l0] *= terms[at]
                value[j - l0] = sent[j - l0] * terms[at + np.uint64(1)]
        else:
            for j in range(l0, l1):
                sent[j - l0] = shipped[j]
                value[j - l0] = sent[j - l0] * terms[np.uint64(2) * seller[j] + np.uint64(1)]
        if lossy:
            for i in range(l0, l1):
                sums[np.uint64(2) * seller[i] + np.uint64(1)] += sent[i - l0] * (1.0 - survival[i])
            for j in range(l0, l1):
                sent[j - l0] *= survival[j]
        # Short loops over few arrays: over many, they would not be vectorised.
        for j in range(l0, l1):
            there = held[j] if all_used else min(use[j], held[j])
            ratio[j - l0] = sent[j - l0] if perishable[j] else there
        idle = 0
        for j in range(l0, l1):
            rest = 0.0 if perishable[j] else max(held[j] - ratio[j - l0], 0.0)
            kept[j - l0] = rest
            idle |= rest > 0.0
        for j in range(l0, l1):
            ratio[j - l0] /= norm[j]
        for j in range(l0, l1):
            next_held[j] = 0.0 if perishable[j] else sent[j - l0]
        if some:
            for j in range(l0, l1):
                next_held[j] = 0.0 if late[j] else next_held[j]
        if idle:
            for j in range(l0, l1):
                next_held[j] += kept[j - l0] * left[seller[j]]
                sums[np.uint64(2) * seller[j]] += kept[j - l0]
        batch_quantities(
            row_first,
            good_first,
            share[l0:l1],
            ratio,
            sigma,
            eps,
            row,
            end,
            work,
            which,
            composite[row:end],
        )
        for i in range(row, end):
            bill, extra = 0.0, 0.0
            for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                bill += value[j - l0]
                extra += value[j - l0] * tariff[j] if taxed else 0.0
            paid[i], duty[i] = bill + extra, extra
        row = end
