"""Every call of a mechanism's verbs in a run of the economy, cut to one party each."""

import marshal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.barrier.calls import PARTS, NotedCall, ReplayedDraws, list_calls
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Inbox, Lazy, Public, Rows, Table, View
from catallax.domains.production.run import Contract, Oracle, Recording, simulate
from catallax.errors import InputError
from catallax.protocol import CallContext, Enough, Offence, RecordedRun, TrialRun
from catallax.protocol.notebook import Notebook
from catallax.protocol.trees import Tree, counts_as_dict, tree_of

Answer = TypeVar("Answer")

CALLS = 150  # of all rows that are kept of a run; of a longer one they are drawn by lot
MOST = 64_000_000  # bytes of views that are kept of a run

counts_as_dict(Lazy)


GIVEN = {"report": ("report_memory",), "act": ("act_memory",), "decide": ("memory",)}
"""Verb -> the memory that it is given."""
MEMORIES = ("report_memory", "act_memory", "memory")


@final
class CallRecorder:
    """Plays a run, and keeps every call of it, or some of those of a large economy."""

    def __init__(self, mechanism: Mechanism, trial: TrialRun, watch: CallContext) -> None:
        self.mechanism, self.trial = mechanism, trial
        self.contract = cast(Contract, trial.contract)
        self.book, self.noted = Notebook(watch), list[NotedCall]()
        self.chance, self.share = np.random.default_rng(trial.seed), 0.0

    def played(self) -> RecordedRun:
        """The run, as far as the trial goes."""
        agents = _RecordedAgents(self.mechanism.agents, self)
        centre = (
            None if self.mechanism.centre is None else _RecordedCentre(self.mechanism.centre, self)
        )
        recorded = replace(self.mechanism, agents=agents, centre=centre)
        keep, seed, reason = Recording(rows=0, weeks=()), self.trial.seed, ""
        with suppress(Enough):
            run = simulate(self.contract, recorded, seed, recording=keep, progress=self._after)
            reason = "" if run.completed else run.reason
        calls = list_calls(self.noted, self.contract.economy.network)
        return RecordedRun(calls, reason, self.book.closed())

    def _after(self, week: int) -> None:
        if week + 1 >= self.trial.weeks:
            raise Enough

    def ask(self, verb: str, call: Callable[..., Answer], view: View, *memory: Any) -> Answer:
        """The answer of all rows to a call of a verb of theirs."""
        week, drawn = view.t, dict[str, Floats]()

        def draw(purpose: str) -> Floats:
            drawn[purpose] = view.draw(purpose)
            return drawn[purpose]

        given, seen = self._given(verb, week, memory), replace(view, draw=ReplayedDraws())
        draw.__qualname__ = view.draw.__qualname__
        live = replace(view, draw=draw)
        made, shown = self.book.called(verb, week, lambda: call(live, *memory), {"view": seen})
        answer: Answer = made
        back = self._returned(verb, week, answer, view.rows)
        if shown["view"] is not None and self._keeps(shown["view"]):
            self._note(verb, week, shown["view"], tree_of(drawn), given, back)
        return answer

    def consult(self, verb: str, tick: int, call: Callable[..., Answer], *given: Any) -> Answer:
        """The answer of the centre to a call of a verb of its own."""
        week = tick // self.contract.channel.rounds
        if verb == "decide":
            own = self._given(verb, week, given[2:])
            shown = {"heard": given[0], "t": given[1]}
        else:
            own = (self.book.tree(Offence.HIDDEN, verb, week, given[1], "rng"),)
            shown = {"public": given[0]}
        made, trees = self.book.called(verb, week, lambda: call(*given), shown)
        answer: Answer = made
        if verb == "decide":
            back = self._returned(verb, week, answer, self.contract.economy.network.rows)
        else:
            back = self.book.remembered(verb, week, answer, "memory")
        self._note(verb, week, None, tree_of({}), (*trees.values(), *own), back)
        return answer

    def _given(self, verb: str, week: int, memory: Sequence[Any]) -> tuple[Tree | None, ...]:
        pairs = zip(memory, GIVEN.get(verb, ()), strict=True)
        return tuple(self.book.recalled(verb, week, x, name) for x, name in pairs)

    def _returned(self, verb: str, week: int, answer: Any, rows: Rows) -> Tree | None:
        """The tree of an answer; None where something in it is not as it should be."""
        if type(answer) is not tuple or len(answer) != 2:
            return None  # nature will say so
        parts = []
        for name, value in zip(PARTS[verb], answer, strict=True):
            wrong = _find_malformed(name, value, rows)
            if wrong:
                self.book.note(Offence.HIDDEN, verb, week, wrong)
                self.book.forget(name)
            keep = self.book.remembered if name in MEMORIES else self.book.handed
            parts.append(None if wrong else keep(verb, week, value, name))
        return None if None in parts else ("tuple", tuple(parts))

    def _keeps(self, view: Tree) -> bool:
        """Whether a call of all rows is kept: always, or by lot where there are many or large."""
        if not self.share:
            weeks = self.contract.settle + self.trial.weeks
            calls = (1 + self.contract.channel.rounds) * weeks
            self.share = min(CALLS / calls, MOST / (calls * len(marshal.dumps(view))))
        return bool(self.chance.random() < self.share)

    def _note(
        self,
        verb: str,
        week: int,
        view: Tree | None,
        drawn: Tree,
        given: Sequence[Tree | None],
        answer: Tree | None,
    ) -> None:
        """Keep a call of which every part is plain."""
        there = tuple(tree for tree in given if tree is not None)
        if answer is not None and len(there) == len(given):
            self.noted.append(NotedCall(verb, week, view, drawn, there, answer))


