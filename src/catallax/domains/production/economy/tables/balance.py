"""From make and use accounts to a symmetric table that balances to the last digit.

Small pure functions, in the order in which they are applied. Only the script that makes the
shipped tables needs them; `load_table` does not. Money is million dollars a year.
"""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.protocol.sealed import frozen

CONSUMPTION, INVESTMENT = 0, 2
ROUNDING = 5.0
"""Published cells are rounded to 1 million: sums of them may be off by so much."""

_TINY = 1e-14
_MOST_SWEEPS = 10_000


@final
@dataclass(frozen=True, eq=False)
class MakeUseAccounts:
    """Make and use accounts: P products, I industries, U final users.

    products, industries : codes
    make   : (P, I) what industry j makes of product i, basic prices
    use    : (P, I) what industry j uses of product i, at purchasers' prices as read
    final  : (P, U) what final user u takes
    exports, imports, adjustment : (P,) trade, and the published CIF/FOB adjustment of imports
    total_supply, total_use      : (P,) as published: basic and purchasers' prices
    compensation, taxes, surplus : (I,) value added at basic prices; taxes less subsidies
    """

    products: tuple[str, ...]
    industries: tuple[str, ...]
    make: Floats
    use: Floats
    final: Floats
    exports: Floats
    imports: Floats
    adjustment: Floats
    total_supply: Floats
    total_use: Floats
    compensation: Floats
    taxes: Floats
    surplus: Floats

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, frozen(value))

    @property
    def gap(self) -> Floats:
        """(P,) margins and product taxes: use at purchasers' prices less supply at basic."""
        return self.total_use - self.total_supply


@final
@dataclass(frozen=True, eq=False)
class MarginRoles:
    """Which products take part in trade and transport margins.

    goods   : (P,) products on whose way to the user margins are earned
    traders : (P,) trade and transport products, which earn them
    to_households : (P,) share of a trader's sales that goes to household consumption
    """

    goods: npt.NDArray[np.bool_]
    traders: npt.NDArray[np.bool_]
    to_households: Floats


@final
@dataclass(frozen=True, eq=False)
class Draft:
    """A symmetric table that need not balance yet; names and shapes as in InputOutputTable."""

    output: Floats
    flow: Floats
    final: Floats
    exports: Floats
    imports: Floats
    compensation: Floats
    taxes: Floats
    surplus: Floats

    @property
    def row_gap(self) -> Floats:
        """(P,) supply less uses."""
        used = self.flow.sum(axis=1) + self.final.sum(axis=1) + self.exports
        gap: Floats = self.output + self.imports - used
        return gap

    @property
    def column_gap(self) -> Floats:
        """(P,) output less costs."""
        added = self.compensation + self.taxes + self.surplus
        gap: Floats = self.output - self.flow.sum(axis=0) - added
        return gap


# --- cleaning ------------------------------------------------------------------------------


def recover_imports(total_supply: Floats, make: Floats, adjustment: Floats) -> Floats:
    """Recover imports (P,): supply less domestic output less the CIF/FOB adjustment.

    What is within the rounding of the published cells is no import.
    """
    imports = total_supply - make.sum(axis=1) - adjustment
    return np.where(np.abs(imports) <= ROUNDING, 0.0, imports)


def sell_freight_abroad(accounts: MakeUseAccounts) -> MakeUseAccounts:
    """Book the CIF/FOB adjustment as exports of the carriers and insurers concerned.

    Imports are valued with freight; where a domestic carrier earned it, the freight is in
    its output too. The importer pays the foreign seller, who pays the carrier: an export.
    """
    freight = -accounts.adjustment
    return replace(
        accounts,
        adjustment=np.zeros_like(freight),
        exports=accounts.exports + freight,
        total_supply=accounts.total_supply + freight,
        total_use=accounts.total_use + freight,
    )


def sell_second_hand(accounts: MakeUseAccounts) -> MakeUseAccounts:
    """Book negative inputs as negative investment of the seller, out of its surplus.

    An industry that sells used equipment shows a negative input. It disinvests; the proceeds
    are not a saving of inputs.
    """
    sold = np.minimum(accounts.use, 0.0)
    final = accounts.final.copy()
    final[:, INVESTMENT] += sold.sum(axis=1)
    surplus = accounts.surplus + sold.sum(axis=0)
    return replace(accounts, use=accounts.use - sold, final=final, surplus=surplus)


