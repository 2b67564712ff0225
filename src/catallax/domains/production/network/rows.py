"""Who there is and who may buy from whom.

Rows are endowments, then plants, then households. A link belongs to its buyer's row and names a
seller; links are sorted by buyer and, within a buyer, by good. The suppliers of one good to one
buyer form a *nest*.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats, Ints
from catallax.domains.production.network.names import Names
from catallax.domains.production.network.places import Places
from catallax.errors import InputError, unknown
from catallax.kernels import sums
from catallax.kernels.jit import Index, Sellers
from catallax.kernels.sums import counted as counted
from catallax.placement import Placement
from catallax.protocol.sealed import frozen, resealed, sealed

ENDOWMENT, PLANT, HOUSEHOLD = 0, 1, 2
MANY, BLOCKS = 1 << 17, 8  # links from which sellers' sums are split, and into how many parts


@final
@dataclass(frozen=True, eq=False)
class Rows:
    """What agents may know of their own place: their kind, their links and their goods.

    No seller is named here, so a reduction over other rows cannot even be written; any set of
    rows, down to one, is again a `Rows`.

    kind      : (n,) ENDOWMENT, PLANT or HOUSEHOLD
    row_of    : (m,) the row that owns each link, ascending
    good_of   : (m,) the nest of each link, ascending
    good_row  : (G,) the row of each nest, ascending
    perishable: (m,) whether the link buys an endowment, which cannot be stored
    """

    kind: Ints
    row_of: Ints
    good_of: Ints
    good_row: Ints
    perishable: npt.NDArray[np.bool_]

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(resealed(state))

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.kind)

    @property
    def m(self) -> int:
        """Number of links."""
        return len(self.row_of)

    def sum(self, link: Floats) -> Floats:
        """Sum over the links of each row, left to right: (m,) -> (n,)."""
        return sums.sum_by_row(self, link)

    def spread(self, row: Floats) -> Floats:
        """Each row's number on all its links: (n,) -> (m,)."""
        return row[self.row_of]

    def linked(self, kind: int) -> npt.NDArray[np.bool_]:
        """Whether each link's buyer is of `kind`, shape (m,)."""
        return np.asarray(self.kind[self.row_of] == kind)

    def sum_goods(self, link: Floats) -> Floats:
        """Sum over the suppliers of each good: (m,) -> (G,)."""
        return sums.sum_by_good(self, link)

    def cut(self, row: int) -> "Rows":
        """One row on its own."""
        return self.part(row, row + 1)

    def part(self, first: int, stop: int) -> "Rows":
        """Rows `first` to `stop` - 1 on their own."""
        goods = slice(int(self.row_first[first]), int(self.row_first[stop]))
        links = slice(int(self.good_first[goods.start]), int(self.good_first[goods.stop]))
        return Rows(
            self.kind[first:stop],
            sealed(self.row_of[links] - first),
            sealed(self.good_of[links] - goods.start),
            sealed(self.good_row[goods] - first),
            self.perishable[links],
        )

    def links(self, row: int) -> slice:
        """Where the links of `row` stand."""
        first, stop = self.good_first[self.row_first[[row, row + 1]]]
        return slice(int(first), int(stop))

    def goods(self, row: int) -> slice:
        """Where the nests of `row` stand."""
        return slice(int(self.row_first[row]), int(self.row_first[row + 1]))

    @cached_property
    def good_first(self) -> Ints:
        """First link of each nest and, last, the number of links; shape (G + 1,)."""
        return sealed(np.searchsorted(self.good_of, np.arange(len(self.good_row) + 1)))

    @cached_property
    def row_first(self) -> Ints:
        """First nest of each row and, last, the number of nests; shape (n + 1,)."""
        return sealed(np.searchsorted(self.good_row, np.arange(self.n + 1)))

    @cached_property
    def csr(self) -> tuple[Index, Index]:
        """`row_first` and `good_first` as kernels take them."""
        return self.row_first.view(np.uint64), self.good_first.view(np.uint64)

    @cached_property
    def buyers(self) -> Ints:
        """Rows that have links, ascending."""
        return sealed(np.unique(self.good_row))

    @cached_property
    def buyer_start(self) -> Ints:
        """First nest of each row in `buyers`."""
        return sealed(self.row_first[self.buyers])


