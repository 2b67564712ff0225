"""The interface of every institution: agents who see their own row, and perhaps a centre.

Hurwicz's response rules, decision rule and outcome (Hurwicz 1960), as verbs on two kinds of
object. Settings live in the object; everything remembered is returned.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, final

import numpy as np

from catallax.domains.production.network import Act, Inbox, Public, Table, View
from catallax.errors import InputError

M = TypeVar("M")


class Agents(ABC):
    """All rows at once, each computing from its own entries only.

    The barrier test replays every call row by row: a row cut out on its own must give the same
    bits. Memory is row-shaped and comes in two parts, because what is used to speak must never
    hold what cannot be said: `report_memory` serves `report`, `act_memory` serves `act`.
    """

    @abstractmethod
    def start(self, view: View) -> tuple[Table, Table]:
        """First report and act memories, from a view whose facts are the articulable ones."""

    @abstractmethod
    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        """Mail to the centre, once a tick, and the new memory. NaN says nothing."""

    @abstractmethod
    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        """The week's act from the whole of one's facts, and the new memory."""


class Centre(ABC, Generic[M]):
    """Somebody who hears reports and sends directives, and sees nothing else."""

    @abstractmethod
    def start(self, public: Public, rng: np.random.Generator) -> M:
        """First memory."""

    @abstractmethod
    def decide(self, heard: Inbox, t: int, memory: M) -> tuple[Table | None, M]:
        """Directives, once a tick, and the new memory. None or NaN says nothing.

        heard : reports, and what is announced to all
        t     : tick since the start of week 0; below 0 while the economy settles
        """


@final
@dataclass(frozen=True)
class Mechanism:
    """An institution: a name, its agents and, if it has one, its centre.

    kinds : kinds of message of its own, which its rows or its centre say beside those that
            everybody knows (`ROW` and `LINK` of the economy's knowledge). They stand in every
            inbox from the start, 1 where nothing arrived

    Raises InputError for parts of another kind.
    """

    name: str
    agents: Agents
    centre: Centre[Any] | None = None
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise InputError(f"name: {self.name!r} is no name of a mechanism; give a word or more")
        _check_part("agents", self.agents, Agents)
        if self.centre is not None:
            _check_part("centre", self.centre, Centre)
        kinds: object = self.kinds
        if not isinstance(kinds, tuple) or not all(map(_is_name, kinds)):
            raise InputError(
                f"kinds: {kinds!r} is no tuple of names of messages; write ('offer',) for one"
            )


def _check_part(name: str, part: object, kind: type) -> None:
    """Raise InputError for a part that is no object of the class, such as the class itself."""
    if not isinstance(part, kind):
        found = part.__name__ if isinstance(part, type) else type(part).__name__
        raise InputError(
            f"{name}: {found} is no object of a class of {kind.__name__}; give one, such as "
            f"{name.title()}()"
        )


def _is_name(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and text.isprintable()
