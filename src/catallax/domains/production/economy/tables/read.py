"""Users' tables, from whatever they have: CSV files, data frames, a multi-region system."""

from pathlib import Path
from typing import Any

from catallax.domains.production.economy.tables.mend import TOLERANCE
from catallax.domains.production.economy.tables.regions import (
    RegionalTable,
    is_mrio,
    read_mrio,
    read_regional,
)
from catallax.domains.production.economy.tables.sheet import (
    Sheet,
    is_frame,
    read_csv_sheet,
    read_frame_sheet,
)
from catallax.domains.production.economy.tables.symmetric import read_make_use, read_symmetric
from catallax.domains.production.economy.tables.table import InputOutputTable
from catallax.errors import InputError

USE, MAKE = "use.csv", "make.csv"

AnyTable = InputOutputTable | RegionalTable


def read_table(
    source: Any, make: Any = None, *, name: str | None = None, tolerance: float = TOLERANCE
) -> AnyTable:
    """A user's table, checked, and balanced if it is out of balance within the tolerance.

    source    : path of a CSV file (symmetric or multi-region, told by its header) or of a folder
                with use.csv and make.csv; a data frame in the same layout; a `pymrio` system. With
                `make`, the use table
    make      : path or data frame of the make table
    name      : what to call it; default: the file's name without its ending
    tolerance : largest imbalance that is balanced, as a share of a product's supply. What it
                moved most is in the table's `moved`

    Raises InputError naming file, row, column and the mend. Layouts: docs/economies.md.
    """
    named = name or _name_source(source)
    if is_mrio(source):
        return read_mrio(source, named, tolerance)
    if isinstance(source, str | Path) and _is_folder(Path(source)) and make is None:
        source, make = _find_pair(Path(source))
    sheet = _read_sheet(source, "the use table" if make is not None else "the table")
    if make is not None:
        return read_make_use(sheet, _read_sheet(make, "the make table"), named, tolerance)
    depths = {len(label) for label in (*sheet.rows, *sheet.columns)}
    if depths == {2}:
        return read_regional(sheet, named, tolerance)
    if depths == {1}:
        return read_symmetric(sheet, named, tolerance)
    raise InputError(
        f"{sheet.where}: its row and column labels have {sorted(depths)} levels; expected one on "
        f"both sides (product) or two on both sides (region, sector)"
    )


def _is_folder(path: Path) -> bool:
    """Also False for names that are too long to be any file's."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _find_pair(folder: Path) -> tuple[Path, Path]:
    missing = [name for name in (USE, MAKE) if not (folder / name).is_file()]
    if missing:
        raise InputError(
            f"{folder}: has no {missing[0]}; a folder must hold a pair of tables, {USE} and {MAKE}"
        )
    return folder / USE, folder / MAKE


def _name_source(source: Any) -> str:
    return Path(source).absolute().stem if isinstance(source, str | Path) else "table"


def _read_sheet(source: Any, where: str) -> Sheet:
    if isinstance(source, str | Path):
        return read_csv_sheet(Path(source))
    if is_frame(source):
        return read_frame_sheet(source, where)
    raise InputError(
        f"{where}: is a {type(source).__name__}; expected a path, a data frame with index, columns "
        f"and values, or a system with Z and Y"
    )
