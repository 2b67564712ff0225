"""Two CES nests, row by row: costs, shares in spending, and what quantities make.

The formulas are those of `network.plain`. Rows are taken in batches that fit the nearest cache,
and each step of a batch is one plain loop: sums run left to right inside a nest, exponentials run
over all of a batch at once. So a row alone has the same bits as among others.

row_first  : (n + 1,) first nest of each row; good_first: (G + 1,) first link of each nest
first, stop: rows to do

Indices are unsigned: Numba then need not ask whether one counts from the end.
"""

from typing import Any

import numpy as np

from catallax.kernels.elementary import both, exp, expm1, log, log1p
from catallax.kernels.jit import In, Index, Out, Room, called, inline, kernel

BATCH = 1024  # links worked on at a time; a row with more is a batch of its own


@inline
def batch_end(row_first: Index, good_first: Index, row: Any, stop: Any) -> Any:
    """The row after the last one of the batch that begins with `row`."""
    top = good_first[row_first[row]] + np.uint64(BATCH)
    end = row + np.uint64(1)
    while end < stop and good_first[row_first[end + np.uint64(1)]] <= top:
        end += np.uint64(1)
    return end


@inline
def room(row_first: Index, good_first: Index, first: Any, stop: Any) -> Any:
    """The most links of a batch."""
    most = np.uint64(BATCH)
    for row in range(first, stop):
        most = max(most, good_first[row_first[row + np.uint64(1)]] - good_first[row_first[row]])
    return most


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
        mean = 0.0
        for j in range(lo, hi):
            mean += a[j] * q[j]
        cost[i] = mean
        for j in range(lo, hi):
            bend[j] = one[i] * (q[j] - mean)
    for j in range(first[count] - at):
        bend[j], low[j] = both(bend[j])
    for i in range(count):
        total = 0.0
        for j in range(first[i] - at, first[i + np.uint64(1)] - at):
            total += a[j] * low[j]
        sums[i] = max(total, 0.0)  # about the mean it is never below 0 (Jensen)
    for i in range(count):
        cost[i] += log1p(sums[i]) / (one[i] if one[i] != 0.0 else 1.0)
        sums[i] = 1.0 / (1.0 + sums[i])
    for i in range(count):
        for j in range(first[i] - at, first[i + np.uint64(1)] - at):
            bend[j] = a[j] * bend[j] * sums[i]


@called
def good_costs(
    share: Room,
    q: Room,
    first: Index,
    one: Room,
    weight: Room,
    part: Room,
    cost: Room,
    power: Room,
    low: Room,
    sums: Room,
    grown: Room,
    who: Any,
) -> None:
    """The same for goods: nests of suppliers, most of which have one entry and need no exponential.

    share  : (e,) shares, of any sum; `weight` gets their sum in each nest
    part   : gets the share of each entry in its nest's cost
    power, low, sums, grown, who : room for (e,) numbers
    """
    at, count = first[0], np.uint64(len(first) - 1)
    nest, many = np.uint64(0), np.uint64(0)
    for i in range(count):
        lo = first[i] - at
        weight[i], cost[i], part[lo], who[nest] = share[lo], q[lo], 1.0, i
        nest += np.uint64(first[i + np.uint64(1)] - at - lo != np.uint64(1))
    for k in range(nest):
        i = who[k]
        lo, hi = first[i] - at, first[i + np.uint64(1)] - at
        weight[i] = total = _sum(share, lo, hi)
        if hi - lo == np.uint64(2):
            lo1, many1 = lo + np.uint64(1), many + np.uint64(1)
            part[lo], part[lo1] = share[lo] / total, share[lo1] / total
            cost[i] = mean = part[lo] * q[lo] + part[lo1] * q[lo1]
            power[many], power[many1] = one[i] * (q[lo] - mean), one[i] * (q[lo1] - mean)
            many += np.uint64(2)
            continue
        mean = 0.0
        for j in range(lo, hi):
            part[j] = share[j] / total
            mean += part[j] * q[j]
        for j in range(lo, hi):
            power[many] = one[i] * (q[j] - mean)
            many += np.uint64(1)
        cost[i] = mean
    for j in range(many):
        power[j], low[j] = both(power[j])
    many = np.uint64(0)
    for k in range(nest):
        lo = first[who[k]] - at
        size = first[who[k] + np.uint64(1)] - at - lo
        sums[k] = max(_dot(part, low, lo, many, size), 0.0)
        many += size
    for k in range(nest):
        grown[k], sums[k] = log1p(sums[k]), 1.0 / (1.0 + sums[k])
    many = np.uint64(0)
    for k in range(nest):
        i, scale = who[k], sums[k]
        cost[i] += grown[k] / (one[i] if one[i] != 0.0 else 1.0)
        lo, hi = first[i] - at, first[i + np.uint64(1)] - at
        if hi - lo == np.uint64(2):
            lo1, many1 = lo + np.uint64(1), many + np.uint64(1)
            part[lo] *= power[many] * scale
            part[lo1] *= power[many1] * scale
            many += np.uint64(2)
            continue
        for j in range(lo, hi):
            part[j] *= power[many] * scale
            many += np.uint64(1)


