"""Which kinds of fact an institution sends, and how many numbers of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from catallax.domains.production.knowledge import KINDS
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism
from catallax.domains.production.network import Act, Inbox, Public, Table, View
from catallax.domains.production.run import Contract, Oracle, simulate
from catallax.domains.production.value_of_information.design import DIRECTIVES, LINE
from catallax.protocol.mechanism_names import mechanism_named

Sent = Callable[[Contract, str], Mapping[str, float]]
"""(contract, mechanism) -> kind of fact -> numbers of that kind sent in a week."""

Count = dict[str, float]


def sent(contract: Contract, text: str) -> dict[str, float]:
    """Numbers a week of every kind that the mechanism `text` sends, in a run on seed 0.

    Kinds are those of `knowledge.KINDS` that rows report, `directives` for all that a centre
    says, and `quotes and asks`: a price on every link that hears one, and every ask. Asks alone,
    where no price is posted, are left out: they are deeds, and no law blurs or delays them.
    Reports are counted as they are made, before the line's coverage takes its share. An oracle
    sends nothing.
    """
    mechanism, count = mechanism_named(text), Count()
    if isinstance(mechanism, Oracle):
        return {}
    centre = None if mechanism.centre is None else _Counted(mechanism.centre, count)
    heard = Mechanism(mechanism.name, _Telling(mechanism.agents, count), centre)
    met = simulate(contract, heard).meter.kinds
    if "quote" in met:
        count[LINE] = met["quote"].deliveries + met["ask"].deliveries
    return {k: count[k] / contract.weeks for k in (*KINDS, DIRECTIVES, LINE) if count.get(k)}


def _add(count: Count, name: str, table: Table) -> None:
    for values in (*table.row.values(), *table.link.values()):
        count[name] = count.get(name, 0.0) + float(np.count_nonzero(~np.isnan(values)))


@final
@dataclass(frozen=True, eq=False)
class _Telling(Agents):
    """Agents whose reports are counted by kind in `count`."""

    inner: Agents
    count: Count = field(default_factory=dict)

    def start(self, view: View) -> tuple[Table, Table]:
        return self.inner.start(view)

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        mail, memory = self.inner.report(view, report_memory)
        for kind, values in mail.row.items():
            _add(self.count, kind, Table({kind: values}))
        for kind, values in mail.link.items():
            _add(self.count, kind, Table(link={kind: values}))
        return mail, memory

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        return self.inner.act(view, act_memory)


@final
@dataclass(frozen=True, eq=False)
class _Counted(Centre[Any]):
    """A centre whose directives are counted in `count`."""

    inner: Centre[Any]
    count: Count = field(default_factory=dict)

    def start(self, public: Public, rng: np.random.Generator) -> Any:
        return self.inner.start(public, rng)

    def decide(self, heard: Inbox, t: int, memory: Any) -> tuple[Table | None, Any]:
        told, memory = self.inner.decide(heard, t, memory)
        if told is not None:
            _add(self.count, DIRECTIVES, told)
        return told, memory
