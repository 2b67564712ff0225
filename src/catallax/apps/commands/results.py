"""`catallax results`: what a folder of runs says."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, final

from cyclopts import Parameter

from catallax.apps.execution import Json
from catallax.apps.exit_codes import Reply
from catallax.apps.output import (
    format_estimate,
    format_footnotes,
    format_json,
    format_table,
    write_file,
)
from catallax.apps.progress import print_note
from catallax.apps.values import FilePath, FolderPath, NameList, TextList
from catallax.errors import InputError, about, unknown

if TYPE_CHECKING:
    from catallax.study.sweep import RunRows
    from catallax.study.sweep.grouped import Group

ALSO = ("bits",)  # shown beside what a domain is judged by
KINDS = (".csv", ".parquet")


def results(
    folder: Annotated[FolderPath, Parameter(help="of runs, that `--store` or a sweep wrote")],
    /,
    *,
    where: Annotated[
        TextList,
        Parameter(
            metavar="KEY=VALUE", show_default=False, help="runs must have this; may be repeated"
        ),
    ] = (),
    by: Annotated[
        NameList | None, Parameter(help="keys to group by; label and what is varied if left out")
    ] = None,
    measures: Annotated[
        NameList | None, Parameter(help="what a domain is judged by, and bits, if left out")
    ] = None,
    to: Annotated[
        FilePath | None,
        Parameter(help="file that ends in .csv or .parquet, for the choose_rows runs"),
    ] = None,
    bring_in: Annotated[
        FilePath | None,
        Parameter(help="Parquet file that another program made of such runs: take them in first"),
    ] = None,
    json: Json = False,
) -> Reply:
    """Show the runs of a folder, chosen and grouped, with means and intervals.

    $ catallax results map.runs
    $ catallax results map.runs --where delay=1 --by label --measures score
    """
    if bring_in is not None:
        _bring_in(folder, bring_in)
    return Reply(show_results(order_results(folder, where, by, measures, to), json=json))


def _bring_in(folder: Path, file: Path) -> None:
    """Take the runs of a file into the folder, and say how many."""
    from catallax.execute.store import Store

    with about("--bring-in"):
        print_note(f"{Store(folder).bring_in(file)} runs of {file} are in {folder}")


@final
@dataclass(frozen=True)
class ResultsOrder:
    """What is asked of a folder, fully checked.

    rows     : those that were chosen
    by       : what they are grouped by
    measures : that are shown
    to       : file that the rows go to; None for none
    """

    rows: "RunRows"
    by: tuple[str, ...]
    measures: tuple[str, ...]
    to: Path | None


def order_results(
    folder: Path,
    where: Sequence[str],
    by: Sequence[str] | None,
    measures: Sequence[str] | None,
    to: Path | None,
) -> ResultsOrder:
    """Read the folder and check all that the user asked for."""
    from catallax.study.sweep.grouped import choose_rows, group_rows, varying_axes

    wanted, every = _read_pairs(where), _read_store(folder)
    with about("--where"):
        rows = choose_rows(every, wanted)
    if not rows:
        raise InputError(f"{folder}: holds no run with {', '.join(where)}")
    names = ("label", *varying_axes(rows)) if by is None else tuple(by)
    with about("--by"):
        group_rows(rows, names)
    if to is not None and to.suffix not in KINDS:
        raise InputError(f"--to {to}: expected a file that ends in {' or '.join(KINDS)}")
    return ResultsOrder(rows, names, _choose_measures(rows, measures), to)


def _read_store(folder: Path) -> "RunRows":
    from catallax.execute.store import Store

    store = Store(folder)
    rows = store.rows()
    for note in store.notes:
        print_note(f"catallax: {note}")
    if not rows:
        what = "holds no runs" if store.folder.exists() else "is not there"
        raise InputError(f"{folder}: {what}; expected a folder that `catallax sweep` wrote")
    return rows


def _read_pairs(texts: Sequence[str]) -> dict[str, str]:
    pairs = [_read_pair(text) for text in texts]
    for k, (name, _) in enumerate(pairs):
        if name in dict(pairs[:k]):
            raise InputError(f"--where {name}: is given more than once; give it once")
    return dict(pairs)


def _read_pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"--where {text!r}: expected KEY=VALUE, such as delay=4")
    return name, value


def _choose_measures(rows: "RunRows", given: Sequence[str] | None) -> tuple[str, ...]:
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
    asked = tuple(usual if given is None else given)
    for name in asked:
        if name not in known:
            raise InputError(f"--measures: {unknown('measure', name, known)}")
    return asked


def show_results(order: ResultsOrder, *, json: bool) -> str:
    """Write the rows where they are to go; return what is to be printed: a table, or JSON."""
    from catallax.study.sweep.grouped import group_rows

    groups = group_rows(order.rows, order.by)
    if order.to is not None:
        _export_rows(order.rows, order.to)
    if json:
        found = [group.to_dict(order.measures) for group in groups]
        return format_json({"runs": len(order.rows), "groups": found})
    where = [] if order.to is None else [f"{len(order.rows)} runs: {order.to}"]
    return "\n".join([_format_groups(order, groups), *where])


def _export_rows(rows: "RunRows", to: Path) -> None:
    from catallax.execute.store.parquet import encode_rows

    with about("--to"):
        write_file(to, _to_csv(rows) if to.suffix == ".csv" else encode_rows(rows.rows))


def _to_csv(rows: "RunRows") -> bytes:
    """Every row as in the store, and its axes as columns in place of its point."""
    from catallax.execute.columns import csv_of, flat_columns_of

    return csv_of(flat_columns_of(rows.rows)).encode()


def _format_groups(order: ResultsOrder, groups: "Sequence[Group]") -> str:
    from catallax.show.tables import Footnotes

    notes, rows = Footnotes(), []
    for group in groups:
        runs = f"{len(group.rows)}" + (f" ({group.failed} failed)" if group.failed else "")
        cells = [format_estimate(group.summary(m), notes) for m in order.measures]
        rows.append([*(_write_value(v) for v in group.by.values()), runs, *cells])
    names = tuple(groups[0].by)  # those asked for, and what tells contracts at one point apart
    table = format_table((*names, "runs", *order.measures), rows, left=len(names))
    more = ", ".join(names[len(order.by) :])
    told = [f"Runs of several contracts stand at one point: shown by {more} too."] if more else []
    below = [*format_footnotes(notes), *told, *_note_above_one(order, groups)]
    return "\n".join([table, *below, "Means over runs, ± 95 % interval."])


def _note_above_one(order: ResultsOrder, groups: "Sequence[Group]") -> list[str]:
    """Why a mean passes 1, where one does; nothing of measures that no known domain has."""
    from catallax.protocol import known_domain
    from catallax.show.notes import note_above_one

    found = [known_domain(name) for name in dict.fromkeys(row.domain for row in order.rows)]
    known = {k: m for domain in found if domain is not None for k, m in domain.measures.items()}
    means = [(m, g.summary(m).mean) for g in groups for m in order.measures if m in known]
    return note_above_one(known, means)


def _write_value(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