@inline
def _sum(x: Room, lo: Any, hi: Any) -> Any:
    """x[lo] + ... + x[hi - 1]. Nests of two are most of those with several entries: no loop."""
    if hi - lo == np.uint64(2):
        return x[lo] + x[lo + np.uint64(1)]
    total = 0.0
    for j in range(lo, hi):
        total += x[j]
    return total


@inline
def _dot(a: Room, b: Room, at: Any, bt: Any, size: Any) -> Any:
    """Sum over `size` entries of a, from `at` on, times b, from `bt` on."""
    if size == np.uint64(2):
        return a[at] * b[bt] + a[at + np.uint64(1)] * b[bt + np.uint64(1)]
    total = 0.0
    for j in range(size):
        total += a[at + j] * b[bt + j]
    return total


@inline
def batch_costs(
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
    """Log costs of the goods and rows of a batch, and each link's share in its row's spending.

    share, log_q, log_good, log_row, part : of the batch; sigma, eps : of all rows
    room, who : (6, links) and (links,) numbers
    """
    one, power, weight = room[0], room[1], room[2]
    bend, low, sums = room[3], room[4], room[5]
    g0 = row_first[row]
    nests = good_first[g0 : row_first[end] + np.uint64(1)]
    if nests[len(nests) - 1] - nests[0] == np.uint64(len(nests) - 1):
        # One supplier of each good: the lower nests have nothing to do.
        for i in range(row, end):
            one[i - row] = 1.0 - sigma[i]
        for j in range(len(log_q)):
            log_good[j] = log_q[j]
        first = row_first[row : end + np.uint64(1)]
        row_costs(share, log_q, first, one, part, log_row, low, sums)
        return
    for i in range(row, end):
        for g in range(row_first[i] - g0, row_first[i + np.uint64(1)] - g0):
            one[g] = 1.0 - eps[i]
    good_costs(share, log_q, nests, one, weight, part, log_good, power, low, sums, bend, who)
    for i in range(row, end):
        one[i - row] = 1.0 - sigma[i]
    first = row_first[row : end + np.uint64(1)]
    row_costs(weight, log_good, first, one, bend, log_row, low, sums)
    for g in range(np.uint64(len(nests) - 1)):
        for j in range(nests[g] - nests[0], nests[g + np.uint64(1)] - nests[0]):
            part[j] *= bend[g]


@kernel
def costs(
    row_first: Index,
    good_first: Index,
    share: In,
    sigma: In,
    eps: In,
    log_q: In,
    log_good: Out,
    log_row: Out,
    part: Out,
    first: int,
    stop: int,
) -> None:
    """Log costs of goods and rows, and to `part` each link's share in its row's spending."""
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, who = np.empty((6, size)), np.empty(size, np.uint64)
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        g0, g1 = row_first[row], row_first[end]
        l0, l1 = good_first[g0], good_first[g1]
        batch_costs(
            row_first,
            good_first,
            share[l0:l1],
            log_q[l0:l1],
            sigma,
            eps,
            row,
            end,
            work,
            who,
            log_good[g0:g1],
            log_row[row:end],
            part[l0:l1],
        )
        row = end


@called
def nest_quantities(
    a: Room, r: Room, first: Index, s: Room, made: Room, log_r: Room, sums: Room
) -> None:
    """Aggregates of a batch of nests from ratios `r` = x/theta of their entries, to `made`.

    a     : (e,) shares, which sum to 1 in a nest
    s     : (k,) elasticity of each nest; log_r, sums: room for (e,) and (k,) numbers
    """
    at, count = first[0], np.uint64(len(first) - 1)
    for j in range(first[count] - at):
        log_r[j] = log(r[j]) if r[j] > 0.0 else -np.inf
    for i in range(count):
        lo, hi = first[i] - at, first[i + np.uint64(1)] - at
        least, most = np.inf, -np.inf
        for j in range(lo, hi):
            least, most = min(least, log_r[j]), max(most, log_r[j])
        base = least if s[i] < 1.0 else most
        live = -np.inf < base < np.inf
        made[i] = base if live else -np.inf
        rho, mean, base = 1.0 - 1.0 / max(s[i], 1e-300), 0.0, base if live else 0.0
        if rho == 0.0:  # Cobb-Douglas: the mean of logs itself, which expm1 then leaves alone
            for j in range(lo, hi):
                mean += a[j] * (log_r[j] - base)
        for j in range(lo, hi):
            log_r[j] = rho * (log_r[j] - base) if rho != 0.0 else 0.0
        sums[i] = mean
    for j in range(first[count] - at):
        log_r[j] = expm1(log_r[j])
    for i in range(count):
        total = 0.0
        for j in range(first[i] - at, first[i + np.uint64(1)] - at):
            total += a[j] * log_r[j]
        rho = 1.0 - 1.0 / max(s[i], 1e-300)
        rate = 1.0 / rho if rho != 0.0 and s[i] != 0.0 else 0.0  # at s = 0 the least ratio is all
        made[i] += sums[i] + log1p(max(total, -1.0 + 2.0**-53)) * rate
    for i in range(count):
        made[i] = exp(made[i]) if made[i] > -np.inf else 0.0
    for i in range(count):  # what has one entry is that entry, as where lower nests are left out
        lo = first[i] - at
        made[i] = r[lo] if first[i + np.uint64(1)] - at - lo == np.uint64(1) else made[i]


@called
def good_quantities(
    share: Room,
    r: Room,
    first: Index,
    s: Room,
    weight: Room,
    good: Room,
    a: Room,
    made: Room,
    log_r: Room,
    sums: Room,
    who: Any,
    starts: Any,
) -> None:
    """The same for goods: those with several suppliers are taken out and done together.

    share : (e,) shares, of any sum; `weight` gets their sum in each nest, `good` its aggregate
    a, made, log_r, sums, who, starts : room for (e,) numbers, one more in `starts`
    """
    at, count = first[0], np.uint64(len(first) - 1)
    nest, many = np.uint64(0), np.uint64(0)
    for i in range(count):
        lo = first[i] - at
        weight[i], good[i], who[nest] = share[lo], r[lo], i
        nest += np.uint64(first[i + np.uint64(1)] - at - lo != np.uint64(1))
    starts[0] = 0
    for k in range(nest):
        i = who[k]
        lo, hi = first[i] - at, first[i + np.uint64(1)] - at
        weight[i] = total = _sum(share, lo, hi)
        s[k] = s[i]  # k <= i: what is overwritten was taken before
        for j in range(lo, hi):
            a[many], made[many] = share[j] / total, r[j]
            many += np.uint64(1)
        starts[k + np.uint64(1)] = many
    if nest > np.uint64(0):
        ratio = made[:many].copy()
        nest_quantities(a, ratio, starts[: nest + np.uint64(1)], s, made, log_r, sums)
    for k in range(nest):
        good[who[k]] = made[k]


@inline
def batch_quantities(
    row_first: Index,
    good_first: Index,
    share: Room,
    ratio: Room,
    sigma: Room,
    eps: Room,
    row: Any,
    end: Any,
    room: Any,
    which: Any,
    made: Room,
) -> None:
    """Composites of the rows of a batch from ratios x/norm of its links, to `made`.

    share, ratio, made : of the batch; sigma, eps: of all rows
    room, which        : (7, links) and (2, links + 1) numbers
    """
    a, weight, s, good = room[0], room[1], room[2], room[3]
    log_r, sums, made_of = room[4], room[5], room[6]
    who, starts = which[0], which[1]
    g0, l0 = row_first[row], good_first[row_first[row]]
    nests = good_first[g0 : row_first[end] + np.uint64(1)]
    count = np.uint64(len(nests) - 1)
    if nests[count] - l0 == count:  # one supplier of each good
        for i in range(row, end):
            s[i - row] = sigma[i]
        first = row_first[row : end + np.uint64(1)]
        nest_quantities(share, ratio, first, s, made, log_r, sums)
        return
    for i in range(row, end):
        for g in range(row_first[i] - g0, row_first[i + np.uint64(1)] - g0):
            s[g] = eps[i]
    good_quantities(share, ratio, nests, s, weight, good, a, made_of, log_r, sums, who, starts)
    for i in range(row, end):
        s[i - row] = sigma[i]
    nest_quantities(weight, good, row_first[row : end + np.uint64(1)], s, made, log_r, sums)


@kernel
def quantities(
    row_first: Index,
    good_first: Index,
    share: In,
    norm: In,
    sigma: In,
    eps: In,
    x: In,
    made: Out,
    first: int,
    stop: int,
) -> None:
    """The composite of each row that link quantities `x` make, to `made`; 0 without links."""
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, ratio = np.empty((7, size)), np.empty(size)
    which = np.empty((2, size + np.uint64(1)), np.uint64)
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        for j in range(l1 - l0):
            ratio[j] = x[l0 + j] / norm[l0 + j]
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
            made[row:end],
        )
        row = end


