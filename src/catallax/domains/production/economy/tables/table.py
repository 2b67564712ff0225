"""A balanced, symmetric, product-by-product input-output table, and those that are shipped."""

import csv
from abc import ABC
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.origin import (
    Origin,
    digest_values,
    find_origin,
    mark_origin,
)
from catallax.domains.production.economy.tables.mend import MovedCell
from catallax.errors import InputError, unknown
from catallax.protocol.sealed import frozen


class Producers(ABC):
    """The columns of P producers: what each buys and what it adds.

    flow                  : (P, P) use of i's product by producer j
    compensation, surplus : (P,) pay of employees and gross operating surplus
    taxes                 : (P,) less subsidies, paid by the producer
    """

    flow: Floats
    compensation: Floats
    taxes: Floats
    surplus: Floats

    @property
    def value_added(self) -> Floats:
        """(P,) compensation, taxes and surplus."""
        return self.compensation + self.taxes + self.surplus

    @property
    def output(self) -> Floats:
        """(P,) gross output: inputs and value added."""
        total: Floats = self.flow.sum(axis=0) + self.value_added
        return total


VERSION = 1  # of symmetric tables that are read, in their origins: raised when their numbers change
USERS = ("consumption", "government", "investment")

BALANCE = 1e-12
"""Largest imbalance of a product, relative to its supply, that `check` lets pass; of more than a
hundred products, a hundredth of it for each (sums of so many cells are rounded)."""

LEAST_SURPLUS = 0.01
"""Least share of surplus in output: below it a product has no capital to speak of."""

_ARRAYS = ("flow", "final", "exports", "imports", "compensation", "taxes", "surplus")
_NON_NEGATIVE = ("flow", "final", "exports", "imports", "compensation", "surplus")
_SHIPPED = ("us15", "us71")


@final
@dataclass(frozen=True, eq=False)
class InputOutputTable(Producers):
    """Who sells what to whom in one year, in million dollars at basic prices.

    name         : "us71"
    codes, names : P products, each made by the one producer of the same code
    flow         : (P, P) use of product i, domestic and imported, by the producer of product j
    final        : (P, U) use of product i by final user u
    exports      : (P,) sales abroad
    imports      : (P,) what comes from abroad, for domestic users
    compensation : (P,) pay of employees in making the product
    taxes        : (P,) taxes less subsidies which the producer pays: on production and on its
                   inputs; the only cells which may be negative
    surplus      : (P,) gross operating surplus
    users        : U names
    moved        : the cell that balancing moved most; None if nothing had to be balanced

    Arrays are copied, float64 and read-only. Raises InputError if a shape does not fit; the
    accounting identities are verified by `check`.
    """

    name: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    flow: Floats
    final: Floats
    exports: Floats
    imports: Floats
    compensation: Floats
    taxes: Floats
    surplus: Floats
    users: tuple[str, ...] = USERS
    moved: MovedCell | None = None

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            object.__setattr__(self, name, frozen(getattr(self, name)))
        self._check_shapes()

    def __repr__(self) -> str:
        return (
            f"InputOutputTable({self.name!r}, {len(self)} products, "
            f"output {self.output.sum() / 1e6:.2f} trillion, GDP {self.gdp / 1e6:.2f} trillion)"
        )

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def origin(self) -> Origin:
        """What the table was read from, before any balancing; of one made in Python its values."""
        return find_origin(self) or {"maker": "table", "values": digest_table(self, self)}

    @property
    def supply(self) -> Floats:
        """(P,) output and imports."""
        return self.output + self.imports

    @property
    def uses(self) -> Floats:
        """(P,) intermediate use, final use and exports."""
        total: Floats = self.flow.sum(axis=1) + self.final.sum(axis=1) + self.exports
        return total

    @property
    def domestic_sales(self) -> Floats:
        """(P,) what domestic producers sell at home; imports are for domestic users only."""
        return self.output - self.exports

    @property
    def gdp(self) -> float:
        """Value added of all products: GDP less the product taxes which final users pay."""
        return float(self.value_added.sum())

    def residual(self) -> float:
        """Largest |supply - uses| of a product, relative to its supply."""
        return float(np.max(np.abs(self.supply - self.uses) / np.maximum(self.supply, 1.0)))

    def position(self, code: str) -> int:
        """Find the row and column of a product. Raises InputError if the code is unknown."""
        if code not in self.codes:
            raise unknown(f"product of table {self.name}", code, self.codes)
        return self.codes.index(code)

    def check(self) -> None:
        """Raise InputError if a cell or an identity is wrong, naming it and how to mend it."""
        self._check_finite()
        for name in _NON_NEGATIVE:
            self._check_non_negative(name)
        self._check_products()
        self._check_balance()

    def _check_shapes(self) -> None:
        count, users = len(self.codes), len(self.users)
        shapes = {"flow": (count, count), "final": (count, users)}
        for name in _ARRAYS:
            shape, expected = getattr(self, name).shape, shapes.get(name, (count,))
            if shape != expected:
                raise InputError(
                    f"table {self.name}: {name} has shape {shape}, expected {expected}: "
                    f"one row for each of the {count} codes."
                )
        self._check_names()

    def _check_names(self) -> None:
        twice = sorted(c for c, count in Counter(self.codes).items() if count > 1)
        if twice:
            raise InputError(f"table {self.name}: code {twice[0]!r} stands twice; rename one.")
        if len(self.names) != len(self.codes):
            raise InputError(
                f"table {self.name}: {len(self.names)} names for {len(self.codes)} codes; "
                "give one name for each code."
            )

    def _check_finite(self) -> None:
        for name in _ARRAYS:
            bad = np.argwhere(~np.isfinite(getattr(self, name)))
            if bad.size:
                raise self._cell_error(name, bad[0], "expected a finite number; fill it in")

    def _check_non_negative(self, name: str) -> None:
        bad = np.argwhere(getattr(self, name) < 0)
        if bad.size:
            mend = "expected >= 0; move it to the other side of the account and balance again"
            raise self._cell_error(name, bad[0], mend)

    def _check_products(self) -> None:
        output = self.output
        rules = (
            (output <= 0, "output", "> 0: drop the product or merge it with a neighbour"),
            (self.value_added <= 0, "value added", "> 0: check its taxes and subsidies"),
            (
                self.surplus < LEAST_SURPLUS * output,
                "surplus",
                f">= {LEAST_SURPLUS} of output: move subsidies out of taxes, or merge the product",
            ),
            (self.domestic_sales < 0, "output less exports", ">= 0: net out re-exports"),
        )
        for broken, what, expected in rules:
            if broken.any():
                code = self.codes[int(np.argmax(broken))]
                raise InputError(
                    f"table {self.name}, product {code}: {what} is out of range, "
                    f"expected {expected}."
                )

    def _check_balance(self) -> None:
        gap = self.supply - self.uses
        worst = int(np.argmax(np.abs(gap) / np.maximum(self.supply, 1.0)))
        if self.residual() > BALANCE * max(1.0, len(self) / 100):
            raise InputError(
                f"table {self.name}, row {self.codes[worst]}: supply {self.supply[worst]:.3f} "
                f"and uses {self.uses[worst]:.3f} differ by {gap[worst]:.3g}; expected a "
                f"difference below {BALANCE:g} of supply. Balance the table first."
            )

    def _cell_error(self, name: str, cell: Iterable[int], mend: str) -> InputError:
        row, *column = (int(i) for i in cell)
        heads = {"flow": self.codes, "final": self.users}
        where = f", column {heads[name][column[0]]}" if column else ""
        value = getattr(self, name)[(row, *column)]
        return InputError(
            f"table {self.name}: {name}, row {self.codes[row]}{where} is {value:g}; {mend}."
        )


