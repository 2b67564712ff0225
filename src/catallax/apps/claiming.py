"""`catallax claims`: the record of what was found, or the claims put to the test again."""

import json as jsonlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from catallax.apps.asked import Kept
from catallax.apps.hands import Hands, gathering, hands_of
from catallax.apps.options import ALL, path_of, place, seeds_of, seeds_text
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.experiments.claims import Record, Registry

PAGE = "claims.html"
WIDTH = 120


@final
@dataclass(frozen=True)
class Job:
    """What is asked for, fully checked.

    known   : all that is declared
    own     : whether it is a file of the user's, of which there is no record
    names   : of the claims, in the registry's order
    again   : whether they are to be run
    seeds   : None for those declared
    hands   : who does the runs, and where they are kept
    command : the command line that does it again
    """

    known: "Registry"
    own: bool
    names: tuple[str, ...]
    again: bool
    seeds: tuple[int, ...] | None
    hands: Hands
    report: Path | None
    command: str


def job(
    run: Sequence[str] | None,
    seeds: str | None,
    workers: str | None,
    kept: Kept | None,
    out: str | None,
    file: str | None = None,
) -> Job:
    """Check everything that the user asked for; the report's folder is made last.

    file : a registry of the user's; None for the package's own
    """
    from catallax.experiments.claims import registry

    known, kept = registry() if file is None else _registry(file), kept or Kept()
    if run is None and (seeds is not None or workers is not None or kept != Kept()):
        raise InputError(
            "--seeds, --workers, --store, --executor and --address are for --run: name claims, "
            "or all"
        )
    asked = [name.strip() for text in run or (ALL,) for name in text.split(",")]
    every = ALL in [name.lower() for name in asked]
    ids = {known.claim(name).id for name in asked if name.lower() != ALL}
    names = tuple(n for n in known.claims if every or n in ids)
    chosen = None if seeds is None else seeds_of(seeds)
    hands = hands_of(workers, kept)
    words = [] if file is None else ["--file", file]
    words += [] if run is None else ["--run", ALL if every else ",".join(names)]
    words += [] if chosen is None else ["--seeds", seeds_text(chosen)]
    words += [] if kept.store is None else ["--store", kept.store]
    report = None if out is None else place(out, PAGE)
    command = shlex.join(["catallax", "claims", *words])
    return Job(
        known, file is not None, names, run is not None, chosen, hands, report, command
    )  # fmt: skip


def _registry(file: str) -> "Registry":
    from catallax.experiments.claims import registry

    try:
        return registry(path_of("--file", file))
    except InputError as e:
        raise InputError(str(e) if str(e).startswith(("--file", file)) else f"{file}: {e}") from e


def run(order: Job, *, json: bool, quiet: bool) -> str:
    """Show the record or run the claims; return what is to be printed."""
    known = order.known
    record = _again(order, known, quiet=quiet) if order.again else _known(order)
    _write(order, known, record)
    if json:
        return jsonlib.dumps(plain(order, known, record), indent=2, allow_nan=False)
    parts = [_details(order, known, record)] if order.again else []
    parts += [_table(order, known, record), *_notes(order, known, record)]
    return "\n\n".join(parts)


def _again(order: Job, known: "Registry", *, quiet: bool) -> "Record":
    """Run the claims."""
    from catallax.experiments.claims import Record, answers, cells
    from catallax.protocol import domain_named

    claims = [known.claims[name] for name in order.names]
    seeds = range(max(c.seeds for c in claims)) if order.seeds is None else order.seeds
    needed = cells(known, claims)
    runs = sum(len(c.mechanisms) for c in needed) * len(seeds)
    domains = [domain_named(name) for name in {c.contract.domain for c in needed}]
    files, loops = [d.file for d in domains if d.file], any(d.loops for d in domains)
    with gathering(order.hands, files, total=runs, quiet=quiet, loops=loops) as gather:
        return Record({}) + answers(known, claims, gather, seeds=order.seeds)


def _known(order: Job) -> "Record":
    """What is known without a run: the package's record, and what needs none."""
    from catallax.experiments.claims import Record, recorded

    return (Record({}) if order.own else recorded()) + _plain(order.known)


def _plain(known: "Registry") -> list[Any]:
    """Answers that need no run: nothing can answer, or the essay disagrees with itself."""
    from catallax.experiments.claims import answers
    from catallax.experiments.sweep import gather

    return answers(known, [c for c in known.claims.values() if not c.answerable], gather)


def plain(order: Job, known: "Registry", record: "Record") -> dict[str, Any]:
    """Claims and answers as JSON-ready values."""
    stale = record.stale(known)
    found = []
    for name in order.names:
        claim, answer = known.claims[name], record.answers.get(name)
        found.append(
            {
                "id": name,
                "essay": known.essays[name[0]],
                "claim": claim.text,
                "looked_at": claim.looked_at,
                "figure": claim.cited or None,
                "rule": claim.rule,
                "labels": list(claim.labels),
                "changes": claim.changes or None,
                "declared": known.hashes[name],
                "declared_since_changed": name in stale,
                "answer": None if answer is None else answer.to_dict(),
            }
        )
    return {"claims": found}


def _details(order: Job, known: "Registry", record: "Record") -> str:
    from catallax.report.claims import told

    parts = []
    for name in order.names:
        claim, answer = known.claims[name], record.answers.get(name)
        verdict = "" if answer is None else f": {answer.verdict}"
        said = "\n".join(f"  {text}" for text in told(claim, answer))
        parts.append(f"{name}{verdict}\n  {claim.text}\n{said}")
    return "\n\n".join(parts)


def _table(order: Job, known: "Registry", record: "Record") -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from catallax.report.claims import HEADS, lines

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for k, head in enumerate(HEADS):
        table.add_column(head, ratio=5 if k == 1 else None, max_width=24 if k > 1 else None)
    for line in lines(known, record, order.names):
        table.add_row(*line.cells)
    out = StringIO()
    Console(file=out, width=WIDTH, highlight=False, markup=False).print(table)
    return "\n".join(text.rstrip() for text in out.getvalue().splitlines())


def _notes(order: Job, known: "Registry", record: "Record") -> list[str]:
    """When it was made, what has changed since, and where the report is."""
    from catallax.report.claims import NOT_RUN

    answered = [record.answers[n] for n in order.names if n in record.answers]
    made = sorted({a.made[:10] for a in answered if a.runs})
    notes = []
    if not order.again:
        when = f"made {made[0]}" + (f" to {made[-1]}" if len(made) > 1 else "") if made else ""
        if not order.own:
            notes.append(f"The record, {when}." if when else "There is no record of runs yet.")
        stale = [n for n in record.stale(known) if n in order.names]
        if stale:
            notes.append(f"Declared anew since they were answered: {', '.join(stale)}.")
        if any(n not in record.answers for n in order.names):
            notes.append(f"{NOT_RUN}: {order.command} --run ID runs a claim, --run all every one.")
    if order.report is not None:
        notes.append(f"Report: {order.report}")
    return ["\n".join(notes)] if notes else []


def _write(order: Job, known: "Registry", record: "Record") -> None:
    from catallax.report.claims_page import write_claims

    if order.report is None:
        return
    try:
        write_claims(known, record, order.names, order.report, command=order.command)
    except OSError as e:
        raise InputError(f"{order.report}: cannot be written ({e.strerror}); make room") from e
