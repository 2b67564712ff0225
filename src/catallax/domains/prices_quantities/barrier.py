"""Every call of an instrument's verbs in a run, cut to what one party was given and answered."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np

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
from catallax.protocol import RecordedCall, RecordedRun
from catallax.streams import Floats


@final
@dataclass(frozen=True, eq=False)
class _CallLog:
    """Calls as they were made: of the centre whole, of the plants by verb, view and answer."""

    centre: list[RecordedCall] = field(default_factory=list)
    plants: list[tuple[str, PlantView, Floats]] = field(default_factory=list)

    def announced(self, inner: Instrument, public: CommonKnowledge) -> Announcement:
        """What the centre says."""
        given = copy.deepcopy(public)
        answer = inner.announce(public)
        said = copy.deepcopy(dict(answer))
        self.centre.append(RecordedCall("announce", "the centre", (given,), said))
        return answer

    def answered(self, verb: Callable[[PlantView], Floats], view: PlantView) -> Floats:
        """What plants answer."""
        given = copy.deepcopy(view)
        answer = verb(view)
        self.plants.append((verb.__name__, given, answer.copy()))
        return answer

    def calls(self) -> list[RecordedCall]:
        """The centre's, newest first, and then each plant's of each week."""
        cut = [
            RecordedCall(verb, f"plant {i} in week {t}", (view.cut(t, i),), answer[at].copy())
            for verb, view, answer in self.plants
            for t, i in np.ndindex(*answer.shape)
            for at in (np.s_[t : t + 1, i : i + 1],)
        ]
        return [*reversed(self.centre), *cut]


@final
@dataclass(frozen=True, eq=False)
class _Overheard(Instrument):
    """An instrument whose every call is kept."""

    name: ClassVar[str] = "overheard"

    inner: Instrument
    log: _CallLog

    def announce(self, public: CommonKnowledge) -> Announcement:
        return self.log.announced(self.inner, public)

    def act(self, view: PlantView) -> Floats:
        return self.log.answered(self.inner.act, view)


@final
@dataclass(frozen=True, eq=False)
class _OverheardTrade(TradedInstrument):
    """An instrument whose plants trade, and whose every call is kept."""

    name: ClassVar[str] = "overheard"

    inner: TradedInstrument
    log: _CallLog

    def announce(self, public: CommonKnowledge) -> Announcement:
        return self.log.announced(self.inner, public)

    def bid(self, view: PlantView) -> Floats:
        return self.log.answered(self.inner.bid, view)

    def act(self, view: PlantView) -> Floats:
        return self.log.answered(self.inner.act, view)


def _overheard(mechanism: Instrument, log: _CallLog) -> Instrument:
    if isinstance(mechanism, TradedInstrument):
        return _OverheardTrade(mechanism, log)
    return _Overheard(mechanism, log)


def small_contract() -> PlantsContract:
    """Plants on which instruments are tried: correlated, shocked, and a centre that errs."""
    shocks = (CostShift(3, 0.5), CostShift(6, -0.25, announced=True))
    return PlantsContract(
        5, correlation=0.3, sigma_belief=1.2, cost_slope_belief=0.8, shocks=shocks, weeks=8
    )


def record_calls(mechanism: Any, contract: Any, seed: int) -> RecordedRun:
    """The calls of two runs on one seed, so that what the first left behind shows in the second.

    contract : None takes a small one that has everything: shocks, correlation, wrong beliefs

    Raises InputError for an oracle.
    """
    if not isinstance(mechanism, Instrument):
        name = getattr(mechanism, "name", type(mechanism).__name__)
        raise InputError(f"{name}: is an oracle, which sees everything by design")
    held, log = contract or small_contract(), _CallLog()
    costs, overheard = draw_costs(held, seed), _overheard(mechanism, log)
    for _ in range(2):
        came = respond(held, overheard, costs)
        if came.reason:
            return RecordedRun((), came.reason)
    return RecordedRun(log.calls())
