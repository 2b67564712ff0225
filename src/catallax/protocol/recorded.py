"""What the barrier test is made of: calls of a mechanism's verbs, cut to one party each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final


@final
@dataclass(frozen=True, eq=False)
class RecordedCall:
    """A call of a verb, with what one party was given and what it answered.

    verb   : name of a method of the mechanism
    who    : was called, in words: "the centre", "plant 3 in week 2"
    given  : copies of the arguments as they were, cut to what is this party's own
    answer : copy of what came back for it
    """

    verb: str
    who: str
    given: tuple[Any, ...]
    answer: Any


@final
@dataclass(frozen=True, eq=False)
class RecordedRun:
    """The calls of a run.

    calls  : in the order in which they are to be replayed: those of a centre first, before any
             agent has been called, and the newest first
    reason : why the run stopped before its end; "" if it did not
    """

    calls: Sequence[RecordedCall]
    reason: str = ""