@kernel
def ratios(
    row_first: Index,
    good_first: Index,
    sigma: In,
    eps: In,
    log_q: In,
    log_good: In,
    log_row: In,
    ratio: Out,
    first: int,
    stop: int,
) -> None:
    """Cost-minimising x / (norm X) of each link, from the answers of `costs`."""
    for i in range(np.uint64(first), np.uint64(stop)):
        g0, g1 = row_first[i], row_first[i + np.uint64(1)]
        for g in range(g0, g1):
            between = sigma[i] * (log_row[i] - log_good[g])
            for j in range(good_first[g], good_first[g + np.uint64(1)]):
                ratio[j] = between + eps[i] * (log_good[g] - log_q[j])
        for j in range(good_first[g0], good_first[g1]):
            ratio[j] = exp(ratio[j])


@kernel
def tilt(
    row_first: Index,
    good_first: Index,
    share: In,
    norm: In,
    taste: In,
    new_share: Out,
    new_norm: Out,
    first: int,
    stop: int,
) -> None:
    """Shares and norms after log tastes (G,) of goods move what rows spend at base prices."""
    for i in range(np.uint64(first), np.uint64(stop)):
        g0, g1 = row_first[i], row_first[i + np.uint64(1)]
        total = 0.0
        for g in range(g0, g1):
            weight = exp(taste[g])
            for j in range(good_first[g], good_first[g + np.uint64(1)]):
                new_share[j] = share[j] * weight
                total += new_share[j]
        scale = 1.0 / total if total > 0.0 else 1.0
        for j in range(good_first[g0], good_first[g1]):
            new_share[j] *= scale
            new_norm[j] = norm[j] * (new_share[j] / share[j])
