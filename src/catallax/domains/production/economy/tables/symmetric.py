"""One country's symmetric table in one sheet.

Rows are products, then `compensation`, `taxes` and `surplus`; columns are the same products, then
final users, `exports` and `imports`. Every column that is none of these is a final user, and
`consumption` must be among them. Only taxes may be negative. What a product costs to make, its
column's sum, is its output.
"""

from catallax.arrays import Floats
from catallax.domains.production.economy.tables.balance import Draft
from catallax.domains.production.economy.tables.mend import TOLERANCE, mended
from catallax.domains.production.economy.tables.sheet import Label, Sheet, said
from catallax.domains.production.economy.tables.table import InputOutputTable, read_from

COMPENSATION, TAXES, SURPLUS = ("compensation",), ("taxes",), ("surplus",)
ADDED: tuple[Label, ...] = (COMPENSATION, TAXES, SURPLUS)
TRADE: tuple[Label, ...] = (("exports",), ("imports",))
CONSUMPTION: Label = ("consumption",)


def symmetric(sheet: Sheet, name: str, tolerance: float = TOLERANCE) -> InputOutputTable:
    """The table in a sheet, balanced if it is out of balance within the tolerance.

    name      : what to call it
    tolerance : largest imbalance that is balanced, as a share of a product's supply

    Raises InputError for missing, blank and negative cells and for larger imbalances.
    """
    sheet.need("row", ADDED)
    sheet.need("column", (CONSUMPTION, *TRADE))
    products = [row for row in sheet.rows if row not in ADDED]
    sheet.need("column", products)
    users = final_users(sheet, products)
    added = value_added(sheet, products)
    sheet.unused(ADDED, [*users, *TRADE])
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
    table = tabled(draft, sheet.where, name, products, users, texts, tolerance)
    return read_from(table, draft)


def final_users(sheet: Sheet, known: list[Label]) -> list[Label]:
    """Columns that are neither known nor trade."""
    taken = {*known, *TRADE}
    return [column for column in sheet.columns if column not in taken]


def value_added(sheet: Sheet, makers: list[Label]) -> dict[str, Floats]:
    """Compensation, taxes and surplus of each maker, (P,) each; taxes may be negative."""
    return {said(row): sheet.block([row], makers, signed=row == TAXES)[0] for row in ADDED}


def tabled(
    draft: Draft,
    where: str,
    name: str,
    products: list[Label],
    users: list[Label],
    texts: dict[Label, str],
    tolerance: float,
) -> InputOutputTable:
    """The balanced draft as a checked table."""
    settled, moved = mended(draft, where, products, users, tolerance)
    parts = {k: v for k, v in vars(settled).items() if k != "output"}
    table = InputOutputTable(
        name=name,
        codes=tuple(said(p) for p in products),
        names=tuple(texts[p] for p in products),
        users=tuple(said(u) for u in users),
        moved=moved,
        **parts,
    )
    table.check()
    return table
