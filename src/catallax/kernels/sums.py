"""Sums over links by row, by good and by seller, left to right as `numpy.bincount` adds them."""

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.kernels.jit import In, Index, Out, Sellers, kernel
from catallax.kernels.links import Nests, TradeLinks
from catallax.kernels.memory import empty
from catallax.kernels.switch import operation
from catallax.kernels.threads import over, summed


def counted(of: Ints, weight: Floats, size: int) -> Floats:
    """Sum `weight` by the index in `of`, left to right: a row alone gives the same bits."""
    return np.asarray(np.bincount(of, weights=weight, minlength=size), dtype=np.float64)


def _gather_plainly(links: TradeLinks, row: Floats) -> Floats:
    return np.asarray(row[links.seller])


@kernel
def gather(seller: Sellers, row: In, out: Out, first: int, stop: int) -> None:
    """The seller's number on links `first` to `stop` - 1."""
    for j in range(first, stop):
        out[j] = row[seller[j]]


@operation(_gather_plainly)
def gather_from_sellers(links: TradeLinks, row: Floats) -> Floats:
    """Each link's seller's number: (n,) -> (m,)."""
    out = empty(links.m)
    over(links.m, links.m, lambda a, b: gather(links.sold_by, row, out, a, b))
    return out


def _sum_by_row_plainly(nests: Nests, link: Floats) -> Floats:
    return counted(nests.row_of, link, nests.n)


@kernel
def by_row(row_first: Index, good_first: Index, link: In, out: Out, first: int, stop: int) -> None:
    """Sums over the links of rows `first` to `stop` - 1."""
    for i in range(np.uint64(first), np.uint64(stop)):
        total = 0.0
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            total += link[j]
        out[i] = total


@operation(_sum_by_row_plainly)
def sum_by_row(nests: Nests, link: Floats) -> Floats:
    """Sum over the links of each row: (m,) -> (n,)."""
    out = np.empty(nests.n)
    over(nests.n, nests.m, lambda a, b: by_row(*nests.csr, link, out, a, b))
    return out


def _sum_by_good_plainly(nests: Nests, link: Floats) -> Floats:
    return counted(nests.good_of, link, len(nests.good_row))


@kernel
def by_good(good_first: Index, link: In, out: Out, first: int, stop: int) -> None:
    """Sums over the links of goods `first` to `stop` - 1."""
    for g in range(np.uint64(first), np.uint64(stop)):
        total = 0.0
        for j in range(good_first[g], good_first[g + np.uint64(1)]):
            total += link[j]
        out[g] = total


@operation(_sum_by_good_plainly)
def sum_by_good(nests: Nests, link: Floats) -> Floats:
    """Sum over the links of each nest: (m,) -> (G,)."""
    goods = len(nests.good_row)
    out = np.empty(goods)
    over(goods, nests.m, lambda a, b: by_good(nests.csr[1], link, out, a, b))
    return out


def _sum_by_seller_plainly(links: TradeLinks, link: Floats) -> Floats:
    return counted(links.seller, link, links.n)


@kernel
def by_seller(
    row_first: Index, good_first: Index, seller: Sellers, link: In, out: Out, first: int, stop: int
) -> None:
    """Add to `out` (S,) sums by seller over the links of rows `first` to `stop` - 1."""
    begin, end = good_first[row_first[np.uint64(first)]], good_first[row_first[np.uint64(stop)]]
    for j in range(begin, end):
        out[seller[j]] += link[j]


@operation(_sum_by_seller_plainly)
def sum_by_seller(links: TradeLinks, link: Floats) -> Floats:
    """Sum over the links that name each row as seller: (m,) -> (n,)."""

    def work(out: Floats, first: int, stop: int) -> None:
        by_seller(*links.rows.csr, links.sold_by, link, out, first, stop)

    return links.of_sellers(summed(links.blocks, links.sellers.stop, work))


def _sum_received_plainly(links: TradeLinks, part: Floats, spent: Floats) -> Floats:
    return counted(links.seller, part * spent[links.buyer], links.n)


@kernel
def received(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    part: In,
    spent: In,
    out: Out,
    first: int,
    stop: int,
) -> None:
    """Add to `out` (S,) sums by seller of `part` times what buyers `first` to `stop` - 1 spend."""
    for i in range(np.uint64(first), np.uint64(stop)):
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            out[seller[j]] += part[j] * spent[i]


@operation(_sum_received_plainly)
def sum_received(links: TradeLinks, part: Floats, spent: Floats) -> Floats:
    """Sellers' sums (n,) of what buyers spend: `part` (m,) times the buyer's `spent` (n,)."""

    def work(out: Floats, first: int, stop: int) -> None:
        received(*links.rows.csr, links.sold_by, part, spent, out, first, stop)

    return links.of_sellers(summed(links.blocks, links.sellers.stop, work))
