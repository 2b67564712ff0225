"""Shares in spending at sellers' prices, and what spending brings at them.

A buyer's price on a link is the seller's times a base: what the duty, losses on the way and the
calibration make of it. Bases do not depend on prices and are worked out once.
"""

from typing import NamedTuple

import numpy as np

from catallax.arrays import Floats
from catallax.kernels.ces import batch_costs, batch_end, room, weights
from catallax.kernels.elementary import log
from catallax.kernels.jit import In, Index, Out, Sellers, inline, kernel
from catallax.kernels.links import Nests, TradeLinks
from catallax.kernels.spending import ces_shares
from catallax.kernels.sums import sum_by_good
from catallax.kernels.switch import operation
from catallax.kernels.threads import over


class Bases(NamedTuple):
    """What costs need beside prices.

    inner    : (m,) shares in nests
    weight   : (G,) nests' shares
    log_base : (m,) logs of base prices
    """

    inner: Floats
    weight: Floats
    log_base: Floats


def _find_bases_plainly(
    nests: Nests, share: Floats, norm: Floats, kept: Floats, tariff: Floats
) -> Bases:
    weight = sum_by_good(nests, share)
    log_base = np.log(norm / (share * kept)) + np.log1p(tariff)
    return Bases(share / weight[nests.good_of], weight, log_base)


@kernel
def bases(
    row_first: Index,
    good_first: Index,
    share: In,
    norm: In,
    kept: In,
    tariff: In,
    inner: Out,
    weight: Out,
    log_base: Out,
    first: int,
    stop: int,
) -> None:
    """What costs need beside prices: shares in nests, nests' shares, logs of base prices."""
    g0, g1 = row_first[np.uint64(first)], row_first[np.uint64(stop)]
    l0, l1 = good_first[g0], good_first[g1]
    weights(share[l0:l1], good_first[g0 : g1 + np.uint64(1)], inner[l0:l1], weight[g0:g1])
    for j in range(l0, l1):
        log_base[j] = log(norm[j] * (1.0 + tariff[j]) / (share[j] * kept[j]))


@operation(_find_bases_plainly)
def find_bases(nests: Nests, share: Floats, norm: Floats, kept: Floats, tariff: Floats) -> Bases:
    """Bases of links whose base value shares, norms, shares kept on the way and duties are (m,)."""
    goods, m = len(nests.good_row), nests.m
    found = Bases(np.empty(m), np.empty(goods), np.empty(m))

    def work(first: int, stop: int) -> None:
        bases(*nests.csr, share, norm, kept, tariff, *found, first, stop)

    over(nests.n, nests.m, work)
    return found


@inline
def row_shares(
    row_first: Index,
    good_first: Index,
    good_of: Index,
    seller: Sellers,
    inner: In,
    weight: In,
    log_base: In,
    sigma: In,
    eps: In,
    log_p: In,
    log_row: Out,
    part: Out,
    first: int,
    stop: int,
) -> None:
    """Log unit costs of rows and each link's share in its row's spending at sellers' log prices."""
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, who = np.empty((5, size)), np.empty((2, size), np.uint64)
    log_q, log_good = np.empty(size), np.empty(size)
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        for j in range(l1 - l0):
            log_q[j] = log_p[seller[l0 + j]] + log_base[l0 + j]
        batch_costs(
            row_first,
            good_first,
            inner[l0:l1],
            weight[row_first[row] : row_first[end]],
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
        g0, bend = row_first[row], work[2]
        for j in range(l0, l1):
            part[j] *= bend[good_of[j] - g0]
        row = end


@kernel
def shares(
    row_first: Index,
    good_first: Index,
    good_of: Index,
    seller: Sellers,
    inner: In,
    weight: In,
    log_base: In,
    sigma: In,
    eps: In,
    log_p: In,
    log_row: Out,
    part: Out,
    first: int,
    stop: int,
) -> None:
    """Log unit costs of rows and each link's share in its row's spending at sellers' log prices."""
    row_shares(
        row_first,
        good_first,
        good_of,
        seller,
        inner,
        weight,
        log_base,
        sigma,
        eps,
        log_p,
        log_row,
        part,
        first,
        stop,
    )


def _find_shares_plainly(
    links: TradeLinks, share: Floats, bases: Bases, sigma: Floats, eps: Floats, log_p: Floats
) -> tuple[Floats, Floats]:
    log_q = log_p[links.seller] + bases.log_base
    _, log_cost, part = ces_shares(links.rows, share, sigma, eps, log_q)
    return log_cost, part


@operation(_find_shares_plainly)
def find_shares(
    links: TradeLinks, share: Floats, bases: Bases, sigma: Floats, eps: Floats, log_p: Floats
) -> tuple[Floats, Floats]:
    """Log unit costs (n,) and each link's share in its row's spending (m,).

    share : (m,) base value shares, of which the bases are; log_p : (S,) sellers' log prices
    """
    rows = links.rows
    at = *rows.csr, rows.good_of.view(np.uint64), links.sold_by
    cost, part = np.empty(rows.n), np.empty(rows.m)
    over(rows.n, rows.m, lambda a, b: shares(*at, *bases, sigma, eps, log_p, cost, part, a, b))
    return cost, part


def _find_arrivals_plainly(
    links: TradeLinks, part: Floats, kept: Floats, tariff: Floats, spent: Floats, price: Floats
) -> Floats:
    bought = part * spent[links.buyer] * kept
    return np.asarray(bought / (price[links.seller] * (1.0 + tariff)))


@kernel
def arrive(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    part: In,
    kept: In,
    tariff: In,
    spent: In,
    price: In,
    out: Out,
    first: int,
    stop: int,
) -> None:
    """What arrives on the links of rows `first` to `stop` - 1 for what they spend."""
    for i in range(np.uint64(first), np.uint64(stop)):
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            out[j] = part[j] * spent[i] * kept[j] / (price[seller[j]] * (1.0 + tariff[j]))


@operation(_find_arrivals_plainly)
def find_arrivals(
    links: TradeLinks, part: Floats, kept: Floats, tariff: Floats, spent: Floats, price: Floats
) -> Floats:
    """(m,) what buyers' spending (n,) brings them at sellers' prices (n,)."""
    rows, out = links.rows, np.empty(links.m)
    given = *rows.csr, links.sold_by, part, kept, tariff, spent, price, out
    over(rows.n, rows.m, lambda a, b: arrive(*given, a, b))
    return out
