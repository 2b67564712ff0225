"""What is varied: one law of one kind of fact that is sent, everything else held equal."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from catallax.domains.production.knowledge import KINDS
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Inbox, Public, Table, View
from catallax.domains.production.run import Contract, Oracle, simulate
from catallax.errors import InputError, unknown
from catallax.protocol import Value
from catallax.protocol.mechanism_names import mechanism_named
from catallax.study.sweep import Cell
from catallax.study.sweep.axes import with_key

LINE = "quotes and asks"
DIRECTIVES = "directives"
RESOLUTION = "resolution"
COVERAGE = "coverage"
SILENCE = "silence"  # nothing of the kind ever arrives
NEVER = 520.0  # weeks of delay at most: a directive that is so late arrives after the end

RESOLUTIONS: tuple[Value, ...] = (1, 4, 6, 8, 10)
"""Bits a value beside those of the contract. At 1 all that is heard is the public value."""

DOUBTS: Mapping[str, tuple[Value, ...]] = {
    "delay": (0.0, 2.0, 4.0, 8.0),
    "noise": (0.0, 0.1, 0.2, 0.4),
    "coverage": (0.5, 0.75),
}
"""Other laws that can be varied, with values beside those of the contract."""

KNOBS = (RESOLUTION, *DOUBTS)

DesignPoint = Mapping[str, Value]


def change_law(
    contract: Contract, kind: str, knob: str, value: Value, kinds: Iterable[str]
) -> Contract:
    """The contract with one law of one kind of fact at `value`.

    kind  : of `knowledge.KINDS`, or "directives", or "quotes and asks"
    knob  : of `KNOBS`, or "silence", at which the value does not matter
    kinds : all kinds that the mechanism sends: where directives alone are to change, reports keep
            the old law as a law of their own

    Raises InputError for values out of range and unknown kinds.
    """
    if knob == SILENCE:
        return _silence(contract, kind, kinds)
    if knob not in KNOBS:
        raise unknown("law", knob, KNOBS)
    if kind == LINE:
        return with_key(contract, f"channel.line.{knob}", value)
    if kind in KINDS:
        return with_key(contract, f"channel.kinds.{kind}.{knob}", value)
    if kind != DIRECTIVES:
        raise unknown("kind of fact", kind, [LINE, DIRECTIVES, *KINDS])
    for other in kinds:
        if other in KINDS and other not in contract.channel.own:
            delay = contract.channel.centre.delay
            contract = with_key(contract, f"channel.kinds.{other}.delay", delay)
    return with_key(contract, f"channel.centre.{knob}", value)


def _silence(contract: Contract, kind: str, kinds: Iterable[str]) -> Contract:
    """Nobody speaks; a centre, which is no row and always covered, is never heard in time."""
    if kind != DIRECTIVES:
        return change_law(contract, kind, COVERAGE, 0.0, kinds)
    return change_law(contract, kind, "delay", min(_count_weeks(contract), NEVER), kinds)


def _count_weeks(contract: Contract) -> float:
    """Weeks from the first in which somebody speaks to the end."""
    return float(contract.settle + contract.weeks)


def list_values(contract: Contract, kind: str, knob: str, values: Sequence[Value]) -> list[Value]:
    """The values to be tried: those given other than the contract's own.

    A centre is always covered.
    """
    if knob == SILENCE or (knob == COVERAGE and kind == DIRECTIVES):
        return [1] if knob == SILENCE else []
    own = find_own_value(contract, kind, knob)
    return [v for v in values if v != own]


def find_own_value(contract: Contract, kind: str, knob: str) -> Value:
    """The contract's own value of a law of one kind of fact."""
    channel = contract.channel
    law = channel.line if kind == LINE else channel.own.get(kind, channel.centre)
    return float(value) if isinstance(value := getattr(law, knob), float) else int(value)


def name_point(kind: str, knob: str, value: Value) -> DesignPoint:
    """The point at which one law of one kind stands at `value`."""
    return {f"{kind}: {knob}": value}


def make_cells(
    contract: Contract,
    sends: Mapping[str, Mapping[str, float]],
    tried: Mapping[str, Sequence[Value]],
) -> Iterator[Cell]:
    """The contract as it is, and with one law of one kind of fact changed, for all that is sent.

    sends : mechanism -> kind -> numbers a week
    tried : law -> values
    """
    for mechanism, kinds in sends.items():
        if not kinds:
            raise InputError(f"{mechanism}: sends nothing, so there is nothing to be valued")
        yield Cell({}, contract, {mechanism: mechanism})
        for kind in kinds:
            for knob, values in tried.items():
                for value in list_values(contract, kind, knob, values):
                    law = change_law(contract, kind, knob, value, kinds)
                    yield Cell(name_point(kind, knob, value), law, {mechanism: mechanism})


SentCounter = Callable[[Contract, str], Mapping[str, float]]
"""(contract, mechanism) -> kind of fact -> numbers of that kind sent in a week."""

KindCount = dict[str, float]


def count_sent(contract: Contract, text: str) -> dict[str, float]:
    """Numbers a week of every kind that the mechanism `text` sends from week 0 on, on seed 0.

    Kinds are those of `knowledge.KINDS` that rows report, `directives` for all that a centre
    says, and `quotes and asks`: a price on every link that hears one, and every ask. Asks alone,
    where no price is posted, are left out: they are actions, and no law blurs or delays them.
    Reports are counted as they are made, before the line's coverage takes its share. An oracle
    sends nothing.
    """
    mechanism, count = mechanism_named(text), KindCount()
    if isinstance(mechanism, Oracle):
        return {}
    centre = None if mechanism.centre is None else _CountedCentre(mechanism.centre, count)
    heard = Mechanism(mechanism.name, _CountedAgents(mechanism.agents, count), centre)
    met = simulate(contract, heard).meter.kinds
    if "quote" in met:
        count[LINE] = met["quote"].deliveries + met["ask"].deliveries
    return {k: count[k] / contract.weeks for k in (*KINDS, DIRECTIVES, LINE) if count.get(k)}


def _add_count(count: KindCount, name: str, table: Table) -> None:
    for values in (*table.row.values(), *table.link.values()):
        count[name] = count.get(name, 0.0) + float(np.count_nonzero(~np.isnan(values)))


@final
@dataclass(frozen=True, eq=False)
class _CountedAgents(Agents):
    """Agents whose reports are counted by kind in `count`."""

    inner: Agents
    count: KindCount = field(default_factory=dict)

    def start(self, view: View) -> tuple[Table, Table]:
        return self.inner.start(view)

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        mail, memory = self.inner.report(view, report_memory)
        if view.t < 0:
            return mail, memory
        for kind, values in mail.row.items():
            _add_count(self.count, kind, Table({kind: values}))
        for kind, values in mail.link.items():
            _add_count(self.count, kind, Table(link={kind: values}))
        return mail, memory

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        return self.inner.act(view, act_memory)


@final
@dataclass(frozen=True, eq=False)
class _CountedCentre(Centre[Any]):
    """A centre whose directives are counted in `count`."""

    inner: Centre[Any]
    count: KindCount = field(default_factory=dict)

    def start(self, public: Public, rng: np.random.Generator) -> Any:
        return self.inner.start(public, rng)

    def decide(self, heard: Inbox, t: int, memory: Any) -> tuple[Table | None, Any]:
        told, memory = self.inner.decide(heard, t, memory)
        if told is not None and t >= 0:
            _add_count(self.count, DIRECTIVES, told)
        return told, memory
