"""What operations are told of a network: which links make up which nests, rows and sales.

Kernels know nothing of networks. They take whatever has these arrays.
"""

from collections.abc import Sequence
from typing import Protocol

from catallax.arrays import Floats, Ints
from catallax.errors import InputError
from catallax.kernels.jit import Index, Sellers


class Nests(Protocol):
    """Links (m,) by the nest (G,) and by the row (n,) that they belong to, both ascending."""

    @property
    def n(self) -> int:
        """Number of rows."""

    @property
    def m(self) -> int:
        """Number of links."""

    @property
    def row_of(self) -> Ints:
        """(m,) row of each link."""

    @property
    def good_of(self) -> Ints:
        """(m,) nest of each link."""

    @property
    def good_row(self) -> Ints:
        """(G,) row of each nest."""

    @property
    def good_first(self) -> Ints:
        """(G + 1,) first link of each nest and, last, the number of links."""

    @property
    def buyers(self) -> Ints:
        """Rows that have links, ascending."""

    @property
    def buyer_start(self) -> Ints:
        """First nest of each row in `buyers`."""

    @property
    def csr(self) -> tuple[Index, Index]:
        """First nest of each row (n + 1,) and first link of each nest (G + 1,)."""


class TradeLinks(Protocol):
    """Nests of which every link names a seller, which is a row too; the first S rows sell."""

    @property
    def n(self) -> int:
        """Number of rows."""

    @property
    def m(self) -> int:
        """Number of links."""

    @property
    def rows(self) -> Nests:
        """The nests."""

    @property
    def buyer(self) -> Ints:
        """(m,) row that each link belongs to."""

    @property
    def seller(self) -> Ints:
        """(m,) row that each link names."""

    @property
    def sold_by(self) -> Sellers:
        """`seller` as kernels take it."""

    @property
    def sellers(self) -> slice:
        """Rows that sell."""

    @property
    def blocks(self) -> tuple[int, ...]:
        """Edges of the ranges of rows over which sellers' sums are split."""

    def of_sellers(self, column: Floats) -> Floats:
        """Sellers' numbers (S,) as a column of all rows (n,), with 0 for the others."""


def check_columns(nests: Nests, *, row: Sequence[Floats] = (), link: Sequence[Floats] = ()) -> None:
    """Raise InputError for columns of the wrong length: kernels trust what they are given."""
    for size, columns in ((nests.n, row), (nests.m, link)):
        for column in columns:
            if column.shape != (size,):
                raise InputError(f"nests: a column has shape {column.shape}, expected ({size},)")


def links_of(nests: Nests, rows: slice) -> slice:
    """Where the links of consecutive rows stand; both ends of `rows` are given."""
    row_first, good_first = nests.csr
    first, stop = good_first[row_first[[rows.start, rows.stop]]].tolist()
    return slice(first, stop)
