"""One country's symmetric table: in one sheet, or from a pair of make and use tables.

In one sheet rows are products, then `compensation`, `taxes` and `surplus`; columns are the same
products, then final users, `exports` and `imports`. Every column that is none of these is a final
user, and `consumption` must be among them. Only taxes may be negative. What a product costs to
make, its column's sum, is its output.

The use sheet of a pair has products in its rows, then `compensation`, `taxes` and `surplus`; its
columns are industries, then final users, `exports` and `imports`. The make sheet has industries in
its rows and products in its columns. Both are at the same prices, best basic ones. The conversion
is the one of the shipped tables (`convert_to_products`): all products of an industry are made with
its inputs (Eurostat 2008, model B).
"""

from collections.abc import Sequence

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.origin import mark_origin
from catallax.domains.production.economy.tables.balance import (
    Draft,
    MakeUseAccounts,
    convert_to_products,
)
from catallax.domains.production.economy.tables.mend import TOLERANCE, balance_small_gaps
from catallax.domains.production.economy.tables.sheet import Label, Sheet, join_label
from catallax.domains.production.economy.tables.table import InputOutputTable, mark_as_read
from catallax.errors import InputError

COMPENSATION, TAXES, SURPLUS = ("compensation",), ("taxes",), ("surplus",)
ADDED: tuple[Label, ...] = (COMPENSATION, TAXES, SURPLUS)
TRADE: tuple[Label, ...] = (("exports",), ("imports",))
CONSUMPTION: Label = ("consumption",)


def read_symmetric(sheet: Sheet, name: str, tolerance: float = TOLERANCE) -> InputOutputTable:
    """The table in a sheet, balanced if it is out of balance within the tolerance.

    name      : what to call it
    tolerance : largest imbalance that is balanced, as a share of a product's supply

    Raises InputError for missing, blank and negative cells and for larger imbalances.
    """
    sheet.require("row", ADDED)
    sheet.require("column", (CONSUMPTION, *TRADE))
    products = [row for row in sheet.rows if row not in ADDED]
    sheet.require("column", products)
    users = list_final_users(sheet, products)
    added = read_value_added(sheet, products)
    sheet.require_blank(ADDED, [*users, *TRADE])
    flow = sheet.block(products, products)
    draft = Draft(
        output=flow.sum(axis=0) + sum(added.values()),
        flow=flow,
        final=sheet.block(products, users),
        exports=sheet.block(products, [TRADE[0]])[:, 0],
        imports=sheet.block(products, [TRADE[1]])[:, 0],
        **added,
    )
    texts = dict(zip(sheet.rows, sheet.names, strict=True))
    table = make_table(draft, sheet.where, name, products, users, texts, tolerance)
    return mark_as_read(table, draft)


def list_final_users(sheet: Sheet, known: list[Label]) -> list[Label]:
    """Columns that are neither known nor trade."""
    taken = {*known, *TRADE}
    return [column for column in sheet.columns if column not in taken]


def read_value_added(sheet: Sheet, makers: list[Label]) -> dict[str, Floats]:
    """Compensation, taxes and surplus of each maker, (P,) each; taxes may be negative."""
    return {join_label(row): sheet.block([row], makers, signed=row == TAXES)[0] for row in ADDED}


def make_table(
    draft: Draft,
    where: str,
    name: str,
    products: list[Label],
    users: list[Label],
    texts: dict[Label, str],
    tolerance: float,
) -> InputOutputTable:
    """The balanced draft as a checked table."""
    settled, moved = balance_small_gaps(draft, where, products, users, tolerance)
    parts = {k: v for k, v in vars(settled).items() if k != "output"}
    table = InputOutputTable(
        name=name,
        codes=tuple(join_label(p) for p in products),
        names=tuple(texts[p] for p in products),
        users=tuple(join_label(u) for u in users),
        moved=moved,
        **parts,
    )
    table.check()
    return table


VERSION = 1  # of this conversion, in the origins of its tables: raised when their numbers change


def read_make_use(
    use: Sheet, make: Sheet, name: str, tolerance: float = TOLERANCE
) -> InputOutputTable:
    """The symmetric table of a pair, product by product.

    name      : what to call it
    tolerance : largest imbalance of a product or an industry, as a share of its output

    Raises InputError for missing, blank and negative cells, products without a maker, and larger
    imbalances.
    """
    use.require("row", ADDED)
    use.require("column", (CONSUMPTION, *TRADE))
    products = [row for row in use.rows if row not in ADDED]
    industries = list(make.rows)
    make.require("column", products)
    use.require("row", make.columns)
    use.require("column", industries)
    users = list_final_users(use, industries)
    use.require_blank(ADDED, [*users, *TRADE])
    accounts = _collect_accounts(use, make, products, industries, users)
    _check_makers(make, products, industries, accounts.make)
    _check_industries(use, industries, accounts, tolerance)
    texts = dict(zip(use.rows, use.names, strict=True))
    table = make_table(
        convert_to_products(accounts), use.where, name, products, users, texts, tolerance
    )
    sheets = {"use": use.digest, "make": make.digest}
    return mark_origin(table, {"maker": "make_use", "version": VERSION, **sheets})


def _collect_accounts(
    use: Sheet,
    make: Sheet,
    products: Sequence[Label],
    industries: list[Label],
    users: Sequence[Label],
) -> MakeUseAccounts:
    made: Floats = make.block(industries, products).T
    exports, imports = (use.block(products, [column])[:, 0] for column in TRADE)
    supply = made.sum(axis=1) + imports
    return MakeUseAccounts(
        products=tuple(join_label(p) for p in products),
        industries=tuple(join_label(i) for i in industries),
        make=made,
        use=use.block(products, industries),
        final=use.block(products, users),
        exports=exports,
        imports=imports,
        adjustment=np.zeros(len(products)),
        total_supply=supply,
        total_use=supply,
        **read_value_added(use, industries),
    )


def _check_makers(
    make: Sheet, products: Sequence[Label], industries: Sequence[Label], made: Floats
) -> None:
    for kind, labels, axis in (("column", products, 1), ("row", industries, 0)):
        none = np.flatnonzero(made.sum(axis=axis) <= 0)
        if none.size:
            what = "is made by nobody" if kind == "column" else "makes nothing"
            raise InputError(
                f"{make.where}: {kind} {join_label(labels[none[0]])!r} {what}: all its cells "
                f"are 0; drop it or add it to a neighbour, in both files"
            )


def _check_industries(
    use: Sheet, industries: Sequence[Label], accounts: MakeUseAccounts, tolerance: float
) -> None:
    """What an industry makes is what it pays for, within the tolerance."""
    a, output = accounts, accounts.make.sum(axis=0)
    costs = a.use.sum(axis=0) + a.compensation + a.taxes + a.surplus
    apart = np.abs(costs - output) / output
    i = int(np.argmax(apart))
    if apart[i] > tolerance:
        label = join_label(industries[i])
        raise InputError(
            f"{use.where}: column {label!r} is out of balance with row {label!r} of the make "
            f"table: it pays {costs[i]:.6g} and makes {output[i]:.6g}, {apart[i]:.2%} apart, "
            f"expected at most {tolerance:.2%}; correct one of them"
        )
