"""A multi-region table: every sector of every region is a producer, and there is no outside world.

As a sheet, rows are (region, sector), then (`value added`, `compensation`), `taxes`, `surplus`, or
(`value added`, `total`) alone; columns are the same (region, sector), then final users as
(region, user). What a producer pays, its column's sum, is its output.

A system of `pymrio`, or an object like it, is read too; the package itself is not imported. Used
are `Z` (P, P), `Y` (P, U) and the data frame `F` of an extension called `factor_inputs`,
`value_added` or `VA`, all with labels (region, sector) or (region, category). Without such an
extension value added is what sales leave over costs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.origin import (
    Origin,
    digest_values,
    find_origin,
    mark_origin,
)
from catallax.domains.production.economy.tables.balance import Draft
from catallax.domains.production.economy.tables.mend import TOLERANCE, MovedCell, balance_small_gaps
from catallax.domains.production.economy.tables.sheet import (
    Label,
    Sheet,
    is_frame,
    join_label,
    read_frame_sheet,
)
from catallax.domains.production.economy.tables.symmetric import ADDED, TAXES
from catallax.domains.production.economy.tables.table import Producers, load_table
from catallax.errors import InputError
from catallax.protocol.sealed import frozen

VERSION = 1  # of multi-region tables, in their origins: raised whenever their numbers change
VALUE_ADDED = "value added"
TOTAL: Label = ("total",)
_ARRAYS = ("flow", "final", "compensation", "taxes", "surplus")


@final
@dataclass(frozen=True, eq=False)
class RegionalTable(Producers):
    """Who sells what to whom, in and between regions, in one year.

    name         : what people call it
    plants       : P labels (region, sector)
    users        : U labels (region, final user)
    flow         : (P, P) sales of i to j
    final        : (P, U) sales of i to final user u
    compensation, surplus : (P,) pay of employees and gross operating surplus
    taxes        : (P,) less subsidies, paid by the producer; the only cells which may be negative
    moved        : the cell that balancing moved most; None if nothing had to be balanced

    Arrays are copied, float64 and read-only. Make it with `read_table`, which checks and balances.
    """

    name: str
    plants: tuple[tuple[str, str], ...]
    users: tuple[tuple[str, str], ...]
    flow: Floats
    final: Floats
    compensation: Floats
    taxes: Floats
    surplus: Floats
    moved: MovedCell | None = None

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def __repr__(self) -> str:
        return (
            f"RegionalTable({self.name!r}, {len(self.regions)} regions, {len(self.sectors)} "
            f"sectors, {len(self.plants)} producers, {len(self.users)} final users)"
        )

    @property
    def origin(self) -> Origin:
        """What the table was read from, before any balancing; of one made in Python its values."""
        return find_origin(self) or {"maker": "regional table", "values": self._values}

    @cached_property
    def _values(self) -> str:
        return digest_values({k: getattr(self, k) for k in ("plants", "users", *_ARRAYS)})

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Names of regions in the order in which they first come."""
        return tuple(dict.fromkeys(region for region, _ in (*self.plants, *self.users)))

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Names of sectors in the order in which they first come."""
        return tuple(dict.fromkeys(sector for _, sector in self.plants))

    def residual(self) -> float:
        """Largest |output - sales| of a producer, relative to its output."""
        sales = self.flow.sum(axis=1) + self.final.sum(axis=1)
        return float(np.max(np.abs(self.output - sales) / self.output))


def read_regional(sheet: Sheet, name: str, tolerance: float = TOLERANCE) -> RegionalTable:
    """The table in a sheet, balanced if it is out of balance within the tolerance.

    Producers and final users without any cell are left out: their region does not have them.
    Raises InputError for missing, blank and negative cells and for larger imbalances.
    """
    plants = [row for row in sheet.rows if row[0] != VALUE_ADDED]
    sheet.require("column", plants)
    known = set(plants)
    users = [column for column in sheet.columns if column not in known]
    if not plants or not users:
        raise InputError(
            f"{sheet.where}: has {len(plants)} rows of producers and {len(users)} columns of final "
            f"users; expected one at least of each, labelled by region and sector or user"
        )
    below = [row for row in sheet.rows if row[0] == VALUE_ADDED]
    sheet.require_blank(below, users)
    flow, final = sheet.block(plants, plants), sheet.block(plants, users)
    parts = read_regional_value_added(sheet, plants)
    table = balance_regional(sheet.where, name, plants, users, flow, final, parts, tolerance)
    return mark_origin(table, {"maker": "regional", "version": VERSION, "sheet": sheet.digest})


def read_regional_value_added(sheet: Sheet, plants: Sequence[Label]) -> dict[str, Floats]:
    """Compensation, taxes and surplus of each producer, (P,) each."""
    if (VALUE_ADDED, *TOTAL) in sheet.rows:
        return divide_value_added(sheet.block([(VALUE_ADDED, *TOTAL)], plants)[0])
    rows = [(VALUE_ADDED, *row) for row in ADDED]
    sheet.require("row", rows)
    return {row[1]: sheet.block([row], plants, signed=row[1:] == TAXES)[0] for row in rows}


def divide_value_added(value: Floats) -> dict[str, Floats]:
    """Value added (P,) of which only the sum is known; the surplus has the US share of 2021."""
    us = load_table("us71")
    part = float(us.surplus.sum()) / us.gdp
    return {
        "compensation": value * (1.0 - part),
        "taxes": np.zeros_like(value),
        "surplus": value * part,
    }


def balance_regional(
    where: str,
    name: str,
    plants: Sequence[Label],
    users: Sequence[Label],
    flow: Floats,
    final: Floats,
    parts: dict[str, Floats],
    tolerance: float,
) -> RegionalTable:
    """The balanced table of those that have cells."""
    live = (flow.sum(axis=0) + flow.sum(axis=1) + final.sum(axis=1) + sum(parts.values())) != 0
    spends = final.sum(axis=0) > 0
    plants = [p for p, there in zip(plants, live, strict=True) if there]
    users = [u for u, there in zip(users, spends, strict=True) if there]
    flow, final = flow[np.ix_(live, live)], final[np.ix_(live, spends)]
    parts = {k: v[live] for k, v in parts.items()}
    none = np.zeros(len(plants))
    draft = Draft(flow.sum(axis=0) + sum(parts.values()), flow, final, none, none, **parts)
    draft, moved = balance_small_gaps(draft, where, plants, users, tolerance)
    return RegionalTable(
        name,
        tuple((r, s) for r, s in plants),
        tuple((r, s) for r, s in users),
        draft.flow,
        draft.final,
        draft.compensation,
        draft.taxes,
        draft.surplus,
        moved,
    )


MRIO_VERSION = 1  # of this reading, in its tables' origins: raised whenever their numbers change
FINAL = "final use"
EXTENSIONS = ("factor_inputs", "value_added", "VA")
_WORDS = {
    "compensation": ("compensation", "wages", "labour", "labor"),
    "taxes": ("tax", "subsid"),
    "surplus": ("surplus", "profit", "capital"),
}


def is_mrio(thing: object) -> bool:
    """Whether it is a multi-region system: it has `Z` and `Y`."""
    return hasattr(thing, "Z") and hasattr(thing, "Y")


def read_mrio(system: Any, name: str, tolerance: float = TOLERANCE) -> RegionalTable:
    """The table of a multi-region system.

    All categories of final use of a region are summed into one user, so that stocks run down in
    one of them are met by another. Rows of value added are told apart by their names; without
    names that say more, the surplus has its share of the US in 2021.

    Raises InputError for parts that are missing or do not fit, and whatever `regional` refuses.
    """
    z, y = _read_part(system, "Z"), _read_part(system, "Y")
    plants = list(z.rows)
    z.require("column", plants)
    y.require("row", plants)
    users = list(dict.fromkeys((label[0], FINAL) for label in y.columns))
    at = [users.index((label[0], FINAL)) for label in y.columns]
    uses = y.block(plants, y.columns, signed=True)
    final = np.zeros((len(plants), len(users)))
    np.add.at(final.T, at, uses.T)
    summed = Sheet(y.where, tuple(plants), tuple(users), final, tuple(map(join_label, plants)))
    flow, final = z.block(plants, plants), summed.block(plants, users)
    left = flow.sum(axis=1) + final.sum(axis=1) - flow.sum(axis=0)
    value = _read_extension(system)
    residual = Sheet("sales less costs", (("total",),), tuple(plants), left[None], ("total",))
    parts = _sum_value_added(residual if value is None else value, plants)
    table = balance_regional(name, name, plants, users, flow, final, parts, tolerance)
    read = {"Z": z.digest, "Y": y.digest, "F": None if value is None else value.digest}
    return mark_origin(table, {"maker": "mrio", "version": MRIO_VERSION, **read})


def _read_part(owner: Any, attribute: str) -> Sheet:
    frame = getattr(owner, attribute, None)
    where = attribute if attribute in "ZY" else "value added"
    if not is_frame(frame):
        raise InputError(
            f"{where}: is missing; expected a data frame, as `load_all` of pymrio reads"
        )
    sheet = read_frame_sheet(frame, where)
    short = [label for label in sheet.columns if len(label) < 2]
    if short:
        raise InputError(
            f"{where}: column {join_label(short[0])!r} has one label, expected region and sector; "
            f"give the columns two levels"
        )
    return sheet


def _read_extension(system: Any) -> Sheet | None:
    """Rows of value added; None if the system has none."""
    for name in EXTENSIONS:
        found = getattr(system, name, None)
        if found is not None:
            return _read_part(found, "F")
    return None


def _sum_value_added(sheet: Sheet, plants: list[Label]) -> dict[str, Floats]:
    """Compensation, taxes and surplus (P,), from rows that say so; others are shared out."""
    sheet.require("column", plants)
    cells = sheet.block(sheet.rows, plants, signed=True)
    kinds = [_find_kind(join_label(row)) for row in sheet.rows]
    parts = {k: np.asarray(sum(_pick_rows(cells, kinds, k), np.zeros(len(plants)))) for k in _WORDS}
    rest = sum(_pick_rows(cells, kinds, None), np.zeros(len(plants)))
    parts = {k: v + divide_value_added(rest)[k] for k, v in parts.items()}
    for kind in ("compensation", "surplus"):
        only = ((kind,),)
        Sheet(sheet.where, only, tuple(plants), parts[kind][None], (kind,)).block(only, plants)
    return parts


def _pick_rows(cells: Floats, kinds: list[str | None], kind: str | None) -> Iterator[Floats]:
    return (cells[k] for k, found in enumerate(kinds) if found == kind)


def _find_kind(name: str) -> str | None:
    """Which part of value added a row is, by the words in its name; None if it does not say."""
    low = name.lower()
    return next((k for k, words in _WORDS.items() if any(w in low for w in words)), None)
