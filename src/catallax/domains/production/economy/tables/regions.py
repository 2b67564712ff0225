"""A multi-region table: every sector of every region is a producer, and there is no outside world.

As a sheet, rows are (region, sector), then (`value added`, `compensation`), `taxes`, `surplus`, or
(`value added`, `total`) alone; columns are the same (region, sector), then final users as
(region, user). What a producer pays, its column's sum, is its output.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.origin import (
    Origin,
    digest_of_values,
    origin_of,
    originated,
)
from catallax.domains.production.economy.tables.balance import Draft
from catallax.domains.production.economy.tables.mend import TOLERANCE, mended
from catallax.domains.production.economy.tables.moved import Moved
from catallax.domains.production.economy.tables.producers import Producers
from catallax.domains.production.economy.tables.sheet import Label, Sheet
from catallax.domains.production.economy.tables.symmetric import ADDED, TAXES
from catallax.domains.production.economy.tables.table import load
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
    moved: Moved | None = None

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
        return origin_of(self) or {"maker": "regional table", "values": self._values}

    @cached_property
    def _values(self) -> str:
        return digest_of_values({k: getattr(self, k) for k in ("plants", "users", *_ARRAYS)})

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


def regional(sheet: Sheet, name: str, tolerance: float = TOLERANCE) -> RegionalTable:
    """The table in a sheet, balanced if it is out of balance within the tolerance.

    Producers and final users without any cell are left out: their region does not have them.
    Raises InputError for missing, blank and negative cells and for larger imbalances.
    """
    plants = [row for row in sheet.rows if row[0] != VALUE_ADDED]
    sheet.need("column", plants)
    known = set(plants)
    users = [column for column in sheet.columns if column not in known]
    if not plants or not users:
        raise InputError(
            f"{sheet.where}: has {len(plants)} rows of producers and {len(users)} columns of final "
            f"users; expected one at least of each, labelled by region and sector or user"
        )
    below = [row for row in sheet.rows if row[0] == VALUE_ADDED]
    sheet.unused(below, users)
    flow, final = sheet.block(plants, plants), sheet.block(plants, users)
    parts = added(sheet, plants)
    table = settled(sheet.where, name, plants, users, flow, final, parts, tolerance)
    return originated(table, {"maker": "regional", "version": VERSION, "sheet": sheet.digest})


def added(sheet: Sheet, plants: Sequence[Label]) -> dict[str, Floats]:
    """Compensation, taxes and surplus of each producer, (P,) each."""
    if (VALUE_ADDED, *TOTAL) in sheet.rows:
        return undivided(sheet.block([(VALUE_ADDED, *TOTAL)], plants)[0])
    rows = [(VALUE_ADDED, *row) for row in ADDED]
    sheet.need("row", rows)
    return {row[1]: sheet.block([row], plants, signed=row[1:] == TAXES)[0] for row in rows}


def undivided(value: Floats) -> dict[str, Floats]:
    """Value added (P,) of which only the sum is known; the surplus has the US share of 2021."""
    us = load("us71")
    part = float(us.surplus.sum()) / us.gdp
    return {
        "compensation": value * (1.0 - part),
        "taxes": np.zeros_like(value),
        "surplus": value * part,
    }


def settled(
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
    draft, moved = mended(draft, where, plants, users, tolerance)
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
