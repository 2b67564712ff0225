"""A week's dealings, link by link; what `dealt` works out is written in `economy.rationing`."""

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.kernels.ces import batch_end, room
from catallax.kernels.composites import batch_quantities
from catallax.kernels.jit import Flags, In, Index, Out, Room, Sellers, called, kernel
from catallax.kernels.links import TradeLinks
from catallax.kernels.sums import sum_by_row, sum_by_seller
from catallax.kernels.switch import operation
from catallax.kernels.threads import over, summed


def _any_fault_plainly(
    ask: Floats, use: Floats, held: Floats, perishable: Bools, largest: float, slack: float
) -> bool:
    if not np.all((ask >= 0) & (ask <= largest)):
        return True
    most = np.where(perishable, largest, held * (1.0 + slack))
    return bool(len(use) and not np.all((use >= 0) & (use <= most)))


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


@operation(_any_fault_plainly)
def any_fault(
    ask: Floats, use: Floats, held: Floats, perishable: Bools, largest: float, slack: float
) -> bool:
    """Whether any link may ask or use what it may not: a quick look before the search for it.

    use   : (m,), or (0,) where all that is held is used
    slack : share of what is held by which a use may exceed it
    """
    found = np.zeros(1)

    def work(first: int, stop: int) -> None:
        wrong = np.zeros(1)
        faults(ask, use, held, perishable, largest, slack, wrong, first, stop)
        if wrong[0]:
            found[0] = 1.0

    over(len(ask), len(ask), work)
    return bool(found[0])


def _cut_asks_plainly(
    links: TradeLinks, ask: Floats, price: Floats, tariff: Floats, purse: Floats, largest: float
) -> tuple[Floats, Floats, int, int]:
    wrong = np.count_nonzero(~((ask >= 0) & (ask <= largest)))
    paid = price[links.seller] * (1.0 + tariff) if len(tariff) else price[links.seller]
    with np.errstate(invalid="ignore", over="ignore"):  # of asks that are wrong
        bill = sum_by_row(links.rows, ask * paid)
        cut = np.minimum(1.0, purse / np.where(bill > 0, bill, 1.0))
        orders = sum_by_seller(links, ask * cut[links.buyer])
    return cut, orders, int(wrong), int(np.count_nonzero(ask > 0))


@called
def _counted(ask: Room, largest: float) -> tuple[int, int]:
    """How many asks are no number from 0 to `largest`, and how many are above 0."""
    wrong = some = 0
    for j in range(len(ask)):
        wrong += not ((ask[j] >= 0.0) & (ask[j] <= largest))
        some += ask[j] > 0.0
    return wrong, some


@kernel
def asked(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    ask: In,
    price: In,
    tariff: In,
    purse: In,
    largest: float,
    cut: Out,
    orders: Out,
    found: Out,
    first: int,
    stop: int,
) -> None:
    """The share of their asks that rows `first` to `stop` - 1 can pay, and sellers' orders.

    tariff : (m,), or (0,): none
    purse  : (n,) money to spend, infinite for those who need none
    orders : (S,) by seller, added to
    found  : (2,) added to: asks that are no number from 0 to `largest`, and asks above 0
    """
    taxed, begin, end = len(tariff) > 0, np.uint64(first), np.uint64(stop)
    for i in range(begin, end):
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
    wrong, some = _counted(ask[good_first[row_first[begin]] : good_first[row_first[end]]], largest)
    found[0] += wrong
    found[1] += some


