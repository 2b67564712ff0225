"""Users' tables, from whatever they have: CSV files, data frames, a multi-region system."""

from pathlib import Path
from typing import Any

from catallax.domains.production.economy.tables.make_use import make_use
from catallax.domains.production.economy.tables.mend import TOLERANCE
from catallax.domains.production.economy.tables.mrio import from_mrio, is_mrio
from catallax.domains.production.economy.tables.parse import from_csv, from_frame, is_frame
from catallax.domains.production.economy.tables.regions import RegionalTable, regional
from catallax.domains.production.economy.tables.sheet import Sheet
from catallax.domains.production.economy.tables.symmetric import symmetric
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
    named = name or _stem(source)
    if is_mrio(source):
        return from_mrio(source, named, tolerance)
    if isinstance(source, str | Path) and _is_folder(Path(source)) and make is None:
        source, make = _pair(Path(source))
    sheet = _sheet(source, "the use table" if make is not None else "the table")
    if make is not None:
        return make_use(sheet, _sheet(make, "the make table"), named, tolerance)
    depths = {len(label) for label in (*sheet.rows, *sheet.columns)}
    if depths == {2}:
        return regional(sheet, named, tolerance)
    if depths == {1}:
        return symmetric(sheet, named, tolerance)
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


def _pair(folder: Path) -> tuple[Path, Path]:
    missing = [name for name in (USE, MAKE) if not (folder / name).is_file()]
    if missing:
        raise InputError(
            f"{folder}: has no {missing[0]}; a folder must hold a pair of tables, {USE} and {MAKE}"
        )
    return folder / USE, folder / MAKE


def _stem(source: Any) -> str:
    return Path(source).absolute().stem if isinstance(source, str | Path) else "table"


def _sheet(source: Any, where: str) -> Sheet:
    if isinstance(source, str | Path):
        return from_csv(Path(source))
    if is_frame(source):
        return from_frame(source, where)
    raise InputError(
        f"{where}: is a {type(source).__name__}; expected a path, a data frame with index, columns "
        f"and values, or a system with Z and Y"
    )
