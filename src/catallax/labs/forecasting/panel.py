"""A panel: many series over the same periods, and how one is read from a CSV file.

A file is wide: the first row names the series, the first column the periods in their order, every
other cell is a number or empty where the value is missing.

    week,bread,milk
    2024-01-01,120,80.5
    2024-01-08,131,
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.tables.sheet import read_lines
from catallax.errors import InputError
from catallax.protocol.sealed import frozen

LARGEST = 1e100  # of a value: squares of larger ones are no numbers
LAYOUT = "expected names of series in row 1 and periods in column 1"


@final
@dataclass(frozen=True, eq=False)
class Panel:
    """Rows x time, with names.

    title   : what it is and in which unit
    names   : (n,) of the rows
    periods : (T,) of the periods, in their order
    series  : (n, T), NaN where a value is missing
    """

    title: str
    names: tuple[str, ...]
    periods: tuple[str, ...]
    series: Floats

    def __post_init__(self) -> None:
        if self.series.shape != (len(self.names), len(self.periods)):
            raise InputError(
                f"{self.title}: series of shape {self.series.shape}, expected "
                f"{len(self.names)} rows x {len(self.periods)} periods"
            )


def read_panel(path: Path | str) -> Panel:
    """The panel in a CSV file in UTF-8, with commas between cells and points in decimals.

    Raises InputError, with row and column, for whatever is not as it should be.
    """
    lines = read_lines(Path(path), "names of series, then a row for every period")
    head = [cell.strip() for cell in lines[0]]
    if len(head) < 2 or len(lines) < 3:
        raise InputError(f"{path}: {len(lines)} rows x {len(head)} columns are no panel; {LAYOUT}")
    for number, line in enumerate(lines, start=1):
        if len(line) != len(head):
            raise InputError(
                f"{path}: row {number} has {len(line)} columns where row 1 has {len(head)}; give "
                f"every row as many, and leave a missing value empty"
            )
    periods = tuple(line[0].strip() for line in lines[1:])
    _check_labels(path, "column", head[1:], first=2)
    _check_labels(path, "row", periods, first=2)
    _check_order(path, periods)
    cells = [
        [_number(path, i, name, cell) for name, cell in zip(head[1:], line[1:], strict=True)]
        for i, line in enumerate(lines[1:], start=2)
    ]
    series = np.ascontiguousarray(np.array(cells, dtype=np.float64).T)
    return Panel(Path(path).name, tuple(head[1:]), periods, frozen(series))


def _check_labels(path: Path | str, what: str, labels: Sequence[str], first: int) -> None:
    """Every series and every period has a name of its own."""
    seen: dict[str, int] = {}
    for number, label in enumerate(labels, start=first):
        if not label:
            raise InputError(f"{path}: {what} {number} has no name; {LAYOUT}")
        if label in seen:
            raise InputError(
                f"{path}: {what} {number} is called {label!r} as {what} {seen[label]} is; give "
                f"each its own name"
            )
        seen[label] = number


def _check_order(path: Path | str, periods: Sequence[str]) -> None:
    """Where periods are dates, each is later than the one before."""
    try:
        days = [date.fromisoformat(period) for period in periods]
    except ValueError:
        return  # other names stand in the order that they have
    for number, (before, day) in enumerate(pairwise(days), start=3):
        if day <= before:
            raise InputError(
                f"{path}: row {number}, {day}, comes after {before}; put the oldest period first"
            )


def _number(path: Path | str, row: int, name: str, cell: str) -> float:
    """The number in a cell; NaN if it is blank."""
    text = cell.strip()
    try:
        value = float(text) if text else float("nan")
    except ValueError:
        value = float("inf")
    if text and not isfinite(value):
        raise InputError(
            f"{path}: row {row}, column {name!r} is {cell!r}, which is not a finite number; write "
            f"it like 1234.5, and leave a missing value empty"
        )
    if abs(value) > LARGEST:
        raise InputError(
            f"{path}: row {row}, column {name!r} is {cell!r}, beyond {LARGEST:g}; write the series "
            f"in a larger unit"
        )
    return value
