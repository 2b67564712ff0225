"""`catallax validate`: published numbers, reproduced by the model code of every domain."""

import json as jsonlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import final

from catallax.apps.options import place
from catallax.apps.progress import progress
from catallax.errors import InputError, unknown
from catallax.protocol import ValidationResult, ValidationRow, domains, validate

WIDTH = 100
HEADS = ("row", "claimed", "ours", "off by", "allowed", "unit", "")


def validation_rows() -> tuple[ValidationRow, ...]:
    """The rows of all domains."""
    return tuple(row for domain in domains().values() for row in domain.validation())


def choose_rows(names: Sequence[str]) -> list[ValidationRow]:
    """The rows that are called so or belong to domains that are, in their own order.

    names : of rows or domains, commas between; none for all rows

    Raises InputError for a name that is neither, with the nearest that is.
    """
    rows = validation_rows()
    wanted = {name.strip() for text in names for name in text.split(",")}
    known = dict.fromkeys([*(row.domain for row in rows), *(row.id for row in rows)])
    for name in sorted(wanted):
        if name not in known:
            raise unknown("validation row or domain", name, known)
    return [row for row in rows if not wanted or wanted & {row.id, row.domain}]


def run_validation(
    rows: Sequence[ValidationRow],
    *,
    details: bool,
    json: bool,
    quiet: bool,
    page: "Page | None" = None,
) -> tuple[bool, str]:
    """Whether no row failed but held-out ones, and what is to be printed.

    details : whether to print every row's definition and source too
    page    : where the page goes; None for none
    """
    with progress(len(rows), quiet=quiet) as tell:
        results = validate(rows, progress=tell)
    passed = not any(result.is_failure for result in results)
    if page is not None:
        page.write(results)
    if json:
        plain = {"rows": [result.to_dict() for result in results]}
        return passed, jsonlib.dumps(plain, indent=2, allow_nan=False)
    parts = [_table(results)]
    parts += [_definition(row) for row in rows] if details else []
    parts += [_reason(result) for result in results if not result.passed]
    parts.append(_verdict(results))
    return passed, "\n\n".join(parts if page is None else [*parts, f"Page: {page.path}"])


@final
@dataclass(frozen=True)
class Page:
    """Where the page of validation goes, and the command that makes it again."""

    path: Path
    command: str

    def write(self, results: Sequence[ValidationResult]) -> None:
        """Write it, whole or not at all; InputError where there is no room."""
        from catallax.report.validation import write_validation

        try:
            write_validation(results, self.path, command=self.command)
        except OSError as e:
            raise InputError(f"{self.path}: cannot be written ({e.strerror}); make room") from e


def page_in(folder: str | None, names: Sequence[str]) -> Page | None:
    """The page in a folder that is made if need be; None for no folder. InputError if it cannot."""
    if folder is None:
        return None
    return Page(place(folder, "validation.html"), shlex.join(["catallax", "validate", *names]))


def _table(results: Sequence[ValidationResult]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for k, head in enumerate(HEADS):
        table.add_column(head, justify="right" if 1 <= k <= 4 else "left", no_wrap=k != 5)
    for result in results:
        table.add_row(*_cells(result))
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(table)
    return "\n".join(text.rstrip() for text in out.getvalue().splitlines())


def _cells(result: ValidationResult) -> tuple[str, ...]:
    """A row of the table, in the order of `HEADS`."""
    row, ours = result.row, result.ours
    off = None if ours is None else abs(ours - row.claimed)
    numbers = (_digits(row.claimed, 6), _digits(ours, 6), _digits(off, 2))
    return row.id, *numbers, _digits(result.tolerance, 3), row.unit, _word(result)


def _digits(x: float | None, digits: int) -> str:
    """`x` in at most so many digits, with an exponent where it is small; a dash for no number."""
    from catallax.report.words import NONE

    return NONE if x is None else f"{x:.{digits}g}"


def _word(result: ValidationResult) -> str:
    word = "passed" if result.passed else "failed"
    return f"{word}, held out" if result.row.held_out else word


def _definition(row: ValidationRow) -> str:
    return f"{row.id}: {row.definition}.\n  Source: {row.source}."


def _reason(result: ValidationResult) -> str:
    return f"{result.row.id} failed: {result.reason}."


def _verdict(results: Sequence[ValidationResult]) -> str:
    """How many passed, held-out rows apart."""
    from catallax.report.validation import verdict

    return verdict(results)
