"""Costs of two CES nests, a batch of rows at a time: what the kernels that need them are made of.

The formulas are those of `kernels.spending`. Rows are taken in batches that fit the nearest cache,
and each step of a batch is one plain loop: sums run in one order inside a nest, exponentials run
over all of a batch at once. So a row alone has the same bits as among others.

row_first  : (n + 1,) first nest of each row; good_first: (G + 1,) first link of each nest
first, stop: rows to do

Indices are unsigned: Numba then need not ask whether one counts from the end.
"""

from typing import Any

import numpy as np

from catallax.kernels.elementary import both, expm1, log1p
from catallax.kernels.jit import Index, Room, called, inline

BATCH = 1024  # links worked on at a time; a row with more is a batch of its own


@inline
def batch_end(row_first: Index, good_first: Index, row: Any, stop: Any) -> Any:
    """The row after the last one of the batch that begins with `row`."""
    top, most = good_first[row_first[row]] + np.uint64(BATCH), row + np.uint64(BATCH)
    end = row + np.uint64(1)
    while end < min(stop, most) and good_first[row_first[end + np.uint64(1)]] <= top:
        end += np.uint64(1)
    return end


@inline
def room(row_first: Index, good_first: Index, first: Any, stop: Any) -> Any:
    """The most links of a batch."""
    most = np.uint64(BATCH)
    for row in range(first, stop):
        most = max(most, good_first[row_first[row + np.uint64(1)]] - good_first[row_first[row]])
    return most


@inline
def dot(a: Room, b: Room, at: Any, bt: Any, size: Any) -> float:
    """Sum over `size` entries of a, from `at` on, times b, from `bt` on, in four lanes."""
    s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
    whole = size // np.uint64(4) * np.uint64(4)
    for k in range(np.uint64(0), whole, np.uint64(4)):
        s0 += a[at + k] * b[bt + k]
        s1 += a[at + k + np.uint64(1)] * b[bt + k + np.uint64(1)]
        s2 += a[at + k + np.uint64(2)] * b[bt + k + np.uint64(2)]
        s3 += a[at + k + np.uint64(3)] * b[bt + k + np.uint64(3)]
    for k in range(whole, size):
        s0 += a[at + k] * b[bt + k]
    return float((s0 + s1) + (s2 + s3))


@called
def row_costs(
    a: Room, q: Room, first: Index, one: Room, bend: Room, cost: Room, low: Room, sums: Room
) -> None:
    """Log costs of a batch of nests, and to `bend` the share of each entry in its nest's cost.

    a, q  : (e,) shares, which sum to 1 in a nest, and log prices of entries
    first : (k + 1,) first entry of each nest, counted from anywhere
    one   : (k,) 1 - elasticity of each nest
    low, sums : room for (e,) and (k,) numbers
    """
    at, count = first[0], np.uint64(len(first) - 1)
    for i in range(count):
        lo, hi = first[i] - at, first[i + np.uint64(1)] - at
        cost[i] = mean = dot(a, q, lo, lo, hi - lo)
        for j in range(lo, hi):
            bend[j] = one[i] * (q[j] - mean)
    for j in range(first[count] - at):
        bend[j], low[j] = both(bend[j])
    for i in range(count):
        lo, hi = first[i] - at, first[i + np.uint64(1)] - at
        sums[i] = max(dot(a, low, lo, lo, hi - lo), 0.0)  # Jensen: about the mean
    for i in range(count):
        cost[i] += log1p(sums[i]) / (one[i] if one[i] != 0.0 else 1.0)
        sums[i] = 1.0 / (1.0 + sums[i])
    for i in range(count):
        for j in range(first[i] - at, first[i + np.uint64(1)] - at):
            bend[j] = a[j] * bend[j] * sums[i]


@inline
def weights(share: Room, first: Index, inner: Room, weight: Room) -> None:
    """Of a batch of nests: the sum of each one's shares, and each entry's share in that.

    share, inner : (e,); weight: (k,)
    """
    at, count = first[0], np.uint64(len(first) - 1)
    for i in range(count):
        lo, hi = first[i] - at, first[i + np.uint64(1)] - at
        total = share[lo]
        for j in range(lo + np.uint64(1), hi):
            total += share[j]
        weight[i] = total
        for j in range(lo, hi):
            inner[j] = share[j] / total


@called
def good_costs(
    inner: Room,
    q: Room,
    first: Index,
    one: Room,
    part: Room,
    cost: Room,
    power: Room,
    low: Room,
    sums: Room,
    two: Any,
    more: Any,
) -> None:
    """Log costs of goods, and to `part` the share of each supplier in its good's cost.

    Nests of one need no exponential, those of two one; most are such.
    inner  : (e,) shares, which sum to 1 in a nest
    power, low, sums, two, more : room for (e,) numbers
    """
    at, count, step = first[0], np.uint64(len(first) - 1), np.uint64(1)
    twos, mores = np.uint64(0), np.uint64(0)
    for i in range(count):
        lo = first[i] - at
        size = first[i + step] - at - lo
        cost[i], part[lo], two[twos], more[mores] = q[lo], 1.0, i, i
        twos += np.uint64(size == np.uint64(2))
        mores += np.uint64(size > np.uint64(2))
    _pairs(inner, q, first, one, part, cost, power, low, sums, two, twos)
    if mores > np.uint64(0):
        _many(inner, q, first, one, part, cost, power, low, sums, more, mores)


