"""Every call of a mechanism's verbs, with all that went in and came out."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast, final

import numpy as np

from catallax.mechanisms import Agents, Centre, Mechanism
from catallax.network import Act, Floats, Inbox, Public, Table, View
from catallax.run import Contract, Run, simulate


@final
@dataclass(frozen=True, eq=False)
class Call:
    """One call: the verb, copies of its arguments as they were, and its answer."""

    verb: str
    given: tuple[Any, ...]
    answer: Any


@final
@dataclass(frozen=True, eq=False)
class Drawn:
    """A view's `draw` that gives again what was drawn in the run."""

    values: Mapping[str, Floats]

    def __call__(self, purpose: str) -> Floats:
        """The uniforms that the run drew for `purpose`."""
        return self.values[purpose]

    def cut(self, row: int) -> "Drawn":
        """The draws of one row on its own."""
        return Drawn({k: v[row : row + 1] for k, v in self.values.items()})


def _with_draws(view: Any, drawn: Mapping[str, Floats]) -> View:
    return replace(cast(View, view), draw=Drawn(drawn))


@final
@dataclass(frozen=True, eq=False)
class _Heard(Agents):
    """Agents whose every call is put in `log`."""

    inner: Agents
    log: list[Call] = field(default_factory=list)

    def start(self, view: View) -> tuple[Table, Table]:
        return cast(tuple[Table, Table], self._note("start", self.inner.start, view))

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        return cast(
            tuple[Table, Table], self._note("report", self.inner.report, view, report_memory)
        )

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        return cast(tuple[Act, Table], self._note("act", self.inner.act, view, act_memory))

    def _note(self, verb: str, call: Callable[..., Any], view: View, *memory: Table) -> Any:
        drawn: dict[str, Floats] = {}

        def draw(purpose: str) -> Floats:
            drawn[purpose] = view.draw(purpose)
            return drawn[purpose]

        shown, *remembered = copy.deepcopy((replace(view, draw=Drawn({})), *memory))
        answer = call(replace(view, draw=draw), *memory)
        given = (_with_draws(shown, drawn), *remembered)
        self.log.append(Call(verb, given, copy.deepcopy(answer)))
        return answer


@final
@dataclass(frozen=True, eq=False)
class _Overheard(Centre[Any]):
    """A centre whose every call is put in `log`."""

    inner: Centre[Any]
    log: list[Call] = field(default_factory=list)

    def start(self, public: Public, rng: np.random.Generator) -> Any:
        return self._note("start", self.inner.start, public, rng)

    def decide(self, heard: Inbox, t: int, memory: Any) -> tuple[Table | None, Any]:
        answer = self._note("decide", self.inner.decide, heard, t, memory)
        return cast(tuple[Table | None, Any], answer)

    def _note(self, verb: str, call: Callable[..., Any], *given: Any) -> Any:
        kept = copy.deepcopy(given)
        answer = call(*given)
        self.log.append(Call(verb, kept, copy.deepcopy(answer)))
        return answer


def recorded(
    contract: Contract, mechanism: Mechanism, seed: int
) -> tuple[Run, list[Call], list[Call]]:
    """A run, the calls of its agents and the calls of its centre."""
    agents = _Heard(mechanism.agents)
    centre = None if mechanism.centre is None else _Overheard(mechanism.centre)
    run = simulate(contract, Mechanism(mechanism.name, agents, centre), seed)
    return run, agents.log, [] if centre is None else centre.log