def digest_table(table: InputOutputTable, numbers: object) -> str:
    """Digest of a table's labels with the numbers of another, such as its own unbalanced draft."""
    heads = {k: getattr(table, k) for k in ("codes", "names", "users")}
    return digest_values(heads | {k: getattr(numbers, k) for k in _ARRAYS})


def mark_as_read(table: InputOutputTable, numbers: object) -> InputOutputTable:
    """The table as one that was read; `numbers` has the values as they were read."""
    values = digest_table(table, numbers)
    return mark_origin(table, {"maker": "symmetric", "version": VERSION, "values": values})


def list_shipped() -> tuple[str, ...]:
    """List the names of the tables that `load_table` knows."""
    return _SHIPPED


def load_table(name: str) -> InputOutputTable:
    """Load a shipped table and check it.

    name : "us15" or "us71": the United States in 2021 at 15 or 71 products

    Source: U.S. Bureau of Economic Analysis, supply and use accounts (public domain); see
    data/PROVENANCE.md for every step between them and these files. Raises InputError for an
    unknown name.
    """
    if name not in _SHIPPED:
        raise unknown("table", name, _SHIPPED)
    flow, products = _read_rows(f"{name}_flow.csv"), _read_rows(f"{name}_products.csv")
    table = _assemble_table(name, flow, products)
    table.check()
    return mark_as_read(table, table)


def _read_rows(file: str) -> list[list[str]]:
    text = (files("catallax.domains.production.economy.tables") / "data" / file).read_text(
        encoding="utf-8"
    )
    return list(csv.reader(text.splitlines()))


def _assemble_table(
    name: str, flow: Sequence[Sequence[str]], products: Sequence[Sequence[str]]
) -> InputOutputTable:
    column = {head: [row[i] for row in products[1:]] for i, head in enumerate(products[0])}
    vectors = {n: np.array(column[n], np.float64) for n in _ARRAYS if n in column}
    return InputOutputTable(
        name=name,
        codes=tuple(column["code"]),
        names=tuple(column["name"]),
        flow=np.array([row[1:] for row in flow[1:]], np.float64),
        final=np.array([column[user] for user in USERS], np.float64).T,
        exports=vectors["exports"],
        imports=vectors["imports"],
        compensation=vectors["compensation"],
        taxes=vectors["taxes"],
        surplus=vectors["surplus"],
    )
