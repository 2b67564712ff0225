"""What quantities make in two CES nests, exact at every elasticity.

x/theta is taken over its smallest (s < 1) or largest (s >= 1) entry, so that neither a Leontief nor
a near Cobb-Douglas nest overflows or cancels. Loops go as in `kernels.ces`.
"""

from typing import Any

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.kernels.ces import batch_end, room
from catallax.kernels.elementary import exp, expm1, log, log1p
from catallax.kernels.jit import In, Index, Out, Room, called, inline, kernel
from catallax.kernels.links import Nests, check_columns
from catallax.kernels.sums import counted, sum_by_good
from catallax.kernels.switch import operation
from catallax.kernels.threads import over

ALL = slice(None)


def _ces_quantity_plainly(
    nests: Nests,
    share: Floats,
    norm: Floats,
    sigma: Floats,
    eps: Floats,
    x: Floats,
    which: slice = ALL,
) -> Floats:
    a_good = sum_by_good(nests, share)
    good = _nest_quantity(
        share / a_good[nests.good_of],
        eps[nests.good_row],
        x / norm,
        nests.good_of,
        nests.good_first[:-1],
    )
    made = np.zeros(nests.n)
    at = nests.buyers
    index = np.searchsorted(at, nests.good_row)
    made[at] = _nest_quantity(a_good, sigma[at], good, index, nests.buyer_start)
    return made[which]


def _nest_quantity(a: Floats, s: Floats, r: Floats, of: Ints, start: Ints) -> Floats:
    """Aggregate of each nest from ratios r = x/theta; sorted `of`, first entries `start`."""
    low = np.minimum.reduceat(r, start) if len(r) else r
    high = np.maximum.reduceat(r, start) if len(r) else r
    base = np.where(s < 1.0, low, high)
    live = base > 0
    rho = 1.0 - 1.0 / np.maximum(s, 1e-300)  # s = 0 is taken apart below
    with np.errstate(divide="ignore"):
        log_r = np.log(r / np.where(live, base, 1.0)[of])
    log_r = np.where(live[of], log_r, 0.0)
    return base * np.exp(_log_mean(a, s, rho, log_r, of))


def _log_mean(a: Floats, s: Floats, rho: Floats, log_r: Floats, of: Ints) -> Floats:
    flat = rho == 0.0
    rate = np.where(flat, 1.0, rho)
    mixed = flat[of]
    term = np.where(mixed, log_r, np.expm1(np.where(mixed, 0.0, rate[of] * log_r)))
    total = counted(of, a * term, len(s))
    inner = np.log1p(np.maximum(np.where(flat, 0.0, total), -1.0 + 2.0**-53)) / rate
    return np.where(s == 0.0, 0.0, np.where(flat, total, inner))


@called
def nest_quantities(
    a: Room, r: Room, first: Index, s: Room, made: Room, log_r: Room, sums: Room, rho: Room
) -> None:
    """Aggregates of a batch of nests from ratios `r` = x/theta of their entries, to `made`.

    a     : (e,) shares, which sum to 1 in a nest
    s     : (k,) elasticity of each nest; log_r, sums, rho: room for (e,), (k,) and (k,) numbers
    """
    at, count = first[0], np.uint64(len(first) - 1)
    for j in range(first[count] - at):
        some = r[j] > 0.0
        log_r[j] = log(r[j] if some else 1.0)
        log_r[j] = log_r[j] if some else -np.inf
    for i in range(count):
        rho[i] = 1.0 - 1.0 / max(s[i], 1e-300)
    for i in range(count):
        lo, hi = first[i] - at, first[i + np.uint64(1)] - at
        # About the ratio that rules, no power overflows.
        base = log_r[lo] if lo < hi else -np.inf
        if s[i] < 1.0:
            for j in range(lo, hi):
                base = min(base, log_r[j])
        else:
            for j in range(lo, hi):
                base = max(base, log_r[j])
        made[i] = base if base < np.inf else -np.inf
        base = made[i] if made[i] > -np.inf else 0.0
        mean = 0.0
        if rho[i] == 0.0:  # Cobb-Douglas: the mean of logs itself
            for j in range(lo, hi):
                mean += a[j] * (log_r[j] - base)
                log_r[j] = 0.0
        else:
            for j in range(lo, hi):
                log_r[j] = rho[i] * (log_r[j] - base)
        sums[i] = mean
    for j in range(first[count] - at):
        log_r[j] = expm1(log_r[j])
    for i in range(count):
        total = sums[i]
        for j in range(first[i] - at, first[i + np.uint64(1)] - at):
            total += a[j] * log_r[j]
        sums[i] = total
    for i in range(count):
        power = log1p(max(sums[i], -1.0 + 2.0**-53)) / (rho[i] if rho[i] != 0.0 else 1.0)
        power = power if s[i] > 0.0 else 0.0  # at s = 0 the least ratio is all
        sums[i] = made[i] + (power if rho[i] != 0.0 else sums[i])
    for i in range(count):
        made[i] = exp(sums[i]) if sums[i] > -708.0 else 0.0


