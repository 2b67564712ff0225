"""What the barrier test is made of: runs on trial, and calls of a mechanism's verbs.

Every call is cut to one party: what that party was given, and what it answered, as trees.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar, final, overload

from catallax.protocol.contract import AbstractContract
from catallax.protocol.trees import Tree

Place = TypeVar("Place")  # where a call is found among what was noted
CallContext = Callable[[str, int | None], AbstractContextManager[None]]
"""(verb, week or None) -> a context in which a call is made and looked at."""


@final
class Offence(Enum):
    """How a mechanism can know, or change, more than it may; the text says how to mend it."""

    DIFFERS = "compute with what the party was given, and keep nothing outside its memory"
    WRITES = "copy an array before you change it, and change nothing else that is shown"
    CHANGES = "change nothing that was handed over; make a new array each time"
    MEMORY = "give each party a memory of its own, and change it in that party's own verbs alone"
    HIDDEN = "return tables of numbers, and remember plain values only"
    REACHES = "let a verb work with its arguments alone; read files at the top of your file"
    INSIDE = "use the parts that are open to mechanisms; the others hold what nobody may know"
    PATCHED = "leave the package's own classes and functions as they are"
    UNSAID = "listen to a kind of message that somebody says"
    STOPPED = "keep to the rules of nature in every economy"
    ENDED = "let every verb return, within seconds"


def name_call(verb: str, week: int | None) -> str:
    """Which call it is, in words: "act in week 3"."""
    return verb if week is None else f"{verb} in week {week}"


@final
@dataclass(frozen=True)
class Finding:
    """One offence.

    what : was seen, as the end of a sentence, or the whole of it
    verb : in which it was seen; "" for outside of all
    week : of the run, None where there is none
    row  : of whose call it was, None for a centre and for all rows together
    who  : was called, or what else it is about; "" for all rows together
    """

    offence: Offence
    what: str
    verb: str = ""
    week: int | None = None
    row: int | None = None
    who: str = ""

    @property
    def where(self) -> str:
        """Who was seen doing what and when, in words."""
        call = name_call(self.verb, self.week) if self.verb else ""
        return ", ".join(part for part in (self.who, call) if part)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@final
@dataclass(frozen=True, eq=False)
class RecordedCall:
    """A call of a verb, with what one party was given and what it answered.

    verb   : dotted name of a method of the mechanism: "agents.act"
    who    : was called, in words: "the centre", "plant 3 in week 2"
    given  : the arguments as they were, cut to what is this party's own
    answer : what came back for it
    own    : positions of arguments that the party may change, such as its memory
    week   : of the run, None where there is none
    row    : of the party, None for a centre
    parts  : names of the parts of an answer that is a tuple
    """

    verb: str
    who: str
    given: tuple[Tree, ...]
    answer: Tree
    own: tuple[int, ...] = ()
    week: int | None = None
    row: int | None = None
    parts: tuple[str, ...] = ()


@final
class CutCalls(Sequence[RecordedCall], Generic[Place]):
    """Calls that are cut to one party when somebody looks at them.

    places : where each is found
    cut    : (place) -> the call
    """

    def __init__(self, places: Sequence[Place], cut: Callable[[Place], RecordedCall]) -> None:
        self.places, self.cut = places, cut

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, at: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[RecordedCall]: ...
    def __getitem__(self, at: int | slice) -> RecordedCall | Sequence[RecordedCall]:
        if isinstance(at, slice):
            return CutCalls(self.places[at], self.cut)
        return self.cut(self.places[at])


@final
@dataclass(frozen=True, eq=False)
class RecordedRun:
    """The calls of a run.

    calls    : in any order; each is cut when somebody looks at it
    reason   : why the run stopped before its end; "" if it did not
    findings : what was seen while it was played
    """

    calls: Sequence[RecordedCall]
    reason: str = ""
    findings: Sequence[Finding] = ()


@final
@dataclass(frozen=True, eq=False)
class TrialRun:
    """A run on which a mechanism is tried.

    contract : what the mechanism is told, length of the run included
    seed     : of the run
    weeks    : how many weeks are played, at most those of the contract
    title    : in words, for whoever reads the result
    """

    contract: AbstractContract
    seed: int
    weeks: int
    title: str


def _as_they_are(mechanism: Any, values: list[Any]) -> list[Any]:
    return values


@final
@dataclass(frozen=True, eq=False)
class Barrier:
    """How a domain has its mechanisms tried.

    trials : seed -> runs that differ in everything that a mechanism could lean on
    on     : (contract, seed) -> the run on a contract that somebody gives
    record : plays one, calls each verb in the context that it is given, and notes what passes.
             InputError for an oracle, which may see everything
    open   : dotted names of the parts that mechanisms may use; all else in the package is closed
    given  : (mechanism, arguments of a verb) -> what it is given when a call is made again, such as
             inboxes that know which kinds of message there are
    """

    trials: Callable[[int], Sequence[TrialRun]]
    on: Callable[[Any, int], TrialRun]
    record: Callable[[Any, TrialRun, CallContext], RecordedRun]
    open: tuple[str, ...]
    given: Callable[[Any, list[Any]], list[Any]] = _as_they_are


@final
class Enough(Exception):
    """A context raises it to end a run on trial: what has been played is looked at."""
