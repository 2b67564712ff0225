"""The barrier test: does a mechanism know only what it was told?

Runs on trial are played, and all that passes between nature and the mechanism is noted. Then every
call is made again, in a process of its own in which nothing else has ever happened, from copies of
what one party alone was given: a row cut out on its own, or the centre. Bit for bit the answers
must be those of the run. So what a party does depends on what it was given, and on nothing else.
"""

import marshal
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from multiprocessing.connection import wait
from typing import Any, final

from catallax.errors import InputError
from catallax.kernels.ready import cold, prepare
from catallax.protocol import PRODUCTION, Domain, Finding, Offence
from catallax.protocol.difference import describe_difference
from catallax.protocol.trees import Tree
from catallax.testing.nursery import Child, Subject, start_process
from catallax.testing.recording import play_runs
from catallax.testing.replaying import OVER, PATIENCE, answer_calls
from catallax.testing.report import Report, sort_findings

SECONDS = 45.0  # for calls, those of the runs and those made again; processes start besides
PLAYING = 0.4  # share of them that is for playing runs
HANDS = 2  # processes that make calls again
FEW = 40  # batches that one process is enough for
TOGETHER = 64  # calls of a party that share a process
ENOUGH = 20  # calls with another answer, after which no more are made


def barrier(
    source: str,
    *,
    domain: Domain | None = None,
    contract: Any = None,
    seed: int = 1,
    seconds: float = SECONDS,
) -> Report:
    """Run the barrier test on a mechanism by name or on the one that a Python file defines.

    domain   : whose mechanism it is; None for the production economy
    contract : on which it is tried; None draws contracts that nobody can have prepared for
    seed     : from which runs are drawn, >= 0
    seconds  : of calls, after which none begins; on a machine however busy some are made, and what
               was not made again by then is not

    Raises InputError for an unknown name, a broken file or verb, an oracle, which may see
    everything, and a domain that records no calls.
    """
    subject = Subject(source, PRODUCTION if domain is None else domain.name,
                      "" if domain is None else domain.file)  # fmt: skip
    subject.check()
    if subject.its_domain().loops and cold():
        prepare(lambda *_: None)
    played = _play_runs(subject, contract, seed, PLAYING * seconds)
    made = _replay_calls(subject, played.batches(seed), (1 - PLAYING) * seconds)
    findings = sort_findings([*played.findings, *made.findings])
    if not findings and not made.count:
        raise InputError(f"{source}: no call was made; give a contract in which somebody acts")
    return Report(source, seed, tuple(played.runs), played.count, made.count, findings)


@final
@dataclass(frozen=True)
class ReplayCall:
    """A call to be made again, and what it answered in the run.

    call : verb, trees of the arguments, and which of them are the party's own, as bytes
    run  : of which it is
    """

    call: bytes
    run: int
    verb: str
    who: str
    answer: Tree
    week: int | None
    row: int | None
    parts: tuple[str, ...]

    def finding(self, offence: Offence, what: str) -> Finding:
        """An offence of this call."""
        return Finding(offence, what, self.verb, self.week, self.row, self.who)

    def difference(self, answer: Tree) -> str:
        """Where an answer is not the run's, by the names of its parts; "" if nowhere."""
        if answer[0] != "tuple" or len(answer[1]) != len(self.parts):
            return describe_difference(answer, self.answer, "the answer")
        parts = zip(self.parts, answer[1], self.answer[1], strict=True)
        found = (describe_difference(mine, of_run, f"its {name}") for name, mine, of_run in parts)
        return next((wrong for wrong in found if wrong), "")


@final
@dataclass
class Played:
    """What was noted of the runs."""

    runs: list[str] = field(default_factory=list)
    count: int = 0
    calls: list[ReplayCall] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def batches(self, seed: int) -> list[list[ReplayCall]]:
        """All calls in an order that depends on the seed alone, those of a verb of a row together.

        They are `TOGETHER` at most; a centre's are one by one.
        """
        chance, parties = random.Random(seed), dict[Any, list[ReplayCall]]()
        for k, job in enumerate(self.calls):
            alone = k if job.row is None else None
            parties.setdefault((job.run, job.verb, job.row, alone), []).append(job)
        found = []
        for jobs in parties.values():
            chance.shuffle(jobs)
            found += [jobs[k : k + TOGETHER] for k in range(0, len(jobs), TOGETHER)]
        chance.shuffle(found)
        return found