@final
@dataclass(frozen=True, eq=False)
class Network:
    """The whole graph. Nature and planners' public map hold it; agents hold its `rows`.

    kind    : (n,) sorted: endowments, plants, households
    product : (n,) index into `products` of what the row sells; -1 for households
    buyer   : (m,) ascending
    good    : (m,) index into `products`; ascending within a buyer
    seller  : (m,) an endowment or plant row
    names   : n names of rows: a tuple, or `Names` where there are too many to write out
    products: names of products
    copies  : how many like networks stand side by side in it (see `network.layout`)

    Raises InputError when links are unsorted, point nowhere or buy from a household.
    """

    kind: Ints
    product: Ints
    buyer: Ints
    good: Ints
    seller: Ints
    names: tuple[str, ...] | Names
    products: tuple[str, ...]
    copies: int = 1

    def __post_init__(self) -> None:
        for name in ("kind", "product", "buyer", "good", "seller"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        self._check()

    def _check(self) -> None:
        sizes = {"product": self.n, "names": self.n, "good": self.m, "seller": self.m}
        for name, size in sizes.items():
            found = len(getattr(self, name))
            if found != size:
                raise InputError(f"network: {name} has {found} entries, expected {size}")
        kind = self.kind
        if self.n and (kind[0] < 0 or kind[-1] > HOUSEHOLD or np.any(kind[1:] < kind[:-1])):
            raise InputError("network: rows must come as endowments, then plants, then households")
        if not isinstance(self.names, Names):  # those differ by their making
            twice = next((name for name, k in Counter(self.names).items() if k > 1), None)
            if twice is not None:
                raise InputError(f"network: two rows are called {twice!r}; names must differ")
        self._check_links()

    def _check_links(self) -> None:
        buyer, good = self.buyer, self.good
        later = buyer[1:] > buyer[:-1]
        if not np.all(later | ((buyer[1:] == buyer[:-1]) & (good[1:] >= good[:-1]))):
            raise InputError("network: links must be sorted by buyer and, within a buyer, by good")
        first, stop = self.endowments.stop, self.sellers.stop
        self._within("seller", 0, stop, "endowments and plants")
        self._within("buyer", first, self.n, "plants and households")
        wrong = np.flatnonzero(self.good != self.product[self.seller])
        if wrong.size:
            at = wrong[0]
            raise InputError(
                f"network: link {at} says good {self.good[at]}, but its seller makes "
                f"{self.product[self.seller[at]]}"
            )

    def _within(self, role: str, first: int, stop: int, who: str) -> None:
        rows = getattr(self, role)
        wrong = np.flatnonzero((rows < first) | (rows >= stop))
        if wrong.size:
            raise InputError(
                f"network: link {wrong[0]} names {role} {rows[wrong[0]]}; "
                f"{role}s are rows {first} to {stop - 1} ({who})"
            )

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(resealed(state))

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.kind)

    @property
    def m(self) -> int:
        """Number of links."""
        return len(self.buyer)

    @cached_property
    def endowments(self) -> slice:
        """Rows that are endowments."""
        return self._of(ENDOWMENT)

    @cached_property
    def plants(self) -> slice:
        """Rows that are plants."""
        return self._of(PLANT)

    @cached_property
    def households(self) -> slice:
        """Rows that are households."""
        return self._of(HOUSEHOLD)

    @cached_property
    def sellers(self) -> slice:
        """Endowments and plants."""
        return slice(0, self.plants.stop)

    def _of(self, kind: int) -> slice:
        first, last = np.searchsorted(self.kind, [kind, kind + 1])
        return slice(int(first), int(last))

    @cached_property
    def rows(self) -> Rows:
        """What agents may know of it."""
        fresh = np.ones(self.m, dtype=bool)
        fresh[1:] = (np.diff(self.buyer) != 0) | (np.diff(self.good) != 0)
        first = np.flatnonzero(fresh)
        return Rows(
            self.kind,
            self.buyer,
            frozen(np.cumsum(fresh) - 1, np.int64),
            frozen(self.buyer[first], np.int64),
            frozen(self.kind[self.seller] == ENDOWMENT, np.bool_),
        )

    @cached_property
    def final(self) -> Rows:
        """Households on their own; their links are the last ones."""
        return self.rows.part(self.households.start, self.households.stop)

    def gather(self, row: Floats) -> Floats:
        """Each link's seller's number: (n,) -> (m,)."""
        return sums.gather_from_sellers(self, row)

    @cached_property
    def sold_by(self) -> Sellers:
        """`seller` as kernels take it, in half the bytes."""
        return sealed(self.seller.astype(np.uint32))

    @cached_property
    def blocks(self) -> tuple[int, ...]:
        """Edges of the ranges of rows, about equal in links, over which sellers' sums are split.

        They depend on the network alone: one range below 131,072 links.
        """
        parts = BLOCKS if self.m >= MANY else 1
        links = np.array([self.m * k // parts for k in range(1, parts)], dtype=np.int64)
        first = self.rows.good_first[self.rows.row_first]
        return (0, *np.searchsorted(first, links).tolist(), self.n)

    def orders(self, link: Floats) -> Floats:
        """Sum over the links that name each row as seller: (m,) -> (n,)."""
        if link.shape != (self.m,):
            raise InputError(f"orders: a column has shape {link.shape}, expected ({self.m},)")
        return sums.sum_by_seller(self, link)

    def of_sellers(self, column: Floats) -> Floats:
        """Sellers' numbers (S,) as a column of all rows (n,), with 0 for households."""
        out = np.zeros(self.n)
        out[self.sellers] = column
        return out

    def received(self, part: Floats, spent: Floats) -> Floats:
        """Sellers' sums of what buyers spend: `part` (m,) times the buyer's `spent` (n,)."""
        return sums.sum_received(self, part, spent)

    @cached_property
    def log_suppliers(self) -> Floats:
        """log2 of the number of links each row buys on, (n,); 0 for none or one."""
        return sealed(np.log2(np.maximum(self.rows.sum(np.ones(self.m)), 1.0)))

    @cached_property
    def sales_links(self) -> Floats:
        """Number of links each row sells on, (n,)."""
        return sealed(self.orders(np.ones(self.m)))

    @cached_property
    def log_buyers(self) -> Floats:
        """log2 of the number of links each row sells on, (n,); 0 for none or one."""
        return sealed(np.log2(np.maximum(self.sales_links, 1.0)))

    @cached_property
    def log_all_buyers(self) -> Floats:
        """(copies,) sum over links of the seller's `log_buyers`."""
        return sealed(self.places.rows.sums(self.sales_links * self.log_buyers))

    @cached_property
    def log_all(self) -> Floats:
        """(copies,) sum over links of the buyer's `log_suppliers`."""
        suppliers = self.rows.sum(np.ones(self.m)) * self.log_suppliers
        return sealed(self.places.rows.sums(suppliers))

    @cached_property
    def places(self) -> Places:
        """Where the rows, links and so on of each copy stand."""

        def placed(*sizes: int) -> Placement:
            return Placement(tuple(size // self.copies for size in sizes), self.copies)

        kinds = self.endowments, self.plants, self.households
        endowments, plants, households = (kind.stop - kind.start for kind in kinds)
        return Places(
            rows=placed(endowments, plants, households),
            links=placed(self.m - self.final.m, self.final.m),
            plants=placed(plants),
            households=placed(households),
            nests=placed(len(self.final.good_row)),
            final=placed(self.final.m),
        )

    def row(self, name: str) -> int:
        """Index of the row called `name`; an unknown name raises InputError with the nearest."""
        if name not in self.names:
            raise unknown("row", name, self.names)
        return self.names.index(name)

    @staticmethod
    def build(
        kind: Sequence[int],
        product: Sequence[int],
        links: Sequence[tuple[int, int, int]] | Ints,
        names: Sequence[str],
        products: Sequence[str],
    ) -> "Network":
        """A network from (buyer, good, seller) triples in any order, or an array (m, 3) of them."""
        table = np.asarray(links, dtype=np.int64).reshape(-1, 3)
        table = table[np.lexsort((table[:, 2], table[:, 1], table[:, 0]))]
        return Network(
            np.asarray(kind, dtype=np.int64),
            np.asarray(product, dtype=np.int64),
            table[:, 0],
            table[:, 1],
            table[:, 2],
            names if isinstance(names, Names) else tuple(names),
            tuple(products),
        )
