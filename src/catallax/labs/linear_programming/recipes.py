"""Fixed recipes as a table: what a Leontief programme is about, in plain arrays.

Every technique makes one product from inputs in fixed proportions; a product may have several
techniques (Kantorovich 1939). Coefficients lie technique by technique, so that prices are gathered
and uses scattered in one reading each; column numbers are as narrow as they can be.
"""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats, Ints
from catallax.domains.production.network import HOUSEHOLD, Technology
from catallax.domains.production.network.rows import counted
from catallax.errors import InputError
from catallax.kernels import leontief as kernels
from catallax.kernels.threads import count, over
from catallax.protocol.sealed import frozen


@final
@dataclass(frozen=True, eq=False)
class Recipes:
    """P techniques that make n products from products and R resources, and what is wanted.

    product  : (P,) which product, 0 to n - 1, the technique makes
    start    : (P + 1,) where the inputs of each technique begin
    input    : (E,) unsigned; what goes in: a product, or n + r for resource r
    amount   : (E,) float64 or float32; how much of it a unit of output takes, >= 0
    capacity : (P,) most output of the technique a week, >= 0, inf where nothing bounds it
    supply   : (R,) flow of each resource a week, >= 0
    demand   : (n,) final demand at scale 1, >= 0, not all zero

    Raises InputError for wrong shapes, numbers out of range or inputs that do not exist.
    """

    product: Ints
    start: Ints
    input: Any
    amount: Any
    capacity: Floats
    supply: Floats
    demand: Floats

    def __post_init__(self) -> None:
        for name in ("capacity", "supply", "demand"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
            values = getattr(self, name)
            bad = np.flatnonzero(~(values >= 0) | ((values == np.inf) & (name != "capacity")))
            if bad.size:
                raise InputError(
                    f"recipes: {name}[{bad[0]}] is {values[bad[0]]}, expected a number >= 0"
                )
        for name in ("product", "start"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        self._check()

    def _check(self) -> None:
        if not self.demand.any():
            raise InputError("recipes: demand is zero everywhere; a scale needs something wanted")
        for name, size in (("start", self.techniques + 1), ("capacity", self.techniques)):
            if getattr(self, name).shape != (size,):
                raise InputError(
                    f"recipes: {name} has shape {getattr(self, name).shape}, expected ({size},)"
                )
        if np.any((self.product < 0) | (self.product >= self.products)):
            raise InputError(f"recipes: product must be 0 to {self.products - 1}, as demand has it")
        if not len(self.input) == len(self.amount) == self.entries:
            raise InputError(
                f"recipes: {len(self.input)} inputs and {len(self.amount)} amounts, "
                f"but start ends at {self.entries}"
            )
        _check_entries(self.input, self.input, self.amount, self.columns, self.columns, "input")

    @property
    def techniques(self) -> int:
        """P."""
        return len(self.product)

    @property
    def products(self) -> int:
        """n."""
        return len(self.demand)

    @property
    def columns(self) -> int:
        """n + R: everything that can be an input."""
        return len(self.demand) + len(self.supply)

    @property
    def entries(self) -> int:
        """E, the number of coefficients."""
        return int(self.start[-1])

    @property
    def nbytes(self) -> int:
        """Bytes of the coefficients and their columns: what one pass reads."""
        return int(self.input.nbytes + self.amount.nbytes)

    def made(self, activity: Floats) -> Floats:
        """Output of each product (n,) at `activity` (P,)."""
        return counted(self.product, activity, self.products)

    @staticmethod
    def of_links(
        technique: npt.ArrayLike,
        input: npt.ArrayLike,
        amount: npt.ArrayLike,
        *,
        demand: npt.ArrayLike,
        product: npt.ArrayLike | None = None,
        capacity: npt.ArrayLike | None = None,
        supply: npt.ArrayLike = (),
        single: bool = False,
    ) -> "Recipes":
        """Recipes from (technique, input, amount) triples in any order.

        technique, input, amount : (E,) each; amounts of equal pairs add up
        product  : (P,), default: technique i makes product i
        capacity : (P,), default: none
        single   : keep amounts as float32: half the memory, coefficients off by 6e-8
        """
        wanted, flow = np.asarray(demand, np.float64), np.asarray(supply, np.float64)
        makes = np.arange(len(wanted)) if product is None else np.asarray(product, np.int64)
        most = np.full(len(makes), np.inf) if capacity is None else capacity
        row, column, value = (np.asarray(a) for a in (technique, input, amount))
        if not len(row) == len(column) == len(value):
            raise InputError("recipes: technique, input and amount must be equally long")
        columns = len(wanted) + len(flow)
        _check_entries(row, column, value, len(makes), columns, "technique or input")
        kept = np.dtype(np.float32 if single else np.float64)
        start, to, put = _sort_entries(row, column, value, len(makes), columns, kept)
        return Recipes(makes, start, to, put, np.asarray(most, np.float64), flow, wanted)


def make_recipes(
    technology: Technology, utility: npt.ArrayLike, *, capacity: bool = False, pooled: bool = False
) -> Recipes:
    """The recipes of a technology whose elasticities are all 0, with constant returns.

    utility  : (H,) composites of the households that make up demand at scale 1
    capacity : whether a plant's capital bounds its output, y <= z K
    pooled   : whether plants of one product are alternative techniques and a buyer may take the
               good from any of them; if not, each plant's output is a product of its own and its
               suppliers are fixed

    Products are plants in the order of rows, or pooled goods in the order of their first plant.
    Raises InputError for elasticities above 0, gamma below 1, tariffs or a wrong `utility`.
    """
    t, net = technology, technology.network
    u = check_utility(t, utility)
    check_fixed(t)
    if np.any(t.gamma < 1.0):
        raise InputError("recipes: gamma of some plant is below 1; recipes have constant returns")
    first, plants = net.endowments.stop, net.plants
    group = net.product if pooled else np.arange(net.n)
    makes, of = _number_groups(group[plants])
    column = np.where(net.kind[net.seller] == 0, net.seller + of, 0)
    index = dict(zip(group[plants].tolist(), makes.tolist(), strict=True))
    goods = net.kind[net.seller] != 0
    column[goods] = [index[g] for g in group[net.seller[goods]].tolist()]
    per = t.norm / t.kept / np.where(net.kind == 1, t.z, 1.0)[net.buyer]
    ours = net.buyer < plants.stop
    wants = per[~ours] * u[net.buyer[~ours] - plants.stop]
    final = counted(column[~ours], wants, of + first)
    return Recipes.of_links(
        net.buyer[ours] - first,
        column[ours],
        per[ours],
        product=makes,
        capacity=(t.z * t.K)[plants] if capacity else None,
        supply=t.supply[: net.endowments.stop],
        demand=final[:of],
    )


def check_utility(t: Technology, utility: npt.ArrayLike) -> Floats:
    """`utility` as an array, or InputError saying what is wrong with it."""
    u = np.asarray(utility, np.float64)
    size = t.network.households.stop - t.network.households.start
    if u.shape != (size,) or not np.all(np.isfinite(u)) or np.any(u < 0) or not u.any():
        raise InputError(
            f"utility: expected {size} finite numbers >= 0, one per household, not all zero"
        )
    return u


def check_fixed(t: Technology) -> None:
    """InputError unless all elasticities are 0, there is no tariff and households buy goods."""
    buyers = t.network.rows.buyers
    for name in ("sigma", "eps"):
        wrong = buyers[getattr(t, name)[buyers] != 0.0]
        if wrong.size:
            raise InputError(
                f"recipes: {name} of {t.network.names[wrong[0]]!r} is "
                f"{getattr(t, name)[wrong[0]]:g}, expected 0: recipes must be fixed; "
                "for others use `farrell`"
            )
    if t.taxed:
        raise InputError("recipes: the technology has tariffs; pass `technology.untaxed`")
    if np.any(t.network.rows.perishable & (t.network.kind[t.network.buyer] == HOUSEHOLD)):
        raise InputError(
            "recipes: households buy endowments directly; give them a plant that makes the service"
        )


def _number_groups(group: Ints) -> tuple[Ints, int]:
    """Groups numbered by first appearance, and how many there are."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse], len(first)


def _check_entries(row: Any, column: Any, value: Any, rows: int, columns: int, what: str) -> None:
    wrong: list[int] = []

    def work(first: int, stop: int) -> None:
        at = kernels.check(row, column, value, rows, columns, first, stop)
        if at >= 0:
            wrong.append(at)

    over(len(value), len(value), work)
    if wrong:
        at = min(wrong)
        raise InputError(
            f"recipes: entry {at} ({what} {row[at]}, {column[at]}; amount {value[at]:g}) is out of "
            f"range; there are {rows} and {columns}, and amounts are finite and >= 0"
        )


def _sort_entries(
    row: Any, column: Any, value: Any, rows: int, columns: int, kept: Any
) -> tuple[Ints, Any, Any]:
    """Entries by row, in their own order within it, by a counting sort in parts."""
    parts = min(count(), max(1, len(row) // (rows + 1)))  # the order does not depend on it
    tally, start = np.zeros((parts, rows), np.int64), np.empty(rows + 1, np.int64)
    over(parts, len(row), lambda a, b: kernels.tally(row, parts, tally, a, b))
    kernels.starts(tally, start)
    narrow = np.uint16 if columns <= 1 << 16 else np.uint32
    to, put = np.empty(len(row), narrow), np.empty(len(row), kept)
    over(parts, len(row), lambda a, b: kernels.place(row, column, value, tally, to, put, a, b))
    return start, to, put
