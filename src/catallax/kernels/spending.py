"""What spending on two CES nests comes to at given prices, exact at every elasticity.

Costs: log c = mu + log1p(sum a expm1((1-s)(log q - mu))) / (1-s) about mu = sum a log q, which
is the limit at s = 1. Every function works row by row: one row alone gives the same bits as the
same row among others.
"""

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.errors import InputError
from catallax.kernels.ces import batch_end, given_costs, room
from catallax.kernels.elementary import exp
from catallax.kernels.jit import In, Index, Out, kernel
from catallax.kernels.links import Nests, check_columns
from catallax.kernels.sums import counted, sum_by_good, sum_by_row
from catallax.kernels.switch import operation
from catallax.kernels.threads import over


def _ces_cost_plainly(
    nests: Nests, share: Floats, sigma: Floats, eps: Floats, log_q: Floats
) -> tuple[Floats, Floats]:
    a_good = sum_by_good(nests, share)
    log_good = _nest_cost(share / a_good[nests.good_of], eps[nests.good_row], log_q, nests.good_of)
    log_row = _nest_cost(a_good, sigma, log_good, nests.good_row)
    return log_good, log_row


def _nest_cost(a: Floats, s: Floats, log_q: Floats, of: Ints) -> Floats:
    """Log cost of each nest; `of` says which nest an entry belongs to, `s` is per nest."""
    mean = counted(of, a * log_q, len(s))
    one = 1.0 - s
    # About its mean the sum is never below 0 (Jensen), so log1p has nothing to cancel.
    bend = np.expm1(one[of] * (log_q - mean[of]))
    total = counted(of, a * bend, len(s))
    return mean + np.log1p(np.maximum(total, 0.0)) / np.where(one == 0.0, 1.0, one)


def _ces_shares_plainly(
    nests: Nests, share: Floats, sigma: Floats, eps: Floats, log_q: Floats
) -> tuple[Floats, Floats, Floats]:
    log_good, log_row = _ces_cost_plainly(nests, share, sigma, eps, log_q)
    ratio = _demand_ratio_plainly(nests, sigma, eps, log_q, log_good, log_row)
    return log_good, log_row, share * ratio * np.exp(log_q - log_row[nests.row_of])


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
    work, who = np.empty((7, size)), np.empty((2, size), np.uint64)
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        g0, g1 = row_first[row], row_first[end]
        l0, l1 = good_first[g0], good_first[g1]
        given_costs(
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


@operation(_ces_shares_plainly)
def ces_shares(
    nests: Nests, share: Floats, sigma: Floats, eps: Floats, log_q: Floats
) -> tuple[Floats, Floats, Floats]:
    """Log unit costs of goods (G,) and rows (n,), and each link's share in its row's spending (m,).

    share : (m,) base value shares; sigma, eps : (n,); log_q : (m,) log relative link prices.
    Rows without links cost log 1 = 0.
    """
    check_columns(nests, row=(sigma, eps), link=(share, log_q))
    good, row, part = np.empty(len(nests.good_row)), np.empty(nests.n), np.empty(nests.m)

    def work(first: int, stop: int) -> None:
        costs(*nests.csr, share, sigma, eps, log_q, good, row, part, first, stop)

    over(nests.n, nests.m, work)
    return good, row, part


@operation(_ces_cost_plainly)
def ces_cost(
    nests: Nests, share: Floats, sigma: Floats, eps: Floats, log_q: Floats
) -> tuple[Floats, Floats]:
    """Log unit costs of goods (G,) and of rows (n,) as in `ces_shares`."""
    good, row, _ = ces_shares(nests, share, sigma, eps, log_q)
    return good, row


def _demand_ratio_plainly(
    nests: Nests, sigma: Floats, eps: Floats, log_q: Floats, log_good: Floats, log_row: Floats
) -> Floats:
    between = sigma[nests.good_row] * (log_row[nests.good_row] - log_good)
    within = eps[nests.row_of] * (log_good[nests.good_of] - log_q)
    return np.exp(between[nests.good_of] + within)


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


@operation(_demand_ratio_plainly)
def demand_ratio(
    nests: Nests, sigma: Floats, eps: Floats, log_q: Floats, log_good: Floats, log_row: Floats
) -> Floats:
    """Cost-minimising x / (norm X) on each link, shape (m,), from `ces_cost`'s answer."""
    check_columns(nests, row=(sigma, eps, log_row), link=(log_q,))
    ratio = np.empty(nests.m)

    def work(first: int, stop: int) -> None:
        ratios(*nests.csr, sigma, eps, log_q, log_good, log_row, ratio, first, stop)

    over(nests.n, nests.m, work)
    return ratio


def _tilt_plainly(
    nests: Nests, share: Floats, norm: Floats, taste: Floats
) -> tuple[Floats, Floats]:
    factor = np.exp(taste)[nests.good_of]
    whole = sum_by_row(nests, share * factor)
    moved = factor / np.where(whole > 0, whole, 1.0)[nests.row_of]
    return share * moved, norm * moved  # alike where both are: norms may be the shares


@kernel
def tilts(
    row_first: Index,
    good_first: Index,
    share: In,
    norm: In,
    taste: In,
    shares: Out,
    norms: Out,
    first: int,
    stop: int,
) -> None:
    """Shares and norms of links after log tastes (G,) move what rows spend at base prices."""
    row, end = np.uint64(first), np.uint64(stop)
    g0, g1 = row_first[row], row_first[end]
    factor = np.empty(g1 - g0)
    for g in range(g1 - g0):
        factor[g] = exp(taste[g0 + g])
    for i in range(row, end):
        total = 0.0
        for g in range(row_first[i], row_first[i + np.uint64(1)]):
            for j in range(good_first[g], good_first[g + np.uint64(1)]):
                total += share[j] * factor[g - g0]
        total = total if total > 0.0 else 1.0
        for g in range(row_first[i], row_first[i + np.uint64(1)]):
            moved = factor[g - g0] / total
            for j in range(good_first[g], good_first[g + np.uint64(1)]):
                shares[j], norms[j] = share[j] * moved, norm[j] * moved


@operation(_tilt_plainly)
def tilt(nests: Nests, share: Floats, norm: Floats, taste: Floats) -> tuple[Floats, Floats]:
    """Shares and norms (m,) after log tastes `taste` (G,) move a row's spending at base prices."""
    check_columns(nests, link=(share, norm))
    if taste.shape != nests.good_row.shape:
        raise InputError(
            f"tilt: {taste.shape} tastes, expected one for each of {nests.good_row.shape}"
        )
    new_share, new_norm = np.empty(nests.m), np.empty(nests.m)

    def work(first: int, stop: int) -> None:
        tilts(*nests.csr, share, norm, taste, new_share, new_norm, first, stop)

    over(nests.n, nests.m, work)
    return new_share, new_norm