@operation(_cut_asks_plainly)
def cut_asks(
    links: TradeLinks, ask: Floats, price: Floats, tariff: Floats, purse: Floats, largest: float
) -> tuple[Floats, Floats, int, int]:
    """The share (n,) of their asks (m,) that rows can pay, and the orders (n,) that sellers meet.

    price  : (n,) of sellers; tariff : (m,) duty on it, or (0,): none
    purse  : (n,) money to spend, infinite for those who need none

    Also how many asks are no number from 0 to `largest`, and how many are above 0. Where any is
    wrong, nothing else means anything.
    """
    cut = np.empty(links.n)
    found: list[Floats] = []

    def work(orders: Floats, first: int, stop: int) -> None:
        mine = np.zeros(2)
        asked(
            *links.rows.csr, links.sold_by, ask, price, tariff, purse, largest, cut, orders, mine,
            first, stop,
        )  # fmt: skip
        found.append(mine)

    orders = links.of_sellers(summed(links.blocks, links.sellers.stop, work))
    wrong, some = np.sum(found, axis=0)
    return cut, orders, int(wrong), int(some)


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
    largest: float,
    slack: float,
    next_held: Out,
    composite: Out,
    paid: Out,
    duty: Out,
    sums: Out,
    found: Out,
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
    found    : (1,) added to: uses that may be out of place, as `faults` has it
    """
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, ratio, kept = np.empty((13, size)), np.empty(size), np.empty(size)
    which = np.empty((3, size + np.uint64(1)), np.uint64)
    sent = np.empty(size)
    rationed, lossy, taxed = len(shipped) == 0, len(survival) > 0, len(tariff) > 0
    some, all_used, one, two = len(late) > 0, len(use) == 0, np.uint64(1), np.uint64(2)
    wrong = 0
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        for i in range(row, end):
            bill = 0.0
            if rationed:
                for j in range(good_first[row_first[i]], good_first[row_first[i + one]]):
                    at = two * seller[j]
                    goods = ask[j] * cut[i] * terms[at]
                    sent[j - l0] = goods
                    bill += goods * terms[at + one]
            else:
                for j in range(good_first[row_first[i]], good_first[row_first[i + one]]):
                    sent[j - l0] = shipped[j]
                    bill += shipped[j] * terms[two * seller[j] + one]
            paid[i], duty[i] = bill, 0.0
        if taxed:
            for i in range(row, end):
                extra = 0.0
                for j in range(good_first[row_first[i]], good_first[row_first[i + one]]):
                    extra += sent[j - l0] * terms[two * seller[j] + one] * tariff[j]
                paid[i], duty[i] = paid[i] + extra, extra
        if lossy:
            for i in range(l0, l1):
                sums[two * seller[i] + one] += sent[i - l0] * (1.0 - survival[i])
            for j in range(l0, l1):
                sent[j - l0] *= survival[j]
        # Short loops over few arrays: over many, they would not be vectorised.
        fresh = 0
        for j in range(l0, l1):
            fresh += perishable[j]
        for j in range(l0, l1):
            ratio[j - l0] = held[j]
        if not all_used:
            for j in range(l0, l1):
                most = largest if fresh and perishable[j] else held[j] * (1.0 + slack)
                wrong += not (use[j] >= 0.0 and use[j] <= most)
            for j in range(l0, l1):
                ratio[j - l0] = min(use[j], held[j])
        idle = 0
        for j in range(l0, l1):
            kept[j - l0] = max(held[j] - ratio[j - l0], 0.0)
            idle += kept[j - l0] > 0.0
        for j in range(l0, l1):
            next_held[j] = sent[j - l0]
        if fresh:
            for j in range(l0, l1):
                ratio[j - l0] = sent[j - l0] if perishable[j] else ratio[j - l0]
            for j in range(l0, l1):
                kept[j - l0] = 0.0 if perishable[j] else kept[j - l0]
                next_held[j] = 0.0 if perishable[j] else next_held[j]
        if some:
            for j in range(l0, l1):
                next_held[j] = 0.0 if late[j] else next_held[j]
        if idle:
            for j in range(l0, l1):
                next_held[j] += kept[j - l0] * left[seller[j]]
                sums[two * seller[j]] += kept[j - l0]
        for j in range(l0, l1):
            ratio[j - l0] /= norm[j]
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
        row = end
    found[0] += wrong