def _find_malformed(name: str, value: Any, rows: Rows) -> str:
    """What is wrong with the form of a part of an answer; "" if nothing."""
    if name == "memory" or (name == "directive" and value is None):
        return ""
    kind = Act if name == "act" else Table
    if type(value) is not kind:
        return f"its {name} is a {type(value).__name__}, expected a {kind.__name__}"
    columns = _list_act_columns if name == "act" else _list_table_columns
    sizes: dict[str, tuple[Any, int]] = columns(value, rows)
    for column, (found, size) in sizes.items():
        if type(found) is not np.ndarray:
            return f"its {name}.{column} is a {type(found).__name__}, expected an array"
        if found.shape[:1] != (size,):
            return f"its {name}.{column} has shape {found.shape}, expected ({size},)"
    return ""


def _list_act_columns(act: Any, rows: Rows) -> dict[str, tuple[Any, int]]:
    """Column -> what stands there, and how many numbers it should be."""
    sizes = {"ask": (act.ask, rows.m), "use": (act.use, rows.m), "price": (act.price, rows.n)}
    sizes["bids"] = act.bids, rows.m
    return {name: (x, size) for name, (x, size) in sizes.items() if x is not None}


def _list_table_columns(table: Any, rows: Rows) -> dict[str, tuple[Any, int]]:
    found = {f"row[{k!r}]": (x, rows.n) for k, x in table.row.items()}
    return found | {f"link[{k!r}]": (x, rows.m) for k, x in table.link.items()}


@final
@dataclass(frozen=True, eq=False)
class _RecordedAgents(Agents):
    """Agents whose every call is noted."""

    inner: Agents
    to: CallRecorder

    def start(self, view: View) -> tuple[Table, Table]:
        return self.to.ask("start", self.inner.start, view)

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        return self.to.ask("report", self.inner.report, view, report_memory)

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        return self.to.ask("act", self.inner.act, view, act_memory)


@final
@dataclass(frozen=True, eq=False)
class _RecordedCentre(Centre[Any]):
    """A centre whose every call is noted."""

    inner: Centre[Any]
    to: CallRecorder

    def start(self, public: Public, rng: np.random.Generator) -> Any:
        return self.to.consult("start", 0, self.inner.start, public, rng)

    def decide(self, heard: Inbox, t: int, memory: Any) -> tuple[Table | None, Any]:
        return self.to.consult("decide", t, self.inner.decide, heard, t, memory)


def record_run(mechanism: Any, trial: TrialRun, watch: CallContext) -> RecordedRun:
    """A run on trial; InputError for an oracle, which may see everything."""
    if isinstance(mechanism, Oracle):
        raise InputError(f"{mechanism.name}: is an oracle, which sees everything by design")
    return CallRecorder(mechanism, trial, watch).played()
