"""`catallax claims`: the record of what was found, or the claims put to the test again."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, final

from cyclopts import Parameter

from catallax.apps.execution import DEFAULT_EXECUTION, Execution, ExecutionOptions, check_execution
from catallax.apps.exit_codes import Reply
from catallax.apps.output import format_json, prepare_file, render_table, report_write_errors
from catallax.apps.values import ALL, FilePath, FolderPath, NameList, SeedSet, seeds_text
from catallax.errors import InputError, about

if TYPE_CHECKING:
    from catallax.study.claims import AnswerRecord, Registry

PAGE = "claims.html"
WIDTH = 120


def claims(
    *,
    run: Annotated[NameList | None, Parameter(help="run these again: ids, or all")] = None,
    seeds: Annotated[
        SeedSet | None, Parameter(help="of --run: a count, list or range; as declared if left out")
    ] = None,
    out: Annotated[FolderPath | None, Parameter(help="folder of a report in one HTML file")] = None,
    file: Annotated[
        FilePath | None,
        Parameter(help="TOML file of your own claims: docs/claims.md; the package's if left out"),
    ] = None,
    execution: ExecutionOptions = DEFAULT_EXECUTION,
) -> Reply:
    """Show what two essays claim and what was found; --run tests claims again.

    All claims take some 1,400 runs: half an hour on two cores. With --file the
    claims are yours, about any domain.

    $ catallax claims
    $ catallax claims --run H1,D14 --seeds 4 --store runs
    """
    return Reply(run_claims(order_claims(run, seeds, out, file, execution)))


@final
@dataclass(frozen=True)
class ClaimsOrder:
    """What is asked for, fully checked.

    known   : all that is declared
    own     : whether it is a file of the user's, of which there is no record
    names   : of the claims, in the registry's order
    again   : whether they are to be run
    seeds   : None for those declared
    command : the command line that does it again
    """

    known: "Registry"
    own: bool
    names: tuple[str, ...]
    again: bool
    seeds: tuple[int, ...] | None
    execution: Execution
    report: Path | None
    command: str


def order_claims(
    run: Sequence[str] | None,
    seeds: tuple[int, ...] | None,
    out: Path | None,
    file: Path | None,
    asked: ExecutionOptions,
) -> ClaimsOrder:
    """Check everything that the user asked for; the report's folder is made last.

    file : a registry of the user's; None for the package's own
    """
    execution, known = check_execution(asked), _read_registry(file)
    idle = ExecutionOptions(quiet=asked.quiet, json=asked.json)
    if run is None and (seeds is not None or asked != idle):
        raise InputError(
            "--seeds, --workers, --store, --executor and --address are for --run: name claims, "
            "or all"
        )
    wanted = [ALL] if run is None else list(run)
    every = ALL in (name.lower() for name in wanted)
    ids = {known.claim(name).id for name in wanted if name.lower() != ALL}
    names = tuple(n for n in known.claims if every or n in ids)
    words = [] if file is None else ["--file", str(file)]
    words += [] if run is None else ["--run", ALL if every else ",".join(names)]
    words += [] if seeds is None else ["--seeds", seeds_text(seeds)]
    words += [w for k, v in execution.words.items() if v is not None for w in (f"--{k}", v)]
    report = None if out is None else prepare_file(out, PAGE)
    command = shlex.join(["catallax", "claims", *words])
    again, own = run is not None, file is not None
    return ClaimsOrder(known, own, names, again, seeds, execution, report, command)


def _read_registry(file: Path | None) -> "Registry":
    from catallax.study.claims import registry

    if file is None:
        return registry()
    with about(str(file)):
        return registry(str(file))


def run_claims(order: ClaimsOrder) -> str:
    """Show the record or run the claims; return what is to be printed."""
    known = order.known
    record = _run_again(order, known) if order.again else _recorded_answers(order)
    _write_page(order, known, record)
    if order.execution.json:
        return format_json(plain_claims(order, known, record))
    parts = [_describe_claims(order, known, record)] if order.again else []
    parts += [_format_claims(order, known, record), *_write_notes(order, known, record)]
    return "\n\n".join(parts)


def _run_again(order: ClaimsOrder, known: "Registry") -> "AnswerRecord":
    """Run the claims."""
    from catallax.protocol import domain_named
    from catallax.study.claims import AnswerRecord, answers, cells

    claims = [known.claims[name] for name in order.names]
    seeds = range(max(c.seeds for c in claims)) if order.seeds is None else order.seeds
    needed = cells(known, claims)
    runs = sum(len(c.mechanisms) for c in needed) * len(seeds)
    domains = [domain_named(name) for name in {c.contract.domain for c in needed}]
    files, loops = [d.file for d in domains if d.file], any(d.loops for d in domains)
    with order.execution.session(runs, sources=files, loops=loops) as session:
        return AnswerRecord({}) + answers(known, claims, session.gather, seeds=order.seeds)


def _recorded_answers(order: ClaimsOrder) -> "AnswerRecord":
    """What is known without a run: the package's record, and what needs none."""
    from catallax.study.claims import AnswerRecord, shipped_answers

    return (AnswerRecord({}) if order.own else shipped_answers()) + _answers_without_runs(
        order.known
    )


