"""A labelled sheet of numbers, and what can be wrong with it.

A label is one word or two: a product, or a region and a sector. Every error names the sheet, the
row, the column and the mend; nothing is repaired in silence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.origin import digest_of_values
from catallax.errors import InputError

Label = tuple[str, ...]

_MOST = 12


def said(label: Label) -> str:
    """A label as people say it: "mill", or "north mill"."""
    return " ".join(label)


def listed(labels: Iterable[Label]) -> str:
    """At most a dozen labels with commas between them."""
    known = [repr(said(label)) for label in labels]
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
                    f"{self.where}: {kind} {said(label)!r} stands twice, as {kind}s {found[label]} "
                    f"and {at} by the labels in the {place}; rename one or add them up"
                )
            found[label] = at

    @property
    def digest(self) -> str:
        """Hash of labels, texts and cells, wherever they were read."""
        labels = {"rows": self.rows, "columns": self.columns, "names": self.names}
        return digest_of_values({**labels, "cells": self.cells})

    def need(self, kind: str, labels: Iterable[Label]) -> None:
        """Raise InputError unless all labels are there; `kind` is "row" or "column"."""
        there = self.rows if kind == "row" else self.columns
        have = set(there)
        for label in labels:
            if label not in have:
                raise InputError(
                    f"{self.where}: {kind} {said(label)!r} is missing; add that {kind}, with 0 "
                    f"where there is nothing. Its {kind}s are {listed(there)}"
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

    def unused(self, rows: Sequence[Label], columns: Sequence[Label]) -> None:
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
                f"{self.where}: row {said(rows[i])!r}, column {said(columns[j])!r} "
                f"{value}{mend}{more}"
            )
