"""Rows under a plan: what they tell the centre, and what is left to them after its directives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.mechanisms.base import Agents
from catallax.domains.production.mechanisms.buying import composite, shopping
from catallax.domains.production.mechanisms.planner.directives import (
    DELEGATION_MEANING,
    DELEGATIONS,
    find_links,
    say_on,
)
from catallax.domains.production.mechanisms.planner.reference import NEWS
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, PLANT, Act, Table, View
from catallax.kernels.buying import heed, mix, spend_all
from catallax.protocol.settings import ASSUMED, RECORDED, check_settings, setting
from catallax.protocol.tuned import TunedSpan

CENSUS = 13  # weeks between reports of what hardly changes


@final
@dataclass(frozen=True)
class DirectedAgents(Agents):
    """Rows that report, and obey as far as the delegation goes.

    Until a directive comes, the base-year table is the plan. Where the line to the centre is
    noisy, rows average what they are told: a directive counts in full only when it differs from
    what they obey by more than noise can explain.

    Raises InputError for a setting out of range.
    """

    delegation: str = setting(
        "in_kind",
        DELEGATION_MEANING,
        choices=DELEGATIONS,
        source="assumption: the planner's own is given",
    )
    candid: bool = setting(
        True,
        "whether all facts and observables are reported, or the flows of endowments alone",
        source=ASSUMED,
    )
    strict: bool = setting(
        False,
        "whether plants use no more of an input than a directive says, or all they hold; of no "
        "account where they choose their own mix",
        source=ASSUMED,
    )
    weight: float = setting(
        1.0,
        "weight of the newest directive in what rows obey; 1 where the line has no noise",
        low=0.001,
        high=1,
        source="assumption: the planner's own is given",
    )
    a: float = setting(
        0.1,
        "share of a gap in its input stocks that a plant with its own mix closes in a week",
        low=0,
        high=1,
        source=ASSUMED,
    )
    cover: float = setting(
        0.0,
        "input stocks that a plant with its own mix wants",
        unit="weeks of use",
        low=0,
        high=52,
        source=RECORDED,
        tuned=TunedSpan(
            0.01,
            1.0,
            scale="log",
            start=0.1,
            why="hardly any input stocks where plants choose their mix, or a week's, as on a "
            "market; what is held spoils",
        ),
    )
    receipts: bool = setting(
        False, "whether final users say once a quarter what they were sent", source=ASSUMED
    )

    def __post_init__(self) -> None:
        check_settings(self, "directed_agents:")

    def start(self, view: View) -> tuple[Table, Table]:
        """Take the public table for the plan; remember that nothing was told, or lost, yet."""
        public = view.inbox.value
        row, link = public.row["quota"], {k: public.link[k] for k in ("ask", "use", "value")}
        never = {f"{k} age": np.full_like(v, np.inf) for k, v in link.items()}
        quota = {"quota": row, "quota age": np.full_like(row, np.inf)}
        n = view.rows.n
        last = {"week": np.full(n, -np.inf), "audit": np.full(n, np.inf)}
        return Table(last, {"kept": public.link["kept"]}), Table(quota, link | never)

    def report(self, view: View, report_memory: Table) -> tuple[Table, Table]:
        """Once a week, and when audited: flows of endowments; if candid, all that can be said."""
        flow, kept = view.facts.row["supply"], view.facts.link["kept"]
        mail = Table({"supply": np.where(view.rows.kind == ENDOWMENT, flow, np.nan)})
        if self.candid:
            lost = np.where(kept != report_memory.link["kept"], kept, np.nan)
            mail = mail | _report_observables(view) | _report_elasticities(view)
            mail = mail | Table(link={"kept": lost})
        if self.receipts and view.t % CENSUS == 0:
            mail = mail | _report_receipts(view)
        audit = view.inbox.age.row["audit"]
        due = (report_memory.row["week"] < view.t) | (audit < report_memory.row["audit"] + 1.0)
        last = {"week": np.full(view.rows.n, float(view.t)), "audit": audit}
        return _keep_due(view, mail, due), Table(last, {"kept": kept})

    def act(self, view: View, act_memory: Table) -> tuple[Act, Table]:
        """Do as told, and where it is left to oneself, as one judges best."""
        act_memory = self._take_directives(view, act_memory)
        if self.delegation == "in_kind":
            return Act(act_memory.link["ask"], self._use_allotted(view, act_memory)), act_memory
        ask, use = self._choose(view, act_memory)
        return Act(ask, use), act_memory

    def _use_allotted(self, view: View, act_memory: Table) -> Floats:
        """What is used where all is ordered."""
        held = view.seen.link["held"]
        if not self.strict:
            return held
        use, plants = held.copy(), find_links(view.rows, PLANT)
        use[plants] = np.minimum(act_memory.link["use"][plants], held[plants])
        return use

    def _choose(self, view: View, act_memory: Table) -> tuple[Floats, Floats]:
        """Asks and uses where plants, and in shops final users, choose for themselves."""
        rows, price = view.rows, act_memory.link["value"]
        cost, part = shopping(view, price)
        ask, use = act_memory.link["ask"].copy(), view.seen.link["held"].copy()
        spend = composite(view, act_memory.row["quota"]) * np.exp(cost)
        self._order_mix(view, part, price, spend, ask, use)
        if self.delegation == "retail":
            homes = slice(int(np.searchsorted(rows.kind, HOUSEHOLD)), rows.n)
            spend_all(rows, homes, part, price, np.maximum(view.seen.row["cash"], 0.0), ask)
        return ask, use

    def _take_directives(self, view: View, act_memory: Table) -> Table:
        """Each kind of directive as far as it is believed, and when it was last renewed."""
        value, age = view.inbox.value, view.inbox.age
        row, link = dict(act_memory.row), dict(act_memory.link)
        for memory, said, old in ((row, value.row, age.row), (link, value.link, age.link)):
            for kind in [k for k in memory if not k.endswith(" age")]:
                memory[kind] = self._average(view.jitter, memory, kind, said[kind], old[kind])
                memory[f"{kind} age"] = old[kind]
        return Table(row, link)

    def _average(
        self, jitter: float, memory: Mapping[str, Floats], kind: str, told: Floats, age: Floats
    ) -> Floats:
        """One kind of directive, averaged in logs with what was obeyed before."""
        obeyed, before = memory[kind], memory[f"{kind} age"]
        limit = float(NEWS * np.sqrt(2.0) * jitter)
        return heed(told, age, before, obeyed, limit, float(self.weight))

    def _order_mix(
        self, view: View, part: Floats, price: Floats, spend: Floats, ask: Floats, use: Floats
    ) -> None:
        """Write a plant's asks and uses for what it spends (n,) at the plan's prices."""
        rows, held = view.rows, view.seen.link["held"]
        plants = slice(*np.searchsorted(rows.kind, [PLANT, PLANT + 1]).tolist())
        kept = np.ascontiguousarray(view.facts.link["kept"])  # it may be one number in all places
        given = part, kept, price, held, rows.perishable, spend, float(self.a), float(self.cover)
        mix(rows, plants, *given, ask, use)


def _keep_due(view: View, mail: Table, due: Bools) -> Table:
    """The mail of rows whose report is due."""
    if due.all():
        return mail
    link = view.rows.spread(np.where(due, 0.0, np.nan))
    return Table(
        {k: np.where(due, v, np.nan) for k, v in mail.row.items()},
        {k: v + link for k, v in mail.link.items()},
    )


def _report_observables(view: View) -> Table:
    """Last week's dealings, today's stocks, and productivity and tastes as far as sayable."""
    seen, facts, rows = view.seen, view.facts, view.rows
    plant, home, works = rows.kind == PLANT, find_links(rows, HOUSEHOLD), find_links(rows, PLANT)
    row = {"z": facts.row["z"], "output": seen.row["output"], "stock": seen.row["stock"]}
    link = {"share": (home, facts.link), "asked": (home, seen.link), "used": (works, seen.link)}
    return Table(
        {k: np.where(plant, v, np.nan) for k, v in row.items()},
        {k: say_on(where, table[k]) for k, (where, table) in link.items()},
    )


def _report_elasticities(view: View) -> Table:
    """Elasticities, once a quarter."""
    said = (view.rows.kind != ENDOWMENT) & (view.t % CENSUS == 0)
    return Table({"sigma": np.where(said, view.facts.row["sigma"], np.nan)})


def _report_receipts(view: View) -> Table:
    """What final users were sent last week."""
    return Table(link={"got": say_on(find_links(view.rows, HOUSEHOLD), view.seen.link["got"])})
