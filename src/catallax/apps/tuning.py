"""`catallax tune`: settings of every mechanism by the same effort; whether records still hold."""

import json as jsonlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, final

from catallax.apps.options import ALL, parsed, path_of, place, workers_of
from catallax.apps.plugins import blaming
from catallax.apps.progress import interruptible, progress
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.tuning import Declaration, Record
    from catallax.experiments.tuning.search import Settings

RECORDS = "records"


@final
@dataclass(frozen=True)
class Order:
    """What is to be tuned, fully checked.

    tried   : settings by mechanism; none if records are only to be checked
    files   : where the records go, or are
    shipped : whether the declaration is the package's own
    workers : processes; 0 for this one, None for one a CPU
    """

    declaration: "Declaration"
    tried: "dict[str, list[Settings]]"
    files: dict[str, Path]
    shipped: bool
    workers: int | None


def order(
    mechanisms: Sequence[str] | None,
    budget: str | None,
    file: str | None,
    out: str | None,
    workers: str | None,
    *,
    check: bool,
) -> Order:
    """Check everything that the user asked for. The records' folder is made last."""
    processes, declaration = workers_of(workers), _declaration(mechanisms, budget, file)
    tried = {} if check else _tried(declaration)
    return Order(declaration, tried, _files(declaration, out, check, file), file is None, processes)


def _declaration(
    mechanisms: Sequence[str] | None, budget: str | None, file: str | None
) -> "Declaration":
    from catallax.experiments.tuning import SHIPPED, declared

    names = [n.strip() for text in mechanisms or () for n in text.split(",")]
    if not all(names):
        raise InputError(
            f"--mechanisms {','.join(names)!r}: a name is missing; give names of the file with "
            f"commas between them, or all"
        )
    most = None if budget is None else int(parsed("--budget", budget, int))
    known = declared(SHIPPED if file is None else path_of("--file", file))
    try:
        chosen = known.chosen([] if names == [ALL] else names, most)
    except InputError as e:
        raise InputError(f"--{e}" if str(e).startswith("budget") else str(e)) from e
    if not chosen.ranges:
        raise InputError(f"{chosen.source}: declares no mechanism; write [mechanisms.NAME]")
    return chosen


def _tried(declaration: "Declaration") -> "dict[str, list[Settings]]":
    from catallax.experiments.tuning import plan

    with blaming(_behind(declaration)):
        return plan(declaration)


def _behind(declaration: "Declaration") -> list[str]:
    """Mechanisms and the file of the domain, whichever may be to blame for an error."""
    from catallax.protocol import domain_named

    file = domain_named(declaration.domain).file
    return [*declaration.ranges, *([file] if file else [])]


def _files(
    declaration: "Declaration", out: str | None, check: bool, file: str | None
) -> dict[str, Path]:
    """Where the records go; where they are, if they are to be checked."""
    from catallax.experiments.tuning import FOLDER, file_of

    if not check:
        return {m: place(RECORDS if out is None else out, file_of(m)) for m in declaration.ranges}
    folder = FOLDER if out is None and file is None else Path(out or RECORDS)
    return {m: folder / file_of(m) for m in declaration.ranges}


def tuned(asked: Order, *, json: bool, quiet: bool) -> str:
    """Tune, write the records, and return what is left to print: a table, or all as JSON."""
    from catallax.experiments.tuning import runs_of, tune
    from catallax.protocol import domain_named

    declaration, tried = asked.declaration, asked.tried
    count = runs_of(declaration, tried)
    if not quiet:
        print(_plan(declaration, count), flush=True)
    loops = domain_named(declaration.domain).loops
    with (
        blaming(_behind(declaration)),
        interruptible(),
        progress(count, quiet=quiet, loops=loops) as tell,
    ):
        records = tune(declaration, tried=tried, workers=asked.workers, progress=tell)
    for record in records:
        _write(record, asked.files[record.mechanism])
    if json:
        return jsonlib.dumps([r.to_dict() for r in records], indent=2, allow_nan=False)
    return "\n".join([line for r in records for line in _told(r, asked.files[r.mechanism])])


def checked(asked: Order, *, json: bool) -> tuple[bool, str]:
    """Whether the records belong to declaration, code and defaults, and what is wrong."""
    with blaming(_behind(asked.declaration)), interruptible():
        found = {m: list(_wrong(asked, m, path)) for m, path in asked.files.items()}
    passed = not any(found.values())
    if json:
        return passed, jsonlib.dumps({"passed": passed, "problems": found}, indent=2)
    lines = [f"{m}: {what}" for m, wrong in found.items() for what in wrong or ["passed"]]
    return passed, "\n".join(lines)


def _wrong(asked: Order, mechanism: str, path: Path) -> Iterator[str]:
    from catallax.experiments.tuning import Record, adrift, moved, problems

    if not path.is_file():
        yield f"has no record at {path}; make it with `catallax tune --mechanisms {mechanism}`"
        return
    record = Record.load(path)
    wrong = list(problems(record, asked.declaration))
    yield from wrong
    if not wrong:
        yield from moved(record, asked.declaration)
    if asked.shipped:
        yield from adrift(record)


def _plan(declaration: "Declaration", count: int) -> str:
    from catallax.experiments.tuning import spans

    contracts = ", ".join(t.name for t in declaration.contracts)
    return (
        f"tune: {', '.join(declaration.ranges)}\n{declaration.budget} settings each, every one on "
        f"{contracts}; seeds {spans(declaration.seeds)}: {count} runs"
    )


def _told(record: "Record", path: Path) -> Iterator[str]:
    """What came of a mechanism, in a few lines."""
    objective, means = record.declared["objective"], record.means
    yield (
        f"{record.mechanism}: {objective} {means[0]:.4f} as begun, {max(means):.4f} at best "
        f"({record.runs} runs, {record.seconds:.0f} s)"
    )
    for key, value in record.best.settings.items():
        yield f"  {key} = {value}"
    yield from (f"  note: {note}" for note in record.notes)
    yield f"  record {record.hash}: {path}"


def _write(record: "Record", path: Path) -> None:
    try:
        record.save(path)
    except OSError as e:
        raise InputError(f"{path}: cannot be written ({e.strerror}); make room") from e
