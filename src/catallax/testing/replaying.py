"""The process in which calls are made again, those of a party in a process of their own.

Such a process is told of one verb of one row in a run and of nothing else: no other row and no
other verb has ever been there. Its weeks come in any order, so that what a verb kept of one outside
its memory is of no use in the next. A centre's calls each have a process of their own.
"""

import gc
import marshal
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from operator import attrgetter
from typing import Any, NoReturn, final

from catallax.protocol import Finding, Offence
from catallax.protocol.difference import describe_difference
from catallax.protocol.trees import Hidden, Tree, tree_of, value_in
from catallax.testing.inside import ClosedCalls
from catallax.testing.nursery import Subject
from catallax.testing.watch import Watch

UNSAID = {"UnsaidKind": Offence.UNSAID}  # name of an error -> the offence that it shows
OVER = ("over", "", ())
PATIENCE = 20  # seconds of work that a call alone may take


def answer_calls(line: Connection, subject: Subject) -> None:
    """Read the mechanism, then answer the calls of one party after the other."""
    barrier = subject.its_barrier()
    watch, inside = Watch(subject.files, math.inf), ClosedCalls(barrier.open)
    with inside.during(""):
        mechanism = watch.reading(subject.made)
    line.send_bytes(marshal.dumps(_plain_findings(inside.findings)))
    callee = Callee(mechanism, barrier.given, watch, inside)
    gc.freeze()
    while True:
        job = line.recv_bytes()
        line.send_bytes(_answer_in_fork(line, callee, job))


def _plain_findings(findings: Sequence[Finding]) -> tuple[tuple[Any, ...], ...]:
    return tuple((f.offence.name, f.what, f.verb, f.week, f.row, f.who) for f in findings)


def _answer_in_fork(line: Connection, callee: "Callee", job: bytes) -> bytes:
    """The answers to calls in a process that is forked for them, as far as it comes."""
    if not hasattr(os, "fork"):
        return b"".join(callee.answers(job))
    there, here = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(there)
        line.close()
        _answer_and_end(here, callee, job)
    os.close(here)
    with os.fdopen(there, "rb") as answer:
        found = answer.read()
    os.waitpid(child, 0)
    return found


def _answer_and_end(line: int, callee: "Callee", job: bytes) -> NoReturn:
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        with os.fdopen(line, "wb") as out:
            for answer in callee.answers(job):
                out.write(answer)
                out.flush()
    finally:
        os._exit(0)


def _be_patient() -> None:
    """Let the next call work for some seconds and no more, where the system can see to that."""
    if sys.platform != "win32":
        import resource

        used = int(time.process_time()) + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (used + PATIENCE, hard))


@final
@dataclass(frozen=True)
class Callee:
    """A mechanism that answers calls while it is looked at.

    given : as `Barrier` has it
    """

    mechanism: Any
    given: Callable[[Any, list[Any]], list[Any]]
    watch: Watch
    inside: ClosedCalls

    def answers(self, job: bytes) -> Iterator[bytes]:
        """The answers to the calls of a job, until its time is up, and last that it is over.

        The first call is made whatever the time.
        """
        calls, seconds = marshal.loads(job)
        until = time.monotonic() + seconds
        for k, call in enumerate(calls):
            if k > 0 and time.monotonic() > until:
                break
            _be_patient()
            yield self._answer_call(*marshal.loads(call))
        yield marshal.dumps(OVER)

    def _answer_call(self, verb: str, given: tuple[Tree, ...], own: tuple[int, ...]) -> bytes:
        """What came of a call, in a word, the answer's tree or why there is none, and findings."""
        self.watch.findings.clear()
        self.inside.findings.clear()
        values = [value_in(part, writable=k in own) for k, part in enumerate(given)]
        try:
            answer = self._make_call(verb, values)
            found: tuple[str, Any] = ("answer", tree_of(answer, "its answer"))
        except Hidden as e:
            found = (Offence.HIDDEN.name, str(e))
        except BaseException as e:  # whatever a user's code raises
            offence = UNSAID.get(type(e).__name__, Offence.DIFFERS)
            found = (offence.name, f"{type(e).__name__}: {e}")
        wrote = _find_written(values, given, own)
        more = [Finding(Offence.WRITES, f"changes what it is shown: {wrote}")] if wrote else []
        findings = [*self.watch.findings, *self.inside.findings, *more]
        return marshal.dumps((*found, _plain_findings(findings)))

    def _make_call(self, verb: str, values: list[Any]) -> Any:
        call, word = attrgetter(verb)(self.mechanism), verb.rpartition(".")[2]
        shown = self.given(self.mechanism, values)
        with self.watch(word, None), self.inside.during(word):
            return call(*shown)


def _find_written(values: list[Any], given: tuple[Tree, ...], own: tuple[int, ...]) -> str:
    """What of the arguments that a party may only look at is another now."""
    for k, part in enumerate(given):
        if k in own:
            continue
        try:
            wrong = describe_difference(tree_of(values[k], "argument"), part, f"argument {k}")
        except Hidden as e:
            wrong = str(e)
        if wrong:
            return wrong
    return ""
