"""Small imbalances of a user's table are balanced, and what moved most is kept; large ones are not.

The balancing itself is `balance_by_ras`: what was made, traded and taxed stays; inputs, final uses,
pay and surplus give way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.tables.balance import Draft, balance_by_ras
from catallax.domains.production.economy.tables.sheet import Label, join_label
from catallax.errors import InputError


@final
@dataclass(frozen=True)
class MovedCell:
    """The cell that balancing moved most.

    row, column   : its labels, "mill"
    before, after : its value, in the table's money
    """

    row: str
    column: str
    before: float
    after: float

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.before:.6g} became {self.after:.6g}"


TOLERANCE = 0.01
"""Largest imbalance of a product, as a share of its supply, that is balanced by default. Published
tables are rounded, which is far less; a larger gap is a missing row or column."""

EXACT = 1e-13
"""Relative imbalance that is rounding of the computer and is left alone."""


def balance_small_gaps(
    draft: Draft, where: str, rows: Sequence[Label], users: Sequence[Label], tolerance: float
) -> tuple[Draft, MovedCell | None]:
    """The draft in balance, and the cell that moved most (None if it was in balance).

    rows      : P labels of products; users : U labels of final users
    tolerance : largest imbalance that is mended, as a share of a product's supply, in [0, 1)

    Raises InputError beyond the tolerance, naming row, column and both sums.
    """
    if not 0 <= tolerance < 1:
        raise InputError(f"tolerance: {tolerance} is out of range, expected a share from 0 to 1")
    worst = [
        _check_imbalance(draft, where, rows, gap, kind, tolerance)
        for kind, gap in (("row", draft.row_gap), ("column", draft.column_gap))
    ]
    if max(worst) <= EXACT:
        return draft, None
    try:
        settled = balance_by_ras(draft)
    except ArithmeticError as e:
        raise InputError(f"{where}: could not be balanced ({e}); balance it first") from e
    return settled, _find_largest_move(draft, settled, rows, users)


def _check_imbalance(
    draft: Draft, where: str, rows: Sequence[Label], gap: Floats, kind: str, tolerance: float
) -> float:
    """The largest gap of a product, as a share of its supply."""
    supply = draft.output + draft.imports
    if np.any(draft.output <= 0):
        name = join_label(rows[int(np.argmin(draft.output))])
        raise InputError(
            f"{where}: column {name!r} has no output (row {name!r}: imports only, or nobody makes "
            f"it); drop the product or add it to a neighbour"
        )
    share = np.abs(gap) / supply
    i = int(np.argmax(share))
    if share[i] > tolerance:
        name, total = join_label(rows[i]), supply if kind == "row" else draft.output
        against = "uses in its row" if kind == "row" else "costs in its column"
        raise InputError(
            f"{where}: row and column {name!r} are out of balance: supply is {total[i]:.6g} and "
            f"{against} sum to {total[i] - gap[i]:.6g}, {share[i]:.2%} of supply apart, expected "
            f"at most {tolerance:.2%}; correct the row or the column, or balance the table"
        )
    return float(share[i])


def _find_largest_move(
    before: Draft, after: Draft, rows: Sequence[Label], users: Sequence[Label]
) -> MovedCell | None:
    """The cell with the largest change, over inputs, final uses, pay and surplus."""
    heads = [join_label(r) for r in rows]
    parts = (
        (before.flow, after.flow, heads, heads),
        (before.final, after.final, heads, [join_label(u) for u in users]),
        (before.compensation[None], after.compensation[None], ["compensation"], heads),
        (before.surplus[None], after.surplus[None], ["surplus"], heads),
    )
    cells = [_find_most_moved(*part) for part in parts if part[0].size]
    return max(cells, key=lambda cell: abs(cell.after - cell.before))


def _find_most_moved(
    was: Floats, now: Floats, rows: Sequence[str], columns: Sequence[str]
) -> MovedCell:
    i, j = divmod(int(np.argmax(np.abs(now - was))), was.shape[1])
    return MovedCell(rows[i], columns[j], float(was[i, j]), float(now[i, j]))
