"""Multi-region tables of `pymrio` and objects like it; the package itself is not imported.

Used are `Z` (P, P), `Y` (P, U) and the data frame `F` of an extension called `factor_inputs`,
`value_added` or `VA`, all with labels (region, sector) or (region, category). Without such an
extension value added is what sales leave over costs.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.origin import originated
from catallax.domains.production.economy.tables.mend import TOLERANCE
from catallax.domains.production.economy.tables.parse import from_frame, is_frame
from catallax.domains.production.economy.tables.regions import RegionalTable, settled, undivided
from catallax.domains.production.economy.tables.sheet import Label, Sheet, said
from catallax.errors import InputError

VERSION = 1  # of this reading, in its tables' origins: raised whenever their numbers change
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


def from_mrio(system: Any, name: str, tolerance: float = TOLERANCE) -> RegionalTable:
    """The table of a multi-region system.

    All categories of final use of a region are summed into one user, so that stocks run down in
    one of them are met by another. Rows of value added are told apart by their names; without
    names that say more, the surplus has its share of the US in 2021.

    Raises InputError for parts that are missing or do not fit, and whatever `regional` refuses.
    """
    z, y = _part(system, "Z"), _part(system, "Y")
    plants = list(z.rows)
    z.need("column", plants)
    y.need("row", plants)
    users = list(dict.fromkeys((label[0], FINAL) for label in y.columns))
    at = [users.index((label[0], FINAL)) for label in y.columns]
    uses = y.block(plants, y.columns, signed=True)
    final = np.zeros((len(plants), len(users)))
    np.add.at(final.T, at, uses.T)
    summed = Sheet(y.where, tuple(plants), tuple(users), final, tuple(map(said, plants)))
    flow, final = z.block(plants, plants), summed.block(plants, users)
    left = flow.sum(axis=1) + final.sum(axis=1) - flow.sum(axis=0)
    value = _extension(system)
    residual = Sheet("sales less costs", (("total",),), tuple(plants), left[None], ("total",))
    parts = _added(residual if value is None else value, plants)
    table = settled(name, name, plants, users, flow, final, parts, tolerance)
    read = {"Z": z.digest, "Y": y.digest, "F": None if value is None else value.digest}
    return originated(table, {"maker": "mrio", "version": VERSION, **read})


def _part(owner: Any, attribute: str) -> Sheet:
    frame = getattr(owner, attribute, None)
    where = attribute if attribute in "ZY" else "value added"
    if not is_frame(frame):
        raise InputError(
            f"{where}: is missing; expected a data frame, as `load_all` of pymrio reads"
        )
    sheet = from_frame(frame, where)
    short = [label for label in sheet.columns if len(label) < 2]
    if short:
        raise InputError(
            f"{where}: column {said(short[0])!r} has one label, expected region and sector; "
            f"give the columns two levels"
        )
    return sheet


def _extension(system: Any) -> Sheet | None:
    """Rows of value added; None if the system has none."""
    for name in EXTENSIONS:
        found = getattr(system, name, None)
        if found is not None:
            return _part(found, "F")
    return None


def _added(sheet: Sheet, plants: list[Label]) -> dict[str, Floats]:
    """Compensation, taxes and surplus (P,), from rows that say so; others are shared out."""
    sheet.need("column", plants)
    cells = sheet.block(sheet.rows, plants, signed=True)
    kinds = [_kind(said(row)) for row in sheet.rows]
    parts = {k: np.asarray(sum(_rows(cells, kinds, k), np.zeros(len(plants)))) for k in _WORDS}
    rest = sum(_rows(cells, kinds, None), np.zeros(len(plants)))
    parts = {k: v + undivided(rest)[k] for k, v in parts.items()}
    for kind in ("compensation", "surplus"):
        only = ((kind,),)
        Sheet(sheet.where, only, tuple(plants), parts[kind][None], (kind,)).block(only, plants)
    return parts


def _rows(cells: Floats, kinds: list[str | None], kind: str | None) -> Iterator[Floats]:
    return (cells[k] for k, found in enumerate(kinds) if found == kind)


def _kind(name: str) -> str | None:
    """Which part of value added a row is, by the words in its name; None if it does not say."""
    low = name.lower()
    return next((k for k, words in _WORDS.items() if any(w in low for w in words)), None)
