"""`catallax results`: what a folder of runs says."""

import json as jsonlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, final

from catallax.errors import InputError, unknown

if TYPE_CHECKING:
    from catallax.experiments import Summary
    from catallax.experiments.sweep import Rows
    from catallax.experiments.sweep.grouped import Group
    from catallax.report.tables import Footnotes

ALSO = ("bits",)  # shown beside what a domain is judged by
KINDS = (".csv", ".parquet")
WIDTH = 120
SAME = 1e-9  # of a mean: less is no interval

Made = TypeVar("Made")


@final
@dataclass(frozen=True)
class Job:
    """What is asked of a folder, fully checked.

    rows     : those that were chosen
    by       : what they are grouped by
    measures : that are shown
    to       : file that the rows go to; None for none
    """

    rows: "Rows"
    by: tuple[str, ...]
    measures: tuple[str, ...]
    to: Path | None


def job(
    folder: str,
    where: Sequence[str] | None,
    by: Sequence[str] | None,
    measures: Sequence[str] | None,
    to: str | None,
) -> Job:
    """Read the folder and check all that the user asked for."""
    from catallax.experiments.sweep.grouped import chosen, grouped, varying

    wanted = dict(_pair(text) for text in where or ())
    rows = _blaming("--where", lambda: chosen(_read(folder), wanted))
    if not rows:
        raise InputError(f"{folder}: holds no run with {', '.join(where or ())}")
    names = _split(by) if by is not None else ("label", *varying(rows))
    _blaming("--by", lambda: grouped(rows, names))
    return Job(rows, names, _measures(rows, measures), None if to is None else _file(to))


def _blaming(option: str, make: Callable[[], Made]) -> Made:
    """What `make` makes; a key that it does not know has the option's name before it."""
    try:
        return make()
    except InputError as e:
        raise InputError(f"{option}: {e}" if str(e).startswith("unknown") else str(e)) from e


def _read(folder: str) -> "Rows":
    from catallax.experiments.store import Store

    store = Store(folder)
    rows = store.rows()
    for note in store.notes:
        print(f"catallax: {note}", file=sys.stderr)
    if not rows:
        what = "holds no runs" if store.folder.exists() else "is not there"
        raise InputError(f"{folder}: {what}; expected a folder that `catallax sweep` wrote")
    return rows


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"--where {text!r}: expected KEY=VALUE, such as delay=4")
    return name, value


def _split(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for text in given for word in text.split(",") if word.strip())


def _measures(rows: "Rows", given: Sequence[str] | None) -> tuple[str, ...]:
    """The measures that are shown: those named, or what each domain is judged by, and bits."""
    from catallax.protocol import known_domain

    known = dict.fromkeys(name for row in rows for name in row.values)
    usual: dict[str, None] = {}
    for name in dict.fromkeys(row.domain for row in rows):
        domain = known_domain(name)
        if domain is None:
            usual |= dict.fromkeys(m for row in rows if row.domain == name for m in row.values)
            continue
        known |= dict.fromkeys(domain.measures)
        usual |= dict.fromkeys([domain.judged_by, *(m for m in ALSO if m in domain.measures)])
    asked = tuple(usual) if given is None else _split(given)
    for name in asked:
        if name not in known:
            raise InputError(f"--measures: {unknown('measure', name, known)}")
    return asked


def _file(to: str) -> Path:
    if Path(to).suffix not in KINDS:
        raise InputError(f"--to {to}: expected a file that ends in {' or '.join(KINDS)}")
    return Path(to)


def run(order: Job, *, json: bool) -> str:
    """Write the rows where they are to go; return what is to be printed: a table, or JSON."""
    from catallax.experiments.sweep.grouped import grouped

    groups = grouped(order.rows, order.by)
    if order.to is not None:
        _export(order.rows, order.to)
    if json:
        found = [group.to_dict(order.measures) for group in groups]
        return jsonlib.dumps({"runs": len(order.rows), "groups": found}, indent=2, allow_nan=False)
    where = [] if order.to is None else [f"{len(order.rows)} runs: {order.to}"]
    return "\n".join([_table(order, groups), *where])


def _export(rows: "Rows", to: Path) -> None:
    from catallax.experiments.store.parquet import written

    raw = _csv(rows) if to.suffix == ".csv" else written(rows.rows)
    half = to.with_name(to.name + ".part")
    try:
        half.write_bytes(raw)
        half.replace(to)
    except OSError as e:
        raise InputError(f"--to {to}: cannot be written ({e.strerror})") from e


def _csv(rows: "Rows") -> bytes:
    """Every row as in the store, and its axes as columns in place of its point."""
    from catallax.experiments.execute.columns import csv_of, flat_columns_of

    return csv_of(flat_columns_of(rows.rows)).encode()


def _table(order: Job, groups: "Sequence[Group]") -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from catallax.report.tables import Footnotes

    notes, table = Footnotes(), Table(box=box.SIMPLE_HEAD, show_edge=False)
    names = tuple(groups[0].by)  # those asked for, and what tells contracts at one point apart
    for name in names:
        table.add_column(name)
    for name in ("runs", *order.measures):
        table.add_column(name, justify="right")
    for group in groups:
        runs = f"{len(group.rows)}" + (f" ({group.failed} failed)" if group.failed else "")
        cells = [_cell(group.summary(m), notes) for m in order.measures]
        table.add_row(*(_shown(v) for v in group.by.values()), runs, *cells)
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(table)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    lines += [f"[{k}] {reason}" for k, reason in enumerate(notes.reasons, start=1)]
    more = names[len(order.by) :]
    if more:
        lines.append(
            f"Runs of several contracts stand at one point: shown by {', '.join(more)} too."
        )
    return "\n".join([*lines, "Means over runs, ± 95 % interval."])


def _shown(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _cell(found: "Summary", notes: "Footnotes") -> str:
    from catallax.report.words import NONE, decimals, fixed, number

    if found.mean is None:
        return f"{NONE} [{notes.mark(found.reason)}]"
    half = 0.0 if found.ci95 is None else (found.ci95[1] - found.ci95[0]) / 2
    if half <= SAME * abs(found.mean):
        return number(found.mean)
    d = decimals(found.mean, max(half, SAME))
    return f"{fixed(found.mean, d)} ± {fixed(half, d)}"
