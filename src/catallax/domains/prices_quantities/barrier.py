"""Every call of an instrument's verbs in a run, cut to what one party was given and answered."""

import copy
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np

from catallax.domains.prices_quantities.contract import PlantsContract
from catallax.domains.prices_quantities.mechanisms import (
    Announcement,
    CommonKnowledge,
    Instrument,
    PlantView,
)
from catallax.domains.prices_quantities.shocks import CostShift
from catallax.domains.prices_quantities.simulate import draw_costs, respond
from catallax.errors import InputError
from catallax.protocol import RecordedCall, RecordedRun
from catallax.streams import Floats


@final
@dataclass(frozen=True, eq=False)
class _Overheard(Instrument):
    """An instrument whose every call is kept as it was."""

    name: ClassVar[str] = "overheard"

    inner: Instrument
    announced: list[RecordedCall] = field(default_factory=list)
    acted: list[tuple[PlantView, Floats]] = field(default_factory=list)

    def announce(self, public: CommonKnowledge) -> Announcement:
        """As the inner one does."""
        given = copy.deepcopy(public)
        answer = self.inner.announce(public)
        said = copy.deepcopy(dict(answer))
        self.announced.append(RecordedCall("announce", "the centre", (given,), said))
        return answer

    def act(self, view: PlantView) -> Floats:
        """As the inner one does."""
        given = copy.deepcopy(view)
        answer = self.inner.act(view)
        self.acted.append((given, answer.copy()))
        return answer

    def calls(self) -> list[RecordedCall]:
        """The centre's, newest first, and then each plant's of each week."""
        cut = [
            RecordedCall("act", f"plant {i} in week {t}", (view.cut(t, i),), answer[at].copy())
            for view, answer in self.acted
            for t, i in np.ndindex(*answer.shape)
            for at in (np.s_[t : t + 1, i : i + 1],)
        ]
        return [*reversed(self.announced), *cut]


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
    held, overheard = contract or small_contract(), _Overheard(mechanism)
    costs = draw_costs(held, seed)
    for _ in range(2):
        came = respond(held, overheard, costs)
        if came.reason:
            return RecordedRun((), came.reason)
    return RecordedRun(overheard.calls())