def _play_runs(subject: Subject, contract: Any, seed: int, seconds: float) -> Played:
    """Runs on trial, played in a process of their own."""
    child, played, at = (
        start_process(play_runs, subject, contract, seed, seconds),
        Played(),
        "the file",
    )
    patience = seconds + PATIENCE  # with whatever is done last: a call, or reading the file
    try:
        while True:
            until = time.monotonic() + patience
            message = _receive(child, until)
            if message is None:
                late = patience if time.monotonic() >= until else None
                played.findings.append(_ended_finding(at, late))
                return played
            match message:
                case ("end", refused):
                    if refused and not played.findings:
                        raise InputError(refused)
                    return played
                case ("at", at):
                    continue
                case ("trial", title):
                    played.runs.append(title)
                case ("run", reason, count):
                    played.count += count
                    if reason:
                        what = f"the run stopped: {reason}"
                        played.findings.append(Finding(Offence.STOPPED, what))
                case ("found", *parts):
                    played.findings.append(_read_finding(*parts))
                case ("call", *parts):
                    played.calls.append(_make_call(len(played.runs), *parts))
    finally:
        child.end()


def _receive(child: Child, until: float) -> Any:
    """The next message of a process; None if it ends, or says nothing until then."""
    try:
        if not child.line.poll(max(until - time.monotonic(), 0.0)):
            return None
        return marshal.loads(child.line.recv_bytes())
    except (EOFError, OSError):
        return None


def _ended_finding(at: str, late: float | None = None) -> Finding:
    """A process that ended, or from which nothing came in `late` seconds."""
    what = f"did not return within {late:g} s" if late else "ended the process it ran in"
    return Finding(Offence.ENDED, what, who=at)


def _read_finding(name: str, *parts: Any) -> Finding:
    return Finding(Offence[name], *parts)


def _make_call(run: int, call: bytes, verb: str, *parts: Any) -> ReplayCall:
    return ReplayCall(call, run, verb.rpartition(".")[2], *parts)


@final
@dataclass
class ReplayResult:
    """What came of making calls again."""

    count: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def differing(self) -> int:
        """How many calls had another answer."""
        return sum(f.offence is Offence.DIFFERS for f in self.findings)


def _replay_calls(
    subject: Subject, batches: Sequence[list[ReplayCall]], seconds: float
) -> ReplayResult:
    """Calls made again by processes, as many as there is time for once the first is ready."""
    made = ReplayResult()
    hands = [
        start_process(answer_calls, subject) for _ in range(min(HANDS, -(-len(batches) // FEW)))
    ]
    try:
        _share_out(hands, batches, seconds, made)
    finally:
        for hand in hands:
            hand.end()
    return made


def _share_out(
    hands: Sequence[Child], batches: Sequence[list[ReplayCall]], seconds: float, made: ReplayResult
) -> None:
    """Let each process make the next calls as soon as it is ready, and note what comes of them."""
    left = iter(batches)
    busy: dict[Any, list[ReplayCall] | None] = {hand.line: None for hand in hands}  # to get ready
    until: float | None = None  # the clock starts when somebody is ready
    while busy:
        there: list[Any] = wait(list(busy), timeout=PATIENCE + 10.0)
        for line in there or _give_up_late(busy):
            jobs = busy.pop(line)
            try:
                _compare_batch(made, jobs, line.recv_bytes())
            except (EOFError, OSError):
                at = f"{jobs[0].who}, {jobs[0].verb}" if jobs else "the file"
                made.findings.append(_ended_finding(at))
                continue
            rest = seconds if until is None else until - time.monotonic()
            until = until or time.monotonic() + seconds
            over = rest < 0 or made.differing >= ENOUGH
            jobs = None if over else next(left, None)
            if jobs is not None:
                line.send_bytes(marshal.dumps(([job.call for job in jobs], rest)))
                busy[line] = jobs


def _give_up_late(busy: dict[Any, Any]) -> Iterator[Any]:
    """Lines on which nobody has said anything for too long: they are given up."""
    for line in list(busy):
        line.close()
        yield line


def _compare_batch(made: ReplayResult, jobs: list[ReplayCall] | None, found: bytes) -> None:
    """Hold what came back against the run."""
    stream = BytesIO(found)
    if jobs is None:
        made.findings += [_read_finding(*parts) for parts in marshal.load(stream)]
        return
    for job in jobs:
        try:
            answer = marshal.load(stream)
        except EOFError:
            what = f"ended its process, or worked for more than {PATIENCE} s"
            made.findings.append(job.finding(Offence.ENDED, what))
            return
        if answer == OVER:
            return
        made.count += 1
        _compare_answer(made, job, *answer)


def _compare_answer(
    made: ReplayResult, job: ReplayCall, kind: str, what: Any, more: Sequence[Sequence[Any]]
) -> None:
    """Note what is wrong with an answer, or why there is none."""
    for parts in more:
        found = _read_finding(*parts)
        made.findings.append(job.finding(found.offence, found.what))
    alone = "alone, from what it was given, it"
    if kind == "answer":
        wrong = job.difference(what)
        kind, what = Offence.DIFFERS.name, f"{alone} answers something else: {wrong}"
        if not wrong:
            return
    elif kind == Offence.DIFFERS.name:
        what = f"{alone} fails with {what}"
    made.findings.append(job.finding(Offence[kind], what))