def drop_negative_make(accounts: MakeUseAccounts) -> MakeUseAccounts:
    """Set negative output to zero and take it from the product's main maker."""
    negative = np.minimum(accounts.make, 0.0)
    make = accounts.make - negative
    make[np.arange(len(make)), make.argmax(axis=1)] += negative.sum(axis=1)
    return replace(accounts, make=make)


def fold_scrap(accounts: MakeUseAccounts, used: int, metal: int, vehicles: int) -> MakeUseAccounts:
    """Fold scrap and second-hand goods into products that have a maker.

    What industries use and what is traded abroad is scrap, mostly metal; what final users
    buy and sell among themselves is second-hand, mostly vehicles.
    """
    scrap = accounts.use[used].sum() + accounts.exports[used]
    second_hand = accounts.total_use[used] - scrap
    total = accounts.total_use.copy()
    total[metal] += scrap
    total[vehicles] += second_hand
    total[used] = 0.0
    folded = replace(accounts, total_use=total, final=_move_row(accounts.final, used, vehicles))
    rest = ("make", "use", "exports", "imports", "adjustment", "total_supply")
    return _drop_row(_fold(folded, rest, used, metal), used)


def fold_noncomparable(accounts: MakeUseAccounts, other: int, services: int) -> MakeUseAccounts:
    """Fold non-comparable imports into the business services that they mostly are."""
    names = ("make", "use", "final", "exports", "imports", "adjustment", "total_supply")
    return _drop_row(_fold(accounts, (*names, "total_use"), other, services), other)


def _fold(
    accounts: MakeUseAccounts, names: tuple[str, ...], source: int, target: int
) -> MakeUseAccounts:
    moved: dict[str, Any] = {n: _move_row(getattr(accounts, n), source, target) for n in names}
    return replace(accounts, **moved)


def _move_row(array: Floats, source: int, target: int) -> Floats:
    moved = array.copy()
    moved[target] += moved[source]
    moved[source] = 0.0
    return moved


def _drop_row(accounts: MakeUseAccounts, row: int) -> MakeUseAccounts:
    names = ("make", "use", "final", "exports", "imports", "adjustment")
    kept: dict[str, Any] = {
        name: np.delete(getattr(accounts, name), row, axis=0)
        for name in (*names, "total_supply", "total_use")
    }
    products = accounts.products[:row] + accounts.products[row + 1 :]
    return replace(accounts, products=products, **kept)


# --- prices --------------------------------------------------------------------------------


def find_margins_earned(accounts: MakeUseAccounts, roles: MarginRoles) -> Floats:
    """(P,) margins which each trade or transport product earns: its negative gap."""
    return np.where(roles.traders, np.maximum(-accounts.gap, 0.0), 0.0)


def split_price_gaps(accounts: MakeUseAccounts, roles: MarginRoles) -> tuple[Floats, Floats]:
    """Split each product's gap into one margin rate and one tax rate, both (P,).

    Services bear product taxes only. Goods bear the margins and what is left of the taxes,
    in the same proportion. Margins fall on every use, taxes on domestic uses.
    """
    gap, earned = accounts.gap, find_margins_earned(accounts, roles)
    share = earned.sum() / gap[roles.goods].sum()
    margin = np.where(roles.goods, share * gap, 0.0)
    tax = np.where(earned > 0, 0.0, gap - margin)
    domestic = accounts.total_use - accounts.exports
    return _divide(margin, accounts.total_use), _divide(tax, domestic)


def hand_out_margins(paid: Floats, earned: Floats, roles: MarginRoles, household: int) -> Floats:
    """Hand the margins which users paid to the products which earned them.

    paid : (N,) margins paid by each user; earned : (P,) margins earned by each product
    household : the user which is household consumption
    Returns (P, N): starts from each trader's share of sales to households, and is scaled until
    columns sum to `paid` (brought to the same total) and rows to `earned`.
    """
    others = paid.copy()
    others[household] = 0.0
    seed = np.outer(1.0 - roles.to_households, others / others.sum())
    seed[:, household] = roles.to_households
    return _fit(seed * earned[:, None], earned, paid * (earned.sum() / paid.sum()))


def _fit(seed: Floats, rows: Floats, columns: Floats) -> Floats:
    for _ in range(_MOST_SWEEPS):
        seed = seed * _divide(columns, seed.sum(axis=0))
        missing = np.abs(seed.sum(axis=1) - rows).max()
        seed = seed * _divide(rows, seed.sum(axis=1))[:, None]
        if missing <= 1e-12 * rows.sum():
            return seed
    raise ArithmeticError(f"margins do not fit after {_MOST_SWEEPS} sweeps: {missing}")


