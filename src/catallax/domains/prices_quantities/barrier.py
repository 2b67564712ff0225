"""How instruments are tried: runs drawn from a seed, and every call cut to one party."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.contract import PlantsContract
from catallax.domains.prices_quantities.mechanisms import (
    Announcement,
    CommonKnowledge,
    Instrument,
    PlantView,
    TradedInstrument,
)
from catallax.domains.prices_quantities.shocks import CostShift
from catallax.domains.prices_quantities.simulate import draw_costs, respond
from catallax.errors import InputError
from catallax.protocol import Barrier, CallContext, Enough, RecordedCall, RecordedRun, TrialRun
from catallax.protocol.notebook import Notebook
from catallax.protocol.recorded import CutCalls
from catallax.protocol.trees import Tree, tree_of, value_in

Shown = TypeVar("Shown")
Answer = TypeVar("Answer")

OPEN = (
    "catallax.domains.prices_quantities.mechanisms",
    "catallax.domains.prices_quantities.curves",
    "catallax.domains.prices_quantities.band",
    "catallax.domains.prices_quantities.weitzman",
)
"""Modules that instruments may use."""


def draw_trials(seed: int) -> Sequence[TrialRun]:
    """Plants that differ under a centre that errs, twice, and a plant that is alone.

    What the first run left behind shows in the second, which is the same.
    """
    chance = np.random.default_rng([seed, 0xBA221E3])
    contract = PlantsContract(
        int(chance.integers(2, 7)),
        benefit_slope=-float(chance.uniform(0.3, 3.0)),
        sigma=float(chance.uniform(0.5, 2.0)),
        correlation=float(chance.uniform(0.0, 1.0)),
        sigma_belief=float(chance.uniform(0.5, 2.0)),
        cost_slope_belief=float(chance.uniform(0.5, 2.0)),
        shocks=(CostShift(2, 0.5), CostShift(4, -0.25, announced=True)),
        weeks=int(chance.integers(5, 12)),
    )
    alone = PlantsContract(1, weeks=int(chance.integers(2, 6)))
    drawn = int(chance.integers(1 << 62))
    return [make_trial(contract, drawn), make_trial(contract, drawn), make_trial(alone, drawn)]


def make_trial(contract: PlantsContract, seed: int) -> TrialRun:
    """The run on a contract."""
    title = f"{contract.place}, {contract.weeks} weeks"
    return TrialRun(contract, seed, contract.weeks, title)


@final
@dataclass(frozen=True, eq=False)
class _NotedCall:
    """A call as it was made: of the centre, or of all plants in all weeks.

    view : tree of what was shown
    """

    verb: str
    view: Tree
    answer: Tree


def _list_calls(noted: Sequence[_NotedCall], shape: tuple[int, int]) -> Sequence[RecordedCall]:
    """The centre's calls, and those of the plants, each of one plant in one week."""
    each = list(np.ndindex(*shape))
    read = [(n, value_in(n.view), value_in(n.answer)) for n in noted]
    places = [(*n, at) for n in read for at in ([None] if n[0].verb == "announce" else each)]
    return CutCalls(places, _cut_call)


def _cut_call(place: tuple[_NotedCall, Any, Any, tuple[int, ...] | None]) -> RecordedCall:
    note, view, answer, at = place
    if at is None:
        return RecordedCall(note.verb, "the centre", (note.view,), note.answer)
    t, i = at
    given, back = tree_of(view.cut(t, i)), tree_of(answer[t : t + 1, i : i + 1].copy())
    return RecordedCall(note.verb, f"plant {i}", (given,), back, week=t, row=i)


@final
class _CallRecorder:
    """Keeps every call of an instrument's verbs."""

    def __init__(self, watch: CallContext) -> None:
        self.book, self.noted = Notebook(watch), list[_NotedCall]()

    def call(self, verb: str, function: Callable[[Shown], Answer], shown: Shown) -> Answer:
        """The answer of a verb."""
        name = "public" if verb == "announce" else "view"
        made, trees = self.book.called(verb, None, lambda: function(shown), {name: shown})
        answer: Answer = made
        handed = self.book.handed(verb, None, answer, "answer")
        seen = trees[name]
        if handed is not None and seen is not None:
            self.noted.append(_NotedCall(verb, seen, handed))
        return answer


@final
@dataclass(frozen=True, eq=False)
class _RecordedInstrument(Instrument):
    """An instrument whose every call is kept."""

    name: ClassVar[str] = "recorded"

    inner: Instrument
    to: _CallRecorder

    def announce(self, public: CommonKnowledge) -> Announcement:
        return self.to.call("announce", self.inner.announce, public)

    def act(self, view: PlantView) -> Floats:
        return self.to.call("act", self.inner.act, view)


@final
@dataclass(frozen=True, eq=False)
class _RecordedTrade(TradedInstrument):
    """An instrument whose plants trade, and whose every call is kept."""

    name: ClassVar[str] = "recorded"

    inner: TradedInstrument
    to: _CallRecorder

    def announce(self, public: CommonKnowledge) -> Announcement:
        return self.to.call("announce", self.inner.announce, public)

    def bid(self, view: PlantView) -> Floats:
        return self.to.call("bid", self.inner.bid, view)

    def act(self, view: PlantView) -> Floats:
        return self.to.call("act", self.inner.act, view)


def _wrap_recorder(mechanism: Instrument, to: _CallRecorder) -> Instrument:
    if isinstance(mechanism, TradedInstrument):
        return _RecordedTrade(mechanism, to)
    return _RecordedInstrument(mechanism, to)


def record_run(mechanism: Any, trial: TrialRun, watch: CallContext) -> RecordedRun:
    """A run on trial; InputError for an oracle, which may see everything."""
    if not isinstance(mechanism, Instrument):
        name = getattr(mechanism, "name", type(mechanism).__name__)
        raise InputError(f"{name}: is an oracle, which sees everything by design")
    to, contract = _CallRecorder(watch), cast(PlantsContract, trial.contract)
    recorded, reason = _wrap_recorder(mechanism, to), ""
    with suppress(Enough):
        reason = respond(contract, recorded, draw_costs(contract, trial.seed)).reason
    calls = _list_calls(to.noted, (contract.weeks, contract.plants))
    return RecordedRun(calls, reason, to.book.closed())


BARRIER = Barrier(draw_trials, make_trial, record_run, OPEN)