@called
def pair_quantities(made: Room, q: Room, share: Room, s: Room, sums: Room) -> None:
    """The same of nests of two, in place of the ratio that is the base: half the logarithms.

    made  : (k,) the base of each nest: the lesser ratio where s < 1, else the larger
    q     : (k,) the other ratio over it; share: (k,) of that entry; s: (k,) elasticities
    """
    for k in range(len(made)):
        some = q[k] > 0.0
        q[k] = log(q[k] if some else 1.0)
        q[k] = q[k] if some else -np.inf
    for k in range(len(made)):
        rho = 1.0 - 1.0 / max(s[k], 1e-300)
        sums[k] = share[k] * q[k] if rho == 0.0 else 0.0
        q[k] = rho * q[k] if rho != 0.0 else 0.0
    for k in range(len(made)):
        q[k] = expm1(q[k])
    for k in range(len(made)):
        rho = 1.0 - 1.0 / max(s[k], 1e-300)
        made[k] = made[k] if sums[k] > -np.inf else 0.0
        rate = 1.0 / rho if rho != 0.0 and s[k] != 0.0 else 0.0
        sums[k] += log1p(max(share[k] * q[k], -1.0 + 2.0**-53)) * rate
    for k in range(len(made)):
        made[k] *= exp(sums[k]) if sums[k] > -708.0 else 0.0


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
    room: Room,
    who: Any,
    made: Room,
) -> None:
    """Composites of the rows of a batch from ratios x/norm of its links, to `made`.

    share, ratio, made : of the batch; sigma, eps: of all rows
    room, who          : (13, links) and (3, links + 1) numbers
    """
    a, packed, weight, s = room[0], room[1], room[2], room[3]
    good, log_r, sums, many = room[4], room[5], room[6], room[7]
    base, other, part, bend, rho = room[8], room[9], room[10], room[11], room[12]
    g0, l0 = row_first[row], good_first[row_first[row]]
    first, nest, two = who[0], who[1], who[2]
    count, at, twos, step = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(1)
    if good_first[row_first[end]] - l0 == row_first[end] - g0:  # one supplier of each good
        for i in range(row, end):
            s[i - row] = sigma[i]
        nest_quantities(share, ratio, row_first[row : end + step], s, made, log_r, sums, rho)
        return
    for i in range(row, end):
        for g in range(row_first[i], row_first[i + step]):
            lo, hi = good_first[g] - l0, good_first[g + step] - l0
            total = share[lo]
            good[g - g0] = ratio[lo]
            if hi - lo == step + step:
                total += share[lo + step]
                low = (ratio[lo] < ratio[lo + step]) == (eps[i] < 1.0)
                less, more = (lo, lo + step) if low else (lo + step, lo)
                there = 0.0 < ratio[less] < np.inf
                base[twos] = ratio[less] if there else 0.0
                other[twos] = ratio[more] / (ratio[less] if there else 1.0)
                part[twos], bend[twos], two[twos] = share[more] / total, eps[i], g - g0
                twos += step
            elif hi - lo > step:  # a good of one supplier is what that brings
                for j in range(lo + step, hi):
                    total += share[j]
                first[count], nest[count], s[count] = at, g - g0, eps[i]
                count += step
                for j in range(lo, hi):
                    a[at], packed[at] = share[j] / total, ratio[j]
                    at += step
            weight[g - g0] = total
    first[count] = at
    nest_quantities(a, packed, first[: count + step], s, many, log_r, sums, rho)
    for k in range(count):
        good[nest[k]] = many[k]
    pair_quantities(base[:twos], other[:twos], part[:twos], bend[:twos], sums)
    for k in range(twos):
        good[two[k]] = base[k]
    for i in range(row, end):
        s[i - row] = sigma[i]
    nest_quantities(weight, good, row_first[row : end + step], s, made, log_r, sums, rho)


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
    work, ratio = np.empty((13, size)), np.empty(size)
    who = np.empty((3, size + np.uint64(1)), np.uint64)
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
            who,
            made[row:end],
        )
        row = end


@operation(_ces_quantity_plainly)
def ces_quantity(
    nests: Nests,
    share: Floats,
    norm: Floats,
    sigma: Floats,
    eps: Floats,
    x: Floats,
    which: slice = ALL,
) -> Floats:
    """The composite X that the quantities `x` (m,) make, of all rows or of `which`.

    share, norm : (m,); sigma, eps : (n,). Rows without links get 0.
    """
    check_columns(nests, row=(sigma, eps), link=(share, norm, x))
    begin, end, _ = which.indices(nests.n)
    made = np.empty(nests.n)

    def work(first: int, stop: int) -> None:
        at = begin + first, begin + stop
        quantities(*nests.csr, share, norm, sigma, eps, x, made, *at)

    over(end - begin, nests.m, work)
    return made[which]
