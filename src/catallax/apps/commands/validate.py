"""`catallax validate`: published numbers, reproduced by the model code of every domain."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, final

from cyclopts import Parameter

from catallax.apps.execution import DEFAULT_JOBS, NO_STORE, Execution, JobOptions, check_execution
from catallax.apps.exit_codes import DONE, FAILED, Reply
from catallax.apps.output import format_json, prepare_file, render_table, report_write_errors
from catallax.apps.values import FolderPath
from catallax.errors import unknown

if TYPE_CHECKING:
    from catallax.protocol import ValidationResult, ValidationRow

WIDTH = 100
HEADS = ("row", "claimed", "ours", "off by", "allowed", "unit", "")
REFUSED = {"store": NO_STORE}


def validate(
    *names: Annotated[str, Parameter(help="rows or domains, commas between; all if left out")],
    out: Annotated[FolderPath | None, Parameter(help="folder of a page; none if left out")] = None,
    execution: JobOptions = DEFAULT_JOBS,
) -> Reply:
    """Reproduce published numbers; exit code 1 if a row fails that is not held out.

    All rows take some ten seconds. With names it prints definitions and sources
    too.

    $ catallax validate
    $ catallax validate hulten --json
    """
    asked, rows = check_execution(execution, REFUSED), choose_rows(names)
    return run_validation(rows, asked, details=bool(names), page=page_in(out, names))


def validation_rows() -> "tuple[ValidationRow, ...]":
    """The rows of all domains, each domain's own before those that laboratories reproduce on it."""
    from catallax.labs.validation import ROWS
    from catallax.protocol import domains

    own = {name: domain.validation() for name, domain in domains().items()}
    return tuple(row for name, rows in own.items() for row in (*rows, *_rows_about(name, ROWS)))


def _rows_about(domain: str, rows: "Sequence[ValidationRow]") -> "Iterator[ValidationRow]":
    return (row for row in rows if row.domain == domain)


def choose_rows(names: Sequence[str]) -> "list[ValidationRow]":
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
    rows: "Sequence[ValidationRow]",
    execution: Execution,
    *,
    details: bool,
    page: "Page | None" = None,
) -> Reply:
    """Reproduce the rows; the check has failed if one did that is not held out.

    details : whether to print every row's definition and source too
    page    : where the page goes; None for none
    """
    results = _validate_rows(rows, execution)
    code = FAILED if any(result.is_failure for result in results) else DONE
    if page is not None:
        page.write(results)
    if execution.json:
        return Reply(format_json({"rows": [result.to_dict() for result in results]}), code)
    parts = [_format_results(results)]
    parts += [_describe_definition(row) for row in rows] if details else []
    parts += [_describe_reason(result) for result in results if not result.passed]
    parts += [_describe_verdict(results), *([] if page is None else [f"Page: {page.path}"])]
    return Reply("\n\n".join(parts), code)


@final
@dataclass(frozen=True)
class Page:
    """Where the page of validation goes, and the command that makes it again."""

    path: Path
    command: str

    def write(self, results: "Sequence[ValidationResult]") -> None:
        """Write it, whole or not at all; InputError where there is no room."""
        from catallax.show.validation import write_validation

        with report_write_errors(self.path):
            write_validation(results, self.path, command=self.command)


def page_in(folder: Path | None, names: Sequence[str]) -> Page | None:
    """The page in a folder that is made if need be; None for no folder. InputError if it cannot."""
    if folder is None:
        return None
    return Page(
        prepare_file(folder, "validation.html"), shlex.join(["catallax", "validate", *names])
    )


def _validate_rows(
    rows: "Sequence[ValidationRow]", execution: Execution
) -> "list[ValidationResult]":
    from catallax.execute import each
    from catallax.protocol import ValidationResult

    with execution.session(len(rows)) as session:
        found = each(
            _validate_row,
            [(row,) for row in rows],
            names=[row.id for row in rows],
            executor=session.sharing,
            progress=session.progress,
        )
    return [ValidationResult(row, *came) for row, came in zip(rows, found, strict=True)]


def _validate_row(row: "ValidationRow") -> tuple[float | None, float, str]:
    """What came of a row, without the row itself, which need not find its way back."""
    from catallax.protocol import validate_row

    result = validate_row(row)
    return result.ours, result.tolerance, result.reason


def _format_results(results: "Sequence[ValidationResult]") -> str:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for k, head in enumerate(HEADS):
        table.add_column(head, justify="right" if 1 <= k <= 4 else "left", no_wrap=k != 5)
    for result in results:
        table.add_row(*_format_cells(result))
    return render_table(table, WIDTH)


def _format_cells(result: "ValidationResult") -> tuple[str, ...]:
    """A row of the table, in the order of `HEADS`."""
    row, ours = result.row, result.ours
    off = None if ours is None else abs(ours - row.claimed)
    numbers = (_write_digits(row.claimed, 6), _write_digits(ours, 6), _write_digits(off, 2))
    return row.id, *numbers, _write_digits(result.tolerance, 3), row.unit, _write_outcome(result)


def _write_digits(x: float | None, digits: int) -> str:
    """`x` in at most so many digits, with an exponent where it is small; a dash for no number."""
    from catallax.show.words import NONE

    return NONE if x is None else f"{x:.{digits}g}"


def _write_outcome(result: "ValidationResult") -> str:
    word = "passed" if result.passed else "failed"
    return f"{word}, held out" if result.row.held_out else word


def _describe_definition(row: "ValidationRow") -> str:
    return f"{row.id}: {row.definition}.\n  Source: {row.source}."


def _describe_reason(result: "ValidationResult") -> str:
    return f"{result.row.id} failed: {result.reason}."


def _describe_verdict(results: "Sequence[ValidationResult]") -> str:
    """How many passed, held-out rows apart."""
    from catallax.show.validation import count_passed

    return count_passed(results)
