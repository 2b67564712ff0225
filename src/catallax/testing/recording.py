"""The process in which runs on trial are played, and every call of a mechanism is noted."""

import marshal
import random
from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import Any

from catallax.errors import InputError
from catallax.protocol import Finding, Offence, RecordedRun, TrialRun
from catallax.protocol.userfile import describe_blame
from catallax.testing.inside import Snapshot
from catallax.testing.nursery import Subject
from catallax.testing.watch import Watch

MOST = 200_000_000  # bytes of calls that are sent; of those of a large economy a part is


def play_runs(line: Connection, subject: Subject, contract: Any, seed: int, seconds: float) -> None:
    """Play the trials of a seed, or one on a contract, and send what was noted, run by run.

    seconds : from the first call on, after which none begins
    """

    def tell(what: str, *parts: Any) -> None:
        line.send_bytes(marshal.dumps((what, *parts)))

    watch = Watch(subject.files, seconds, lambda place: tell("at", place))
    try:
        barrier, before = subject.its_barrier(), Snapshot()
        mechanism = watch.reading(subject.made)
        trials = barrier.trials(seed) if contract is None else [barrier.on(contract, seed)]
        for trial in trials:
            tell("trial", trial.title)
            _send_calls(tell, trial, barrier.record(mechanism, trial, watch), MOST // len(trials))
        found, refused = before.changed(), ""
    except InputError as e:
        found, refused = [], str(e)
    except BaseException as e:  # whatever a user's code raises
        if _is_writing(e):
            watch.note(Offence.WRITES, f"tries to write: {describe_blame(e, subject.files)}")
        found, refused = [], describe_blame(e, subject.files)
    for finding in (*watch.findings, *found):
        tell("found", *_plain_finding(finding))
    tell("end", refused)


def _is_writing(error: BaseException | None) -> bool:
    """Whether NumPy did not let somebody write into what is shown."""
    if error is None:
        return False
    text = str(error) if isinstance(error, ValueError) else ""
    if "WRITEABLE" in text or "read-only" in text:
        return True
    return _is_writing(error.__cause__ or error.__context__)


def _send_calls(tell: Any, trial: TrialRun, run: RecordedRun, most: int) -> None:
    """Send what was noted: of calls as many as `most` bytes hold, drawn by lot.

    Half of the bytes are for rows' calls and half for centres', which are much larger.
    """
    tell("run", run.reason, len(run.calls))
    for finding in run.findings:
        tell("found", *_plain_finding(finding))
    order, left = list(range(len(run.calls))), {True: most // 2, False: most // 2}
    random.Random(trial.seed).shuffle(order)
    for k in order:
        call = run.calls[k]
        if left[call.row is None] > 0:
            made = marshal.dumps((call.verb, call.given, call.own))
            left[call.row is None] -= len(made)
            tell("call", made, call.verb, call.who, call.answer, call.week, call.row, call.parts)
        elif max(left.values()) <= 0:
            return


def _plain_finding(finding: Finding) -> Iterable[Any]:
    f = finding
    return f.offence.name, f.what, f.verb, f.week, f.row, f.who
