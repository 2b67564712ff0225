"""Sums over links by row, by good and by seller, left to right as `numpy.bincount` adds them."""

import numpy as np

from catallax.kernels.jit import In, Index, Out, Sellers, kernel


@kernel
def gather(seller: Sellers, row: In, out: Out, first: int, stop: int) -> None:
    """The seller's number on links `first` to `stop` - 1."""
    for j in range(first, stop):
        out[j] = row[seller[j]]


@kernel
def by_row(row_first: Index, good_first: Index, link: In, out: Out, first: int, stop: int) -> None:
    """Sums over the links of rows `first` to `stop` - 1."""
    for i in range(np.uint64(first), np.uint64(stop)):
        total = 0.0
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            total += link[j]
        out[i] = total


@kernel
def by_good(good_first: Index, link: In, out: Out, first: int, stop: int) -> None:
    """Sums over the links of goods `first` to `stop` - 1."""
    for g in range(np.uint64(first), np.uint64(stop)):
        total = 0.0
        for j in range(good_first[g], good_first[g + np.uint64(1)]):
            total += link[j]
        out[g] = total


@kernel
def by_seller(
    row_first: Index, good_first: Index, seller: Sellers, link: In, out: Out, first: int, stop: int
) -> None:
    """Add to `out` (S,) sums by seller over the links of rows `first` to `stop` - 1."""
    begin, end = good_first[row_first[np.uint64(first)]], good_first[row_first[np.uint64(stop)]]
    for j in range(begin, end):
        out[seller[j]] += link[j]


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