def convert_to_basic_prices(
    accounts: MakeUseAccounts, roles: MarginRoles
) -> tuple[MakeUseAccounts, Floats]:
    """Bring all uses to basic prices.

    Margins become purchases of trade and transport. Product taxes on inputs join the taxes
    of the industry that pays them; those on final uses leave the table.
    Returns the accounts and the taxes left out, (U,).
    """
    margin, tax = split_price_gaps(accounts, roles)
    count = len(accounts.industries)
    uses = np.column_stack([accounts.use, accounts.final, accounts.exports])
    taxes = tax[:, None] * uses
    taxes[:, -1] = 0.0
    margins = margin[:, None] * uses
    household = count + CONSUMPTION
    handed = hand_out_margins(
        margins.sum(axis=0), find_margins_earned(accounts, roles), roles, household
    )
    return _revalue_uses(accounts, uses - margins - taxes + handed, taxes.sum(axis=0))


def _revalue_uses(
    accounts: MakeUseAccounts, basic: Floats, paid: Floats
) -> tuple[MakeUseAccounts, Floats]:
    count = len(accounts.industries)
    result = replace(
        accounts,
        use=basic[:, :count],
        final=basic[:, count:-1],
        exports=basic[:, -1],
        taxes=accounts.taxes + paid[:count],
        total_use=accounts.total_supply,
    )
    return result, paid[count:-1]


def _divide(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=(part != 0) & (whole != 0))


# --- symmetric table -----------------------------------------------------------------------


def convert_to_products(accounts: MakeUseAccounts) -> Draft:
    """Turn industries into products: every product of an industry is made with its inputs.

    Industry technology: A = B D with B = U / g and D = V / q, so the flow A q is U (V / g).
    """
    mix = accounts.make / accounts.make.sum(axis=0)
    return Draft(
        output=accounts.make.sum(axis=1),
        flow=accounts.use @ mix.T,
        final=accounts.final,
        exports=accounts.exports,
        imports=accounts.imports,
        compensation=mix @ accounts.compensation,
        taxes=mix @ accounts.taxes,
        surplus=mix @ accounts.surplus,
    )


def drop_negative_final(draft: Draft) -> Draft:
    """Set negative final use (stocks run down) to zero; balancing takes it from other uses."""
    return replace(draft, final=np.maximum(draft.final, 0.0))


def balance_by_ras(draft: Draft) -> Draft:
    """Balance by scaling rows and columns in turn (RAS), the change of least information.

    Output, imports, exports and taxes stay; inputs, final uses, pay and surplus give way.
    Raises ArithmeticError if it does not settle.
    """
    for _ in range(_MOST_SWEEPS):
        draft = _fit_columns(_fit_rows(draft))
        if np.max(np.abs(draft.row_gap) / draft.output) < _TINY * len(draft.output):
            return draft
    raise ArithmeticError(f"no balance after {_MOST_SWEEPS} sweeps: {np.abs(draft.row_gap).max()}")


def _fit_rows(draft: Draft) -> Draft:
    scalable = draft.flow.sum(axis=1) + draft.final.sum(axis=1)
    factor = (1.0 + _divide(draft.row_gap, scalable))[:, None]
    return replace(draft, flow=draft.flow * factor, final=draft.final * factor)


def _fit_columns(draft: Draft) -> Draft:
    scalable = draft.flow.sum(axis=0) + draft.compensation + draft.surplus
    factor = 1.0 + _divide(draft.column_gap, scalable)
    return replace(
        draft,
        flow=draft.flow * factor,
        compensation=draft.compensation * factor,
        surplus=draft.surplus * factor,
    )


def round_cells(draft: Draft, step: float = 1e-3) -> Draft:
    """Round to multiples of `step` and keep both identities exact.

    A row's rounding falls on its largest final use (or input, if it has none), a column's on
    the surplus.
    """
    whole = Draft(**{name: np.rint(value / step) for name, value in vars(draft).items()})
    cells = np.column_stack([whole.final, whole.flow])
    users = whole.final.shape[1]
    in_final = whole.final.max(axis=1) > 0
    largest = np.where(in_final, whole.final.argmax(axis=1), users + whole.flow.argmax(axis=1))
    cells[np.arange(len(cells)), largest] += whole.row_gap
    whole = replace(whole, final=cells[:, :users], flow=cells[:, users:])
    whole = replace(whole, surplus=whole.surplus + whole.column_gap)
    return Draft(**{name: value * step for name, value in vars(whole).items()})
