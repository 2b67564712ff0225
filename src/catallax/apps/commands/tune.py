"""`catallax tune`: settings of every mechanism by the same effort; whether records still hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, final

from cyclopts import Parameter

from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, check_execution
from catallax.apps.exit_codes import DONE, FAILED, Reply, blame_user_files
from catallax.apps.output import format_json, prepare_file, report_write_errors
from catallax.apps.values import ALL, FilePath, Flag, FolderPath, NameList, Whole
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.study.tuning import Declaration, TuningRecord
    from catallax.study.tuning.tune import TrialSettings

RECORDS = Path("records")
CHECKED = {"store": "--check looks at records and keeps no runs"}


def tune(
    *,
    mechanisms: Annotated[
        NameList | None, Parameter(help="names of the file; all of them if left out")
    ] = None,
    budget: Annotated[
        Whole | None, Parameter(help="settings tried of each; the file's if left out")
    ] = None,
    file: Annotated[
        FilePath | None,
        Parameter(help="TOML file with ranges of your own; the package's if left out"),
    ] = None,
    out: Annotated[
        FolderPath | None, Parameter(help="folder of the records; records if left out")
    ] = None,
    check: Annotated[Flag, Parameter(help="only test that the records still hold")] = False,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Tune mechanisms, each with the same number of runs, on seeds that are not reported.

    Exit code 1 where --check finds a record that no longer holds.

    $ catallax tune --file mine.toml --mechanisms market --budget 8 --store runs
    $ catallax tune --check
    """
    asked = order_tuning(mechanisms, budget, file, out, execution, check=check)
    return check_records(asked) if check else Reply(run_tuning(asked))


@final
@dataclass(frozen=True)
class TuningOrder:
    """What is to be tuned, fully checked.

    tried   : settings by mechanism; none if records are only to be checked
    files   : where the records go, or are
    shipped : whether the declaration is the package's own
    """

    declaration: "Declaration"
    tried: "dict[str, list[TrialSettings]]"
    files: dict[str, Path]
    shipped: bool
    execution: Execution


def order_tuning(
    mechanisms: Sequence[str] | None,
    budget: int | None,
    file: Path | None,
    out: Path | None,
    asked: ExecutionOptions,
    *,
    check: bool,
) -> TuningOrder:
    """Check everything that the user asked for. The records' folder is made last."""
    execution = check_execution(asked, CHECKED if check else None)
    declaration = _read_declaration(mechanisms, budget, file)
    tried = {} if check else _plan_trials(declaration)
    places = _record_files(declaration, out, check, file)
    return TuningOrder(declaration, tried, places, file is None, execution)


def _read_declaration(
    mechanisms: Sequence[str] | None, budget: int | None, file: Path | None
) -> "Declaration":
    from catallax.study.tuning import SHIPPED, read_declaration

    names = [] if mechanisms is None or tuple(mechanisms) == (ALL,) else list(mechanisms)
    known = read_declaration(SHIPPED if file is None else file)
    try:
        chosen = known.chosen(names, budget)
    except InputError as e:
        raise InputError(f"--{e}" if str(e).startswith("budget") else str(e)) from e
    if not chosen.ranges:
        raise InputError(f"{chosen.source}: declares no mechanism; write [mechanisms.NAME]")
    return chosen


def _plan_trials(declaration: "Declaration") -> "dict[str, list[TrialSettings]]":
    from catallax.study.tuning import plan_trials

    with blame_user_files(_sources_of(declaration)):
        return plan_trials(declaration)


def _sources_of(declaration: "Declaration") -> list[str]:
    """Mechanisms and the file of the domain, whichever may be to blame for an error."""
    from catallax.protocol import domain_named

    file = domain_named(declaration.domain).file
    return [*declaration.ranges, *([file] if file else [])]


def _record_files(
    declaration: "Declaration", out: Path | None, check: bool, file: Path | None
) -> dict[str, Path]:
    """Where the records go; where they are, if they are to be checked."""
    from catallax.study.tuning import FOLDER, file_of

    if not check:
        return {
            m: prepare_file(RECORDS if out is None else out, file_of(m)) for m in declaration.ranges
        }
    folder = FOLDER if out is None and file is None else out or RECORDS
    return {m: folder / file_of(m) for m in declaration.ranges}


def run_tuning(asked: TuningOrder) -> str:
    """Tune, write the records, and return what is left to print: what came of it, or JSON."""
    from catallax.protocol import domain_named
    from catallax.study.tuning import runs_of, tune

    declaration, tried, execution = asked.declaration, asked.tried, asked.execution
    count = runs_of(declaration, tried)
    execution.announce(_describe_plan(declaration, count))
    blamed, loops = _sources_of(declaration), domain_named(declaration.domain).loops
    with execution.session(count, sources=blamed, loops=loops) as session:
        records = tune(
            declaration,
            tried=tried,
            store=execution.store,
            executor=session.executor,
            progress=session.progress,
        )
    for record in records:
        _write_record(record, asked.files[record.mechanism])
    if execution.json:
        return format_json([r.to_dict() for r in records])
    return "\n".join(
        [line for r in records for line in _describe_record(r, asked.files[r.mechanism])]
    )


def check_records(asked: TuningOrder) -> Reply:
    """Whether the records belong to declaration, code and defaults, and what is wrong."""
    with asked.execution.session(sources=_sources_of(asked.declaration), loops=False):
        found = {m: list(_find_problems(asked, m, path)) for m, path in asked.files.items()}
    code = FAILED if any(found.values()) else DONE
    if asked.execution.json:
        return Reply(format_json({"passed": code == DONE, "problems": found}), code)
    lines = [f"{m}: {what}" for m, wrong in found.items() for what in wrong or ["passed"]]
    return Reply("\n".join(lines), code)


def _find_problems(asked: TuningOrder, mechanism: str, path: Path) -> Iterator[str]:
    from catallax.study.tuning import (
        TuningRecord,
        find_drifted_defaults,
        find_moved_scores,
        find_problems,
    )

    if not path.is_file():
        yield f"has no record at {path}; make it with `catallax tune --mechanisms {mechanism}`"
        return
    record = TuningRecord.load(path)
    wrong = list(find_problems(record, asked.declaration))
    yield from wrong
    if not wrong:
        yield from find_moved_scores(record, asked.declaration)
    if asked.shipped:
        yield from find_drifted_defaults(record)


def _describe_plan(declaration: "Declaration", count: int) -> str:
    from catallax.study.tuning import spans

    contracts = ", ".join(t.name for t in declaration.contracts)
    closer = declaration.closer
    near = f", {closer} of them near the best of the others" if closer else ""
    return (
        f"tune: {', '.join(declaration.ranges)}\n{declaration.budget} settings each{near}, every "
        f"one on {contracts}; seeds {spans(declaration.seeds)}: {count} runs"
    )


def _describe_record(record: "TuningRecord", path: Path) -> Iterator[str]:
    """What came of a mechanism, in a few lines."""
    objective, means = record.declared["objective"], record.means
    yield (
        f"{record.mechanism}: {objective} {means[0]:.4f} as begun, {max(means):.4f} at best "
        f"({record.runs} runs, {record.seconds:.0f} s)"
    )
    for key, value in record.best_settings.items():
        yield f"  {key} = {value}"
    yield from (f"  note: {note}" for note in record.notes)
    yield f"  record {record.hash}: {path}"


def _write_record(record: "TuningRecord", path: Path) -> None:
    with report_write_errors(path):
        record.save(path)
