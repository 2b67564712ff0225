"""A pair of make and use tables, turned into a symmetric one by industry technology.

The use sheet has products in its rows, then `compensation`, `taxes` and `surplus`; its columns
are industries, then final users, `exports` and `imports`. The make sheet has industries in its
rows and products in its columns. Both are at the same prices, best basic ones. The conversion is
the one of the shipped tables (`balance.by_product`): all products of an industry are made with its
inputs (Eurostat 2008, model B).
"""

from collections.abc import Sequence

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.origin import originated
from catallax.domains.production.economy.tables.balance import Accounts, by_product
from catallax.domains.production.economy.tables.mend import TOLERANCE
from catallax.domains.production.economy.tables.sheet import Label, Sheet, said
from catallax.domains.production.economy.tables.symmetric import (
    ADDED,
    CONSUMPTION,
    TRADE,
    final_users,
    tabled,
    value_added,
)
from catallax.domains.production.economy.tables.table import InputOutputTable
from catallax.errors import InputError

VERSION = 1  # of this conversion, in the origins of its tables: raised when their numbers change


def make_use(use: Sheet, make: Sheet, name: str, tolerance: float = TOLERANCE) -> InputOutputTable:
    """The symmetric table of a pair, product by product.

    name      : what to call it
    tolerance : largest imbalance of a product or an industry, as a share of its output

    Raises InputError for missing, blank and negative cells, products without a maker, and larger
    imbalances.
    """
    use.need("row", ADDED)
    use.need("column", (CONSUMPTION, *TRADE))
    products = [row for row in use.rows if row not in ADDED]
    industries = list(make.rows)
    make.need("column", products)
    use.need("row", make.columns)
    use.need("column", industries)
    users = final_users(use, industries)
    use.unused(ADDED, [*users, *TRADE])
    accounts = _accounts(use, make, products, industries, users)
    _check_makers(make, products, industries, accounts.make)
    _check_industries(use, industries, accounts, tolerance)
    texts = dict(zip(use.rows, use.names, strict=True))
    table = tabled(by_product(accounts), use.where, name, products, users, texts, tolerance)
    sheets = {"use": use.digest, "make": make.digest}
    return originated(table, {"maker": "make_use", "version": VERSION, **sheets})


def _accounts(
    use: Sheet,
    make: Sheet,
    products: Sequence[Label],
    industries: list[Label],
    users: Sequence[Label],
) -> Accounts:
    made: Floats = make.block(industries, products).T
    exports, imports = (use.block(products, [column])[:, 0] for column in TRADE)
    supply = made.sum(axis=1) + imports
    return Accounts(
        products=tuple(said(p) for p in products),
        industries=tuple(said(i) for i in industries),
        make=made,
        use=use.block(products, industries),
        final=use.block(products, users),
        exports=exports,
        imports=imports,
        adjustment=np.zeros(len(products)),
        total_supply=supply,
        total_use=supply,
        **value_added(use, industries),
    )


def _check_makers(
    make: Sheet, products: Sequence[Label], industries: Sequence[Label], made: Floats
) -> None:
    for kind, labels, axis in (("column", products, 1), ("row", industries, 0)):
        none = np.flatnonzero(made.sum(axis=axis) <= 0)
        if none.size:
            what = "is made by nobody" if kind == "column" else "makes nothing"
            raise InputError(
                f"{make.where}: {kind} {said(labels[none[0]])!r} {what}: all its cells are 0; "
                f"drop it or add it to a neighbour, in both files"
            )


def _check_industries(
    use: Sheet, industries: Sequence[Label], accounts: Accounts, tolerance: float
) -> None:
    """What an industry makes is what it pays for, within the tolerance."""
    a, output = accounts, accounts.make.sum(axis=0)
    costs = a.use.sum(axis=0) + a.compensation + a.taxes + a.surplus
    apart = np.abs(costs - output) / output
    i = int(np.argmax(apart))
    if apart[i] > tolerance:
        label = said(industries[i])
        raise InputError(
            f"{use.where}: column {label!r} is out of balance with row {label!r} of the make "
            f"table: it pays {costs[i]:.6g} and makes {output[i]:.6g}, {apart[i]:.2%} apart, "
            f"expected at most {tolerance:.2%}; correct one of them"
        )
