"""Sheets from CSV files and from data frames.

A file whose first cell is `region` has two words to a label: its first two columns and its first
two rows. Every other file has one. A column `name` holds texts. Data frames come from any
package: only `index`, `columns` and `values` are used.
"""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.tables.sheet import Label, Sheet, said
from catallax.errors import InputError
from catallax.whole import read_given

NAME: Label = ("name",)
REGION = "region"

MOST = 256_000_000  # bytes of a file
MOST_CELLS = 16_000_000  # a square of 4,000; the OECD's table of all countries has 13.6 million
SMALLER = "add sectors up, leave out rows and columns that are not needed, or round the numbers"

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def from_csv(path: Path) -> Sheet:
    """The sheet in a CSV file. Raises InputError for all that is wrong with the file itself."""
    where, lines = str(path), lines_of(path, "columns, then a row for every product")
    depth = 2 if lines[0][0].strip().lower() == REGION else 1
    if len(lines) < depth:
        raise InputError(f"{where}: row 2 is missing; expected the sectors of all columns in it")
    for number, line in enumerate(lines, start=1):
        if len(line) != len(lines[0]):
            raise InputError(
                f"{where}: row {number} has {len(line)} columns where row 1 has {len(lines[0])}; "
                f"give every row as many, and put texts with commas between quotes"
            )
    heads = [[cell.strip() for cell in line[depth:]] for line in lines[:depth]]
    columns = tuple(zip(*heads, strict=True))
    rows = tuple(tuple(cell.strip() for cell in line[:depth]) for line in lines[depth:])
    return _sheet(where, rows, columns, [line[depth:] for line in lines[depth:]], (depth, depth))


def lines_of(path: Path, expected: str) -> list[list[str]]:
    """Cells of a CSV file by row, at least one row; InputError where it cannot be read as such.

    expected : what its header row should hold, and what comes after it

    It has at most `MOST` bytes and `MOST_CELLS` cells, which are counted before any is made.
    """
    raw = read_given(path, MOST, "a CSV file", SMALLER)
    cells = raw.count(b",") + raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")
    if cells > MOST_CELLS:
        raise InputError(
            f"{path}: is too large: {cells:,} cells, at most {MOST_CELLS:,} are read; {SMALLER}"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError(f"{path}: is not text in UTF-8; save the table as CSV in UTF-8") from e
    first = text.lstrip().partition("\n")[0]
    for mark, name in _SEPARATORS.items():
        if first.count(mark) > first.count(","):
            raise InputError(
                f"{path}: row 1 has its columns separated by {name} ({mark!r}), expected commas; "
                f"save it again with commas between columns and points in decimals"
            )
    try:
        lines = [line for line in csv.reader(StringIO(text, newline="")) if any(line)]
    except csv.Error as e:
        raise InputError(f"{path}: is not CSV ({e}); put quotes around texts with commas") from e
    if not lines:
        raise InputError(f"{path}: is empty; expected a header row of {expected}")
    return lines


def from_frame(frame: Any, where: str) -> Sheet:
    """The sheet in a data frame: labels from its index and columns, cells from its values."""
    rows, columns = _labels(frame.index), _labels(frame.columns)
    values = np.asarray(frame.values)
    if values.dtype.kind in "fiu" and not np.isinf(values).any():
        names = tuple(said(row) for row in rows)
        return Sheet(where, rows, columns, values.astype(np.float64), names)
    return _sheet(where, rows, columns, values.tolist(), (0, 0))


def is_frame(thing: object) -> bool:
    """Whether it is a data frame of some package."""
    return all(hasattr(thing, name) for name in ("index", "columns", "values"))


def _labels(labels: Any) -> tuple[Label, ...]:
    """A missing label is None, NaN or an empty text."""
    parts = [label if isinstance(label, tuple) else (label,) for label in labels]
    return tuple(tuple("" if p is None or p != p else str(p).strip() for p in t) for t in parts)


def _sheet(
    where: str,
    rows: tuple[Label, ...],
    columns: tuple[Label, ...],
    texts: Sequence[Sequence[Any]],
    offset: tuple[int, int],
) -> Sheet:
    at = columns.index(NAME) if NAME in columns else None
    names = tuple(said(r) if at is None else str(t[at]) for r, t in zip(rows, texts, strict=True))
    cells = np.full((len(rows), len(columns)), np.nan)
    for i, line in enumerate(texts):
        for j, cell in enumerate(line):
            if j != at:
                cells[i, j] = _number(where, rows[i], columns[j], cell)
    if at is None:
        return Sheet(where, rows, columns, cells, names, offset)
    kept: Floats = np.delete(cells, at, axis=1)
    offset = (offset[0], offset[1] + (at == 0))
    return Sheet(where, rows, columns[:at] + columns[at + 1 :], kept, names, offset)


def _number(where: str, row: Label, column: Label, cell: Any) -> float:
    """The number in a cell; NaN if it is blank."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return float("nan")
    if isinstance(cell, str) and not cell.strip():
        return float("nan")
    try:
        value = float(cell)
    except (TypeError, ValueError):
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(
            f"{where}: row {said(row)!r}, column {said(column)!r} is {str(cell)!r}, which is not a "
            f"finite number; write it like 1234.5, without separators of thousands"
        )
    return value
