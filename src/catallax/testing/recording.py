"""The process in which runs on trial are played, and every call of a mechanism is noted."""

import marshal
import random
import time
from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import Any

from catallax.errors import InputError
from catallax.protocol import Finding, Offence, RecordedRun, Trial
from catallax.protocol.blame import blame
from catallax.testing.nursery import Subject
from catallax.testing.snapshot import Snapshot
from catallax.testing.watch import Watch

MOST = 200_000_000  # bytes of calls that are sent; of those of a large economy a part is


def play(line: Connection, subject: Subject, contract: Any, seed: int, seconds: float) -> None:
    """Play the trials of a seed, or one on a contract, and send what was noted, run by run.

    seconds : after which no call begins
    """

    def tell(what: str, *parts: Any) -> None:
        line.send_bytes(marshal.dumps((what, *parts)))

    watch = Watch(subject.files, time.monotonic() + seconds, lambda verb: tell("at", verb))
    try:
        barrier, before = subject.its_barrier(), Snapshot()
        mechanism = watch.reading(subject.made)
        trials = barrier.trials(seed) if contract is None else [barrier.on(contract, seed)]
        for trial in trials:
            tell("trial", trial.title)
            _send(tell, trial, barrier.record(mechanism, trial, watch), MOST // len(trials))
        found, refused = before.changed(), ""
    except InputError as e:
        found, refused = [], str(e)
    except BaseException as e:  # whatever a user's code raises
        found, refused = _writing(watch.last, e, subject), blame(e, subject.files)
    for finding in (*watch.findings, *found):
        tell("found", *_plain(finding))
    tell("end", refused)


def _writing(verb: str, error: BaseException, subject: Subject) -> list[Finding]:
    """The offence that an error shows: NumPy does not let anybody write into what is shown."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, ValueError) and ("WRITEABLE" in str(at) or "read-only" in str(at)):
            what = f"{verb} tries to write into what it is shown: {blame(error, subject.files)}"
            return [Finding(Offence.WRITES, what, verb.partition(" ")[0])]
        at = at.__cause__ or at.__context__
    return []


def _send(tell: Any, trial: Trial, run: RecordedRun, most: int) -> None:
    """Send what was noted: of calls as many as `most` bytes hold, drawn by lot.

    Half of the bytes are for rows' calls and half for centres', which are much larger.
    """
    tell("run", run.reason, len(run.calls))
    for finding in run.findings:
        tell("found", *_plain(finding))
    order, left = list(range(len(run.calls))), {True: most // 2, False: most // 2}
    random.Random(trial.seed).shuffle(order)
    for k in order:
        call = run.calls[k]
        if left[call.row is None] > 0:
            made = marshal.dumps((call.verb, call.given, call.own))
            left[call.row is None] -= len(made)
            tell("call", made, call.verb, call.who, call.answer, call.week, call.row)
        elif max(left.values()) <= 0:
            return


def _plain(finding: Finding) -> Iterable[Any]:
    return finding.offence.name, finding.what, finding.verb, finding.week, finding.row
