"""A week's dealings, link by link; what is worked out stands in `economy.plain`."""

import numpy as np

from catallax.kernels.ces import batch_end, batch_quantities, room
from catallax.kernels.jit import Flags, In, Index, Out, kernel

WIDE = 8  # sums kept side by side for each seller: one line of the cache
IDLE, LOST, STORED, FINAL, SHIPPED = range(5)


@kernel
def faults(
    ask: In,
    use: In,
    held: In,
    flow: In,
    perishable: Flags,
    largest: float,
    slack: float,
    found: Out,
    first: int,
    stop: int,
) -> None:
    """How many links `first` to `stop` - 1 ask or use what they may not, added to found[0].

    use : (m,), or (0,) where all that is held is used
    """
    wrong = 0
    for j in range(first, stop):
        wrong += not (0.0 <= ask[j] <= largest)
    if len(use) > 0:
        for j in range(first, stop):
            over = use[j] > held[j] * (1.0 + slack) + slack * flow[j]
            wrong += (not (0.0 <= use[j] <= largest)) or (over and not perishable[j])
    found[0] += wrong


@kernel
def asked(
    row_first: Index,
    good_first: Index,
    seller: Index,
    ask: In,
    price: In,
    tariff: In,
    purse: In,
    asked: Out,
    orders: Out,
    first: int,
    stop: int,
) -> None:
    """Asks of rows `first` to `stop` - 1 cut to what their purses can pay, and sellers' orders.

    purse : (n,) money to spend, infinite for those who need none; orders : (S,) sums by seller
    """
    orders[:] = 0.0
    for i in range(np.uint64(first), np.uint64(stop)):
        l0, l1 = good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]
        factor = 1.0
        if purse[i] < np.inf:
            bill = 0.0
            for j in range(l0, l1):
                bill += ask[j] * (price[seller[j]] * (1.0 + tariff[j]))
            factor = min(1.0, purse[i] / bill) if bill > 0.0 else min(1.0, purse[i])
        for j in range(l0, l1):
            asked[j] = ask[j] * factor
        for j in range(l0, l1):
            orders[seller[j]] += asked[j]


@kernel
def dealt(
    row_first: Index,
    good_first: Index,
    seller: Index,
    perishable: Flags,
    late: Flags,
    share: In,
    norm: In,
    sigma: In,
    eps: In,
    asked: In,
    fill: In,
    rationed: bool,
    survival: In,
    kept: In,
    tariff: In,
    price: In,
    use: In,
    held: In,
    left: In,
    household: int,
    shipped: Out,
    used: Out,
    next_held: Out,
    composite: Out,
    paid: Out,
    duty: Out,
    sums: Out,
    first: int,
    stop: int,
) -> None:
    """What rows `first` to `stop` - 1 get, use up, make and keep.

    late      : (m,) whether goods are on the way for more than a week, or (0,): none are
    fill, left, price : (S,) of each seller: share of orders filled, of stocks that stay good, price
    rationed  : whether shipments follow from `fill`; else they stand in `shipped`
    use       : (m,), or (0,) where all that is held is used
    household : first row of final users
    sums      : (WIDE S,) by seller: idle stocks of buyers, losses on the way, buyers' stocks
                when the week ends, use by final users, shipments
    """
    sums[:] = 0.0
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, ratio = np.empty((6, size)), np.empty(size)
    some, all_used = len(late) > 0, len(use) == 0
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        if rationed:
            for j in range(l0, l1):
                shipped[j] = asked[j] * fill[seller[j]]
        for j in range(l0, l1):
            sent, there = shipped[j] * survival[j], held[j]
            wanted = there if all_used else min(use[j], there)
            here = sent if perishable[j] else wanted
            idle = 0.0 if perishable[j] else max(there - here, 0.0)
            slow = perishable[j] or (some and late[j])
            used[j] = here
            ratio[j - l0] = here / norm[j]
            next_held[j] = idle * left[seller[j]] + (0.0 if slow else sent)
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
            composite[row:end],
        )
        for i in range(row, end):
            bill, extra = 0.0, 0.0
            for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                s, value = seller[j], shipped[j] * price[seller[j]]
                at = s * np.uint64(WIDE)
                bill += value
                extra += value * tariff[j]
                sums[at] += 0.0 if perishable[j] else max(held[j] - used[j], 0.0)
                sums[at + np.uint64(LOST)] += shipped[j] * (1.0 - survival[j])
                sums[at + np.uint64(STORED)] += next_held[j]
                sums[at + np.uint64(FINAL)] += used[j] / kept[j] if i >= household else 0.0
                sums[at + np.uint64(SHIPPED)] += shipped[j]
            paid[i], duty[i] = bill + extra, extra
        row = end