@inline
def _pairs(
    inner: Room,
    q: Room,
    first: Index,
    one: Room,
    part: Room,
    cost: Room,
    power: Room,
    low: Room,
    sums: Room,
    two: Any,
    twos: Any,
) -> None:
    """Nests of two: about the entry whose term is the smaller the sum is never below 0."""
    at, step = first[0], np.uint64(1)
    for k in range(twos):
        lo = first[two[k]] - at
        power[k] = one[two[k]] * (q[lo + step] - q[lo])
    for k in range(twos):
        low[k] = expm1(abs(power[k]))
    for k in range(twos):
        lo = first[two[k]] - at
        sums[k] = low[k] * (inner[lo + step] if power[k] > 0.0 else inner[lo])
    for k in range(twos):
        grown = log1p(sums[k]) + 1e-300  # of either sign it says which entry was the smaller
        sums[k] = 1.0 / (1.0 + sums[k])
        low[k] = (1.0 + low[k]) * sums[k]
        power[k] = grown if power[k] > 0.0 else -grown
    for k in range(twos):
        i = two[k]
        lo, up = first[i] - at, power[k] > 0.0
        hi = lo + step
        part[lo] = inner[lo] * (sums[k] if up else low[k])
        part[hi] = inner[hi] * (low[k] if up else sums[k])
        if one[i] == 0.0:
            cost[i] = inner[lo] * q[lo] + inner[hi] * q[hi]
        else:
            cost[i] = (q[lo] if up else q[hi]) + abs(power[k]) / one[i]


@inline
def _many(
    inner: Room,
    q: Room,
    first: Index,
    one: Room,
    part: Room,
    cost: Room,
    power: Room,
    low: Room,
    sums: Room,
    more: Any,
    mores: Any,
) -> None:
    """Nests of more: about their mean the sum is never below 0 (Jensen)."""
    at, many = first[0], np.uint64(0)
    for k in range(mores):
        i, mean = more[k], 0.0
        for j in range(first[i] - at, first[i + np.uint64(1)] - at):
            mean += inner[j] * q[j]
        for j in range(first[i] - at, first[i + np.uint64(1)] - at):
            power[many] = one[i] * (q[j] - mean)
            many += np.uint64(1)
        cost[i] = mean
    for j in range(many):
        power[j], low[j] = both(power[j])
    many = np.uint64(0)
    for k in range(mores):
        total = 0.0
        for j in range(first[more[k]] - at, first[more[k] + np.uint64(1)] - at):
            total += inner[j] * low[many]
            many += np.uint64(1)
        sums[k] = max(total, 0.0)
    many = np.uint64(0)
    for k in range(mores):
        i, scale = more[k], 1.0 / (1.0 + sums[k])
        cost[i] += log1p(sums[k]) / (one[i] if one[i] != 0.0 else 1.0)
        for j in range(first[i] - at, first[i + np.uint64(1)] - at):
            part[j] = inner[j] * power[many] * scale
            many += np.uint64(1)


@inline
def batch_costs(
    row_first: Index,
    good_first: Index,
    inner: Room,
    weight: Room,
    log_q: Room,
    sigma: Room,
    eps: Room,
    row: Any,
    end: Any,
    room: Any,
    who: Any,
    log_good: Room,
    log_row: Room,
    part: Room,
) -> None:
    """Log costs of the goods and rows of a batch, and to `part` each link's share in its good's.

    Each good's share in its row's spending is left in room[2].
    inner, weight, log_q, log_good, log_row, part : of the batch; sigma, eps : of all rows
    room, who : (5, links) and (2, links) numbers
    """
    one, power, bend, low, sums = room[0], room[1], room[2], room[3], room[4]
    g0 = row_first[row]
    nests = good_first[g0 : row_first[end] + np.uint64(1)]
    for i in range(row, end):
        for g in range(row_first[i] - g0, row_first[i + np.uint64(1)] - g0):
            one[g] = 1.0 - eps[i]
    good_costs(inner, log_q, nests, one, part, log_good, power, low, sums, who[0], who[1])
    for i in range(row, end):
        one[i - row] = 1.0 - sigma[i]
    first = row_first[row : end + np.uint64(1)]
    row_costs(weight, log_good, first, one, bend, log_row, low, sums)


@inline
def given_costs(
    row_first: Index,
    good_first: Index,
    share: Room,
    log_q: Room,
    sigma: Room,
    eps: Room,
    row: Any,
    end: Any,
    room: Any,
    who: Any,
    log_good: Room,
    log_row: Room,
    part: Room,
) -> None:
    """The same from `share` (links,) of any sum in a good; `part` is in the row's spending.

    room : (7, links)
    """
    inner, weight, bend = room[5], room[6], room[2]
    nests = good_first[row_first[row] : row_first[end] + np.uint64(1)]
    if nests[len(nests) - 1] - nests[0] == np.uint64(len(nests) - 1):
        # One supplier of each good: the lower nests have nothing to do.
        for i in range(row, end):
            room[0][i - row] = 1.0 - sigma[i]
        for j in range(len(log_q)):
            log_good[j] = log_q[j]
        first = row_first[row : end + np.uint64(1)]
        row_costs(share, log_q, first, room[0], part, log_row, room[3], room[4])
        return
    weights(share, nests, inner, weight)
    batch_costs(
        row_first, good_first, inner, weight, log_q, sigma, eps, row, end, room, who,
        log_good, log_row, part,
    )  # fmt: skip
    for g in range(np.uint64(len(nests) - 1)):
        for j in range(nests[g] - nests[0], nests[g + np.uint64(1)] - nests[0]):
            part[j] *= bend[g]
