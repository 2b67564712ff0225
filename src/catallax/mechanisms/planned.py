"""Rows under a plan: what they tell the centre, and what is left to them after its directives.

Delegation says who decides what the plan leaves open:

    in_kind : nobody; every delivery is ordered link by link
    own_mix : a plant is given an output and accounting prices and orders the mix of inputs that
              it judges best; final users are served in kind
    retail  : final users too choose, spending their incomes at the plan's prices in shops, and
              what they ask for teaches the centre their tastes (Cockshott & Cottrell 1993)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.errors import InputError, unknown
from catallax.learning import Bools
from catallax.mechanisms.base import Agents
from catallax.mechanisms.buying import choice, composite
from catallax.network import ENDOWMENT, HOUSEHOLD, PLANT, Act, Floats, Table, View
from catallax.optimum import Optimum

DELEGATIONS = ("in_kind", "own_mix", "retail")
CENSUS = 13  # weeks between reports of what hardly changes
NEWS = 5.0  # standard errors of noise beyond which a directive is taken for a new one


@final
@dataclass(frozen=True)
class Planned(Agents):
    """Rows that report, and obey as far as the delegation goes.

    Until a directive comes, the base-year table is the plan. Where the line to the centre is
    noisy, rows average what they are told: a directive counts in full only when it differs from
    what they obey by more than noise can explain.

    delegation : in_kind, own_mix or retail
    candid     : whether all facts and observables are reported, or the flows of endowments alone
    strict     : whether plants use no more of an input than a directive says, or all they hold;
                 of no account where they choose their own mix
    weight     : of the newest directive, 0.001 to 1; 1 where the line has no noise
    a          : share of a gap in its input stocks that a plant with its own mix closes a week
    cover      : weeks of use that it wants as such stock, 0 to 52

    Raises InputError for a setting out of range.
    """

    delegation: str = "in_kind"
    candid: bool = True
    strict: bool = False
    weight: float = 1.0
    a: float = 0.1
    cover: float = 0.0

    def __post_init__(self) -> None:
        check_delegation(self.delegation)
        for name, low, top in (("weight", 0.001, 1), ("a", 0, 1), ("cover", 0, 52)):
            value = getattr(self, name)
            if not low <= value <= top:
                what = f"planned: {name} is {value}, expected a number from {low:g} to {top}"
                raise InputError(what)

    def start(self, view: View) -> tuple[Table, Table]:
        """Take the public table for the plan; remember that nothing was told, or lost, yet."""
        public = view.inbox.value
        row, link = public.row["quota"], {k: public.link[k] for k in ("ask", "use", "value")}
        never = {f"{k} age": np.full_like(v, np.inf) for k, v in link.items()}
        quota = {"quota": row, "quota age": np.full_like(row, np.inf)}
        n = view.rows.n
        last = {"week": np.full(n, -1.0), "audit": np.full(n, np.inf)}
        return Table(last, {"kept": public.link["kept"]}), Table(quota, link | never)

    def report(self, view: View, said: Table) -> tuple[Table, Table]:
        """Once a week, and when audited: flows of endowments; if candid, all that can be said."""
        flow, kept = view.facts.row["supply"], view.facts.link["kept"]
        mail = Table({"supply": np.where(view.rows.kind == ENDOWMENT, flow, np.nan)})
        if self.candid:
            news = np.where(kept != said.link["kept"], kept, np.nan)
            mail = mail | _observed(view) | _census(view) | Table(link={"kept": news})
        audit = view.inbox.age.row["audit"]
        due = (said.row["week"] < view.t) | (audit < said.row["audit"] + 1.0)
        last = {"week": np.full(view.rows.n, float(view.t)), "audit": audit}
        return _only(view, mail, due), Table(last, {"kept": kept})

    def act(self, view: View, done: Table) -> tuple[Act, Table]:
        """Do as told, and where it is left to oneself, as one judges best."""
        done = self._heard(view, done)
        rows, held, ask = view.rows, view.seen.link["held"], done.link["ask"]
        plants, home = rows.linked(PLANT), rows.linked(HOUSEHOLD)
        use = np.where(plants & self.strict, np.minimum(done.link["use"], held), held)
        if self.delegation != "in_kind":
            mine, used = self._mixed(view, done)
            ask, use = np.where(plants, mine, ask), np.where(plants, used, use)
        if self.delegation == "retail":
            ask = np.where(home, _shopped(view, done), ask)
        return Act(ask, use), done

    def _heard(self, view: View, done: Table) -> Table:
        """Each kind of directive as far as it is believed, and when it was last renewed."""
        value, age = view.inbox.value, view.inbox.age
        row, link = dict(done.row), dict(done.link)
        for memory, said, old in ((row, value.row, age.row), (link, value.link, age.link)):
            for kind in [k for k in memory if not k.endswith(" age")]:
                memory[kind] = self._heed(view.noise, memory, kind, said[kind], old[kind])
                memory[f"{kind} age"] = old[kind]
        return Table(row, link)

    def _heed(
        self, noise: float, memory: Mapping[str, Floats], kind: str, told: Floats, age: Floats
    ) -> Floats:
        """One kind of directive, averaged in logs with what was obeyed before."""
        obeyed, before = memory[kind], memory[f"{kind} age"]
        fresh = np.isfinite(age) & (age <= before)
        both = (told > 0) & (obeyed > 0)
        gap = np.log(np.where(both, told, 1.0) / np.where(both, obeyed, 1.0))
        news = np.isinf(before) | ~both | (np.abs(gap) > NEWS * np.sqrt(2.0) * noise)
        mixed = obeyed * np.exp(self.weight * gap)
        return np.where(fresh, np.where(news | (self.weight == 1.0), told, mixed), obeyed)

    def _mixed(self, view: View, done: Table) -> tuple[Floats, Floats]:
        """A plant's own asks and uses for its quota at the plan's prices."""
        f, held = view.facts, view.seen.link["held"]
        _, ratio = choice(view, done.link["value"])
        X = composite(view, done.row["quota"])
        wanted = view.rows.spread(X) * f.link["norm"] * ratio
        use = np.minimum(wanted, held)
        again = np.maximum(wanted + self.a * (self.cover * wanted - (held - use)), 0.0)
        return np.where(view.rows.perishable, wanted, again) / f.link["kept"], use


def check_delegation(name: str) -> None:
    """Raise InputError unless `name` is a delegation."""
    if name not in DELEGATIONS:
        raise unknown("delegation", name, DELEGATIONS)


def directives(best: Optimum, delegation: str, scale: Floats, taut: float) -> Table:
    """What a plan says to rows: `best` with each seller's deliveries scaled by `scale` (n,).

    taut : by how much orders exceed the plan, so that nothing is left lying about; nature
           rations what is over-asked pro rata
    """
    net = best.technology.network
    ask = best.ship * scale[net.seller] * (1.0 + taut)
    if delegation == "in_kind":
        return Table(link={"ask": ask})
    home = net.rows.linked(HOUSEHOLD)
    quota, value = np.full(net.n, np.nan), best.price[net.seller]
    quota[net.plants] = best.output[net.plants] * (1.0 + taut)
    if delegation == "retail":
        return Table({"quota": quota}, {"value": np.where(home, value / (1.0 + taut), value)})
    told = {"value": np.where(home, np.nan, value), "ask": np.where(home, ask, np.nan)}
    return Table({"quota": quota}, told)


def _shopped(view: View, done: Table) -> Floats:
    """What final users ask for with their incomes at the plan's prices."""
    cost, ratio = choice(view, done.link["value"])
    power = np.maximum(view.seen.row["cash"], 0.0) / np.exp(cost)
    return view.facts.link["norm"] * ratio * view.rows.spread(power) / view.facts.link["kept"]


def _only(view: View, mail: Table, due: Bools) -> Table:
    """The mail of rows whose report is due."""
    link = view.rows.spread(np.where(due, 0.0, np.nan))
    return Table(
        {k: np.where(due, v, np.nan) for k, v in mail.row.items()},
        {k: v + link for k, v in mail.link.items()},
    )


def _observed(view: View) -> Table:
    """Last week's dealings, today's stocks, and productivity and tastes as far as sayable."""
    seen, facts, plant = view.seen, view.facts, view.rows.kind == PLANT
    home, works = view.rows.linked(HOUSEHOLD), view.rows.linked(PLANT)
    row = {"z": facts.row["z"], "output": seen.row["output"], "stock": seen.row["stock"]}
    link = {"share": (home, facts.link), "asked": (home, seen.link), "used": (works, seen.link)}
    return Table(
        {k: np.where(plant, v, np.nan) for k, v in row.items()},
        {k: np.where(who, table[k], np.nan) for k, (who, table) in link.items()},
    )


def _census(view: View) -> Table:
    """Elasticities, once a quarter."""
    said = (view.rows.kind != ENDOWMENT) & (view.t % CENSUS == 0)
    return Table({"sigma": np.where(said, view.facts.row["sigma"], np.nan)})
