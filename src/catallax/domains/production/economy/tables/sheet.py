"""A labelled sheet of numbers, and what can be wrong with it.

A label is one word or two: a product, or a region and a sector. Every error names the sheet, the
row, the column and the mend; nothing is repaired in silence.

A file whose first cell is `region` has two words to a label: its first two columns and its first
two rows. Every other file has one. A column `name` holds texts. Data frames come from any
package: only `index`, `columns` and `values` are used.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.origin import digest_values
from catallax.errors import InputError
from catallax.whole import read_given

Label = tuple[str, ...]

_MOST = 12


def join_label(label: Label) -> str:
    """A label as people say it: "mill", or "north mill"."""
    return " ".join(label)


def list_labels(labels: Iterable[Label]) -> str:
    """At most a dozen labels with commas between them."""
    known = [repr(join_label(label)) for label in labels]
    left = len(known) - _MOST
    return (", ".join(known[:_MOST]) or "none") + (f" and {left} more" if left > 0 else "")


@final
@dataclass(frozen=True, eq=False)
class Sheet:
    """Labelled rows and columns of numbers.

    where   : the user's own name for it, such as "mine.csv"
    rows    : R labels, each once
    columns : C labels, each once
    cells   : (R, C), NaN where blank
    names   : R texts to show beside the labels
    offset  : rows above the first one and columns before it, as a spreadsheet counts them

    Raises InputError when there is no row or column, or a label is missing or stands twice.
    """

    where: str
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: Floats
    names: tuple[str, ...]
    offset: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        if not self.rows or not self.columns:
            raise InputError(
                f"{self.where}: has {len(self.rows)} rows and {len(self.columns)} columns of "
                f"numbers and is empty; expected a row and a column for every product"
            )
        self._check_labels("row", self.rows, self.offset[0])
        self._check_labels("column", self.columns, self.offset[1])

    def _check_labels(self, kind: str, labels: Sequence[Label], before: int) -> None:
        found: dict[Label, int] = {}
        place = "first column" if kind == "row" else "first row"
        for at, label in enumerate(labels, start=before + 1):
            if not all(label):
                raise InputError(
                    f"{self.where}: {kind} {at} has no label in the {place}; "
                    f"name that {kind} or delete it"
                )
            if label in found:
                raise InputError(
                    f"{self.where}: {kind} {join_label(label)!r} stands twice, as {kind}s "
                    f"{found[label]} and {at} by the labels in the {place}; rename one or add them "
                    f"up"
                )
            found[label] = at

    @property
    def digest(self) -> str:
        """Hash of labels, texts and cells, wherever they were read."""
        labels = {"rows": self.rows, "columns": self.columns, "names": self.names}
        return digest_values({**labels, "cells": self.cells})

    def require(self, kind: str, labels: Iterable[Label]) -> None:
        """Raise InputError unless all labels are there; `kind` is "row" or "column"."""
        there = self.rows if kind == "row" else self.columns
        have = set(there)
        for label in labels:
            if label not in have:
                raise InputError(
                    f"{self.where}: {kind} {join_label(label)!r} is missing; add that {kind}, "
                    f"with 0 where there is nothing. Its {kind}s are {list_labels(there)}"
                )

    def block(
        self, rows: Sequence[Label], columns: Sequence[Label], *, signed: bool = False
    ) -> Floats:
        """The cells of these rows and columns; refuses blank ones and, unless `signed`, < 0."""
        at_row = {label: k for k, label in enumerate(self.rows)}
        at_column = {label: k for k, label in enumerate(self.columns)}
        i, j = [at_row[r] for r in rows], [at_column[c] for c in columns]
        cells = np.asarray(self.cells[np.ix_(i, j)], dtype=np.float64)
        self._check(rows, columns, cells, np.isnan(cells), "is blank; write 0 if there is nothing")
        if not signed:
            mend = "expected 0 or more: move it to the other side of the account"
            self._check(rows, columns, cells, cells < 0, mend)
        return cells

    def require_blank(self, rows: Sequence[Label], columns: Sequence[Label]) -> None:
        """Refuse anything but blanks and zeros in these rows and columns."""
        at = [k for k, label in enumerate(self.rows) if label in set(rows)]
        to = [k for k, label in enumerate(self.columns) if label in set(columns)]
        cells = np.nan_to_num(self.cells[np.ix_(at, to)])
        labels = [self.rows[k] for k in at], [self.columns[k] for k in to]
        mend = "expected a blank: a row of value added says what producers pay"
        self._check(*labels, cells, cells != 0, mend)

    def _check(
        self,
        rows: Sequence[Label],
        columns: Sequence[Label],
        cells: Floats,
        wrong: np.ndarray,
        mend: str,
    ) -> None:
        bad = np.argwhere(wrong)
        if bad.size:
            i, j = (int(k) for k in bad[0])
            value = "" if np.isnan(cells[i, j]) else f"is {cells[i, j]:g}, "
            more = f" ({len(bad)} such cells)" if len(bad) > 1 else ""
            raise InputError(
                f"{self.where}: row {join_label(rows[i])!r}, column {join_label(columns[j])!r} "
                f"{value}{mend}{more}"
            )


NAME: Label = ("name",)
REGION = "region"

MOST = 256_000_000  # bytes of a file
MOST_CELLS = 16_000_000  # a square of 4,000; the OECD's table of all countries has 13.6 million
SMALLER = "add sectors up, leave out rows and columns that are not needed, or round the numbers"

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def read_csv_sheet(path: Path) -> Sheet:
    """The sheet in a CSV file. Raises InputError for all that is wrong with the file itself."""
    where, lines = str(path), read_lines(path, "columns, then a row for every product")
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
    return _make_sheet(
        where, rows, columns, [line[depth:] for line in lines[depth:]], (depth, depth)
    )


def read_lines(path: Path, expected: str) -> list[list[str]]:
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


def read_frame_sheet(frame: Any, where: str) -> Sheet:
    """The sheet in a data frame: labels from its index and columns, cells from its values."""
    rows, columns = _read_labels(frame.index), _read_labels(frame.columns)
    values = np.asarray(frame.values)
    if values.dtype.kind in "fiu" and not np.isinf(values).any():
        names = tuple(join_label(row) for row in rows)
        return Sheet(where, rows, columns, values.astype(np.float64), names)
    return _make_sheet(where, rows, columns, values.tolist(), (0, 0))


def is_frame(thing: object) -> bool:
    """Whether it is a data frame of some package."""
    return all(hasattr(thing, name) for name in ("index", "columns", "values"))


def _read_labels(labels: Any) -> tuple[Label, ...]:
    """A missing label is None, NaN or an empty text."""
    parts = [label if isinstance(label, tuple) else (label,) for label in labels]
    return tuple(tuple("" if p is None or p != p else str(p).strip() for p in t) for t in parts)


def _make_sheet(
    where: str,
    rows: tuple[Label, ...],
    columns: tuple[Label, ...],
    texts: Sequence[Sequence[Any]],
    offset: tuple[int, int],
) -> Sheet:
    at = columns.index(NAME) if NAME in columns else None
    names = tuple(
        join_label(r) if at is None else str(t[at]) for r, t in zip(rows, texts, strict=True)
    )
    cells = np.full((len(rows), len(columns)), np.nan)
    for i, line in enumerate(texts):
        for j, cell in enumerate(line):
            if j != at:
                cells[i, j] = _read_number(where, rows[i], columns[j], cell)
    if at is None:
        return Sheet(where, rows, columns, cells, names, offset)
    kept: Floats = np.delete(cells, at, axis=1)
    offset = (offset[0], offset[1] + (at == 0))
    return Sheet(where, rows, columns[:at] + columns[at + 1 :], kept, names, offset)


def _read_number(where: str, row: Label, column: Label, cell: Any) -> float:
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
            f"{where}: row {join_label(row)!r}, column {join_label(column)!r} is {str(cell)!r}, "
            f"which is not a finite number; write it like 1234.5, without separators of thousands"
        )
    return value
