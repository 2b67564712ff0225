"""The process in which calls are made again, those of a party in a process of their own.

Such a process is told of one verb of one row in a run and of nothing else: no other row and no
other verb has ever been there. Its weeks come in any order, so that what a verb kept of one outside
its memory is of no use in the next. A centre's calls each have a process of their own.
"""

import gc
import marshal
import os
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from operator import attrgetter
from typing import Any, NoReturn

from catallax.protocol import Finding, Offence
from catallax.protocol.difference import difference
from catallax.protocol.trees import Hidden, Tree, tree_of, value_in
from catallax.testing.inside import Inside
from catallax.testing.nursery import Subject
from catallax.testing.watch import Watch

OVER = ("over", "", ())
PATIENCE = 20  # seconds of work that a call alone may take


def replay(line: Connection, subject: Subject) -> None:
    """Read the mechanism, then answer one call after the other."""
    watch, inside = Watch(subject.files, time.monotonic() + 1e6), Inside(subject.its_barrier().open)
    with inside.during("the file, while it is read,", verb=False):
        mechanism = watch.reading(subject.made)
    line.send_bytes(marshal.dumps(_plain(inside.findings)))
    inside.findings.clear()
    gc.freeze()
    while True:
        job = line.recv_bytes()
        line.send_bytes(_alone(line, mechanism, watch, inside, job))


def _plain(findings: list[Finding]) -> tuple[tuple[Any, ...], ...]:
    return tuple((f.offence.name, f.what, f.verb) for f in findings)


def _alone(line: Connection, mechanism: Any, watch: Watch, inside: Inside, job: bytes) -> bytes:
    """The answers to calls in a process that is forked for them, as far as it comes."""
    if not hasattr(os, "fork"):
        return b"".join(_answers(mechanism, watch, inside, job))
    there, here = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(there)
        line.close()
        _answer_and_end(here, mechanism, watch, inside, job)
    os.close(here)
    with os.fdopen(there, "rb") as answer:
        found = answer.read()
    os.waitpid(child, 0)
    return found


def _answer_and_end(
    line: int, mechanism: Any, watch: Watch, inside: Inside, job: bytes
) -> NoReturn:
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        with os.fdopen(line, "wb") as out:
            for answer in _answers(mechanism, watch, inside, job):
                out.write(answer)
                out.flush()
    finally:
        os._exit(0)


def _answers(mechanism: Any, watch: Watch, inside: Inside, job: bytes) -> Iterator[bytes]:
    """The answers to the calls of a job, until its time is up, and last that it is over."""
    calls, seconds = marshal.loads(job)
    until = time.monotonic() + seconds
    for call in calls:
        if time.monotonic() > until:
            break
        _be_patient()
        yield _answer(mechanism, watch, inside, call)
    yield marshal.dumps(OVER)


def _be_patient() -> None:
    """Let the next call work for some seconds and no more, where the system can see to that."""
    if sys.platform != "win32":
        import resource

        used = int(time.process_time()) + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (used + PATIENCE, hard))


def _answer(mechanism: Any, watch: Watch, inside: Inside, made: bytes) -> bytes:
    """The answer to a call, as ("answer", tree, findings) or ("failed", why, findings)."""
    verb, given, own = marshal.loads(made)
    watch.findings.clear()
    inside.findings.clear()
    call = attrgetter(verb)(mechanism)
    values = [value_in(part, writable=k in own) for k, part in enumerate(given)]
    word = verb.rpartition(".")[2]
    try:
        with watch(word), inside.during(word, verb=True):
            answer = call(*values)
        found: tuple[Any, ...] = ("answer", tree_of(answer, "its answer"))
    except Hidden as e:
        found = ("hidden", str(e))
    except BaseException as e:  # whatever a user's code raises
        found = ("failed", f"{type(e).__name__}: {e}")
    wrote = _written(values, given, own)
    if wrote:
        watch.findings.append(Finding(Offence.WRITES, f"{word} changes what it is shown: {wrote}"))
    return marshal.dumps((*found, _plain([*watch.findings, *inside.findings])))


def _written(values: list[Any], given: tuple[Tree, ...], own: tuple[int, ...]) -> str:
    """What of the arguments that a party may only look at is another now."""
    for k, part in enumerate(given):
        if k in own:
            continue
        try:
            wrong = difference(tree_of(values[k], "argument"), part, f"argument {k}")
        except Hidden as e:
            wrong = str(e)
        if wrong:
            return wrong
    return ""