def _answers_without_runs(known: "Registry") -> list[Any]:
    """Answers that need no run: nothing can answer, or the essay disagrees with itself."""
    from catallax.study.claims import answers
    from catallax.study.sweep import gather

    return answers(known, [c for c in known.claims.values() if not c.is_answerable], gather)


def plain_claims(order: ClaimsOrder, known: "Registry", record: "AnswerRecord") -> dict[str, Any]:
    """Claims and answers as JSON-ready values."""
    stale, outdated = record.stale(known), record.outdated(known)
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
                "defaults_since_changed": name in outdated,
                "answer": None if answer is None else answer.to_dict(),
            }
        )
    return {"claims": found}


def _describe_claims(order: ClaimsOrder, known: "Registry", record: "AnswerRecord") -> str:
    from catallax.show.claims import explain_verdict

    parts = []
    for name in order.names:
        claim, answer = known.claims[name], record.answers.get(name)
        verdict = "" if answer is None else f": {answer.verdict}"
        said = "\n".join(f"  {text}" for text in explain_verdict(claim, answer))
        parts.append(f"{name}{verdict}\n  {claim.text}\n{said}")
    return "\n\n".join(parts)


def _format_claims(order: ClaimsOrder, known: "Registry", record: "AnswerRecord") -> str:
    from rich import box
    from rich.table import Table

    from catallax.show.claims import HEADS, make_claim_rows

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for k, head in enumerate(HEADS):
        table.add_column(head, ratio=5 if k == 1 else None, max_width=24 if k > 1 else None)
    for line in make_claim_rows(known, record, order.names):
        table.add_row(*line.cells)
    return render_table(table, WIDTH)


def _write_notes(order: ClaimsOrder, known: "Registry", record: "AnswerRecord") -> list[str]:
    """When it was made, what has changed since, and where the report is."""
    from catallax.show.claims import FROM_BEFORE, NOT_RUN

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
        before = [n for n in record.outdated(known) if n in order.names]
        if before:
            notes.append(f"{FROM_BEFORE}: {', '.join(before)}. --run answers them anew.")
        if any(n not in record.answers for n in order.names):
            notes.append(f"{NOT_RUN}: {order.command} --run ID runs a claim, --run all every one.")
    if order.report is not None:
        notes.append(f"Report: {order.report}")
    return ["\n".join(notes)] if notes else []


def _write_page(order: ClaimsOrder, known: "Registry", record: "AnswerRecord") -> None:
    from catallax.show.claims import write_claims

    if order.report is not None:
        with report_write_errors(order.report):
            write_claims(known, record, order.names, order.report, command=order.command)
