"""Planning of the old school: a survey, balances, and orders for the year that quarters correct."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.base import Centre, Mechanism
from catallax.domains.production.mechanisms.planner import (
    DELEGATION_MEANING,
    DELEGATIONS,
    DirectedAgents,
    find_links,
    write_directives,
)
from catallax.domains.production.mechanisms.planner.announced import find_factor, is_due
from catallax.domains.production.mechanisms.planner.reference import NEWS
from catallax.domains.production.network import HOUSEHOLD, Event, Inbox, Public, Table, Technology
from catallax.domains.production.optimum import Optimum, Settled, solve
from catallax.protocol.makers import settings_from
from catallax.protocol.settings import ASSUMED, RECORDED, check_settings, setting
from catallax.protocol.tuned import TunedChoice, TunedSpan

WEEKS, QUARTER = 52, 13
ROUNDING = 1e-6  # log by which a flow may fall short without being short


@final
@dataclass(frozen=True, eq=False)
class Survey:
    """What the centre remembers.

    public   : the public table
    phase    : week of its year in which the annual plan is made
    supply   : (n,) believed flows, over what is announced of them
    price    : (n,) valuations of the last plan, from which the next is looked for
    allotted : (n,) flows that the annual plan gave out
    valued   : (n,) valuations of the annual plan
    """

    public: Public
    phase: int
    supply: Floats
    price: Floats
    allotted: Floats
    valued: Floats


@final
@dataclass(frozen=True)
class FiveYearPlan(Centre[Survey]):
    """Annual operating plans by material balances (Montias 1959), corrected every quarter.

    Hears the flows of endowments and smooths them. Where it corrects its plans, a flow that noise
    cannot explain counts at once. Once a year it works out the flat weekly directives that balance
    under what is public: recipes, elasticities, tastes and announced events. Knows no private
    fact. A plan or a correction costs one solve of the optimum under that belief.

    A correction is a plan made anew, quantities and valuations alike: under the annual plan's
    valuations plants would go on ordering what has become short. Two things set it apart.
    *Reserves* are held back of every flow by the annual plan, and given out by a correction when
    some flow falls short by more than them. *Priorities* leave to plants what has become dearer
    since the annual plan: final users are the buffer.

    With *fixed norms* no plant may depart from base-year recipes and supplier shares (sigma =
    eps = 0). The mix of final uses follows the public tastes; a plan that scaled all final demand
    alike would halve the economy when one endowment halves. Plants that choose their mix then
    reckon at base-year prices: wholesale prices stood for years, and the shadow prices of fixed
    norms are no guide to a mix.
    """

    smoothing: float = setting(
        0.025,
        "weight of the newest reports in the believed flow of an endowment, per week",
        above=0,
        high=1,
        source=RECORDED,
        tuned=TunedSpan(
            0.01,
            1.0,
            scale="log",
            start=0.0406,
            why="believes two years' mean of reports, or the last one",
        ),
    )
    period: int = setting(
        WEEKS,
        "time between plans; the week in it is drawn by seed",
        unit="weeks",
        low=1,
        source="Montias 1959: annual operating plans",
    )
    correction: int = setting(
        QUARTER,
        "time between corrections of a plan; 0: none are made, nor in the week of an announced "
        "event",
        unit="weeks",
        low=0,
        source="Kornai 1959: what bound enterprises were quarterly plans",
    )
    fixed_norms: bool = setting(
        False,
        "whether base-year recipes and supplier shares are taken for norms from which no plant "
        "may depart",
        source="assumption: what is public is used (optimal planning of the time: Ellman 1973)",
    )
    reserve: float = setting(
        0.0286,
        "share of each flow that the annual plan gives to nobody; corrections give it out when a "
        "flow falls short by more",
        low=0,
        high=0.5,
        source="record of tuning (a line of material balances: Levine 1959)",
        tuned=TunedSpan(
            0.0,
            0.1,
            start=0.02,
            why="everything is given out, or a tenth is held back; what nobody orders is lost",
        ),
    )
    priority: float = setting(
        0.21,
        "strength with which plants are served before final users at a correction: final users' "
        "orders of what became dearer fall by so many logs more for each log of it",
        low=0,
        high=5,
        source="record of tuning (consumption as the buffer: Levine 1959; its form is assumed)",
        tuned=TunedSpan(
            0.0,
            1.0,
            start=0.1,
            why="no priority, or final users save twice what valuations ask of them",
        ),
    )
    announcements: bool = setting(True, "whether announced events are planned for", source=ASSUMED)
    delegation: str = setting(
        "retail",
        DELEGATION_MEANING,
        choices=DELEGATIONS,
        source=RECORDED,
        tuned=TunedChoice(DELEGATIONS, start="retail", why="all of them"),
    )
    taut: float = setting(
        0.219,
        "share by which orders exceed the plan",
        low=0,
        high=1,
        source="record of tuning (its form: Hunter 1961)",
        tuned=TunedSpan(
            0.0,
            0.3,
            scale="root",
            start=0.03,
            why="no more than is planned, or so much that a third is refused",
        ),
    )

    def __post_init__(self) -> None:
        check_settings(self, "five_year_plan:")

    def start(self, public: Public, rng: np.random.Generator) -> Survey:
        """Believe the base year, take it for the plan and draw the season of the next."""
        phase, ones = int(rng.integers(self.period)), np.ones(public.network.n)
        return Survey(public, phase, public.base.supply, ones, public.base.supply, ones)

    def decide(self, heard: Inbox, t: int, memory: Survey) -> tuple[Table | None, Survey]:
        """Take in this tick's reports; in weeks of a plan or a correction, send directives."""
        events = heard.announced if self.announcements else ()
        memory = replace(memory, supply=self._follow_flows(heard, t, memory, events))
        week, later = divmod(t, memory.public.rounds)
        if later or not self._is_due(week, memory, events):
            return None, memory
        annual = (week - memory.phase) % self.period == 0
        return self._plan(memory, self._expect(week, memory, events), annual)

    def _is_due(self, week: int, memory: Survey, events: Sequence[Event]) -> bool:
        """Whether a plan is made in `week`, or corrected."""
        since = (week - memory.phase) % self.period
        if since == 0 or not self.correction:
            return since == 0
        return since % self.correction == 0 or is_due(events, week, memory.public.delay)

    def _follow_flows(
        self, heard: Inbox, t: int, memory: Survey, events: Sequence[Event]
    ) -> Floats:
        """Believed flows, smoothed in logs; what was never reported stays at the base year."""
        public, ends = memory.public, memory.public.network.endowments
        age = heard.age.row["supply"]
        written = np.floor((t - age) / public.rounds)
        told = find_factor(events, "supply", written, public.network.n)[ends]
        said, age = heard.value.row["supply"][ends] / told, age[ends]
        supply = memory.supply.copy()
        change = np.where(said > 0, said, supply[ends]) / supply[ends]
        weight = np.where(np.isfinite(age) & (said > 0), self.smoothing / public.rounds, 0.0)
        if self.correction:
            news = np.abs(np.log(change)) > NEWS * _error_of_flows(public)
            weight = np.where(news & (weight > 0), 1.0, weight)
        supply[ends] *= change**weight
        return supply

    def _expect(self, week: int, memory: Survey, events: Sequence[Event]) -> Technology:
        """What is believed of the week in which directives of `week` are heard, flows and all."""
        base, net = memory.public.base, memory.public.network
        heard = week + memory.public.delay
        supply = memory.supply * find_factor(events, "supply", heard, net.n)
        belief = replace(base, supply=supply)
        if events:
            belief = replace(belief, kept=base.kept * find_factor(events, "kept", heard, net.m))
        if not self.fixed_norms:
            return belief
        sigma = np.where(net.kind == HOUSEHOLD, base.sigma, 0.0)
        return replace(belief, sigma=sigma, eps=np.zeros(net.n))

    def _plan(
        self, memory: Survey, belief: Technology, annual: bool
    ) -> tuple[Table | None, Survey]:
        """Weekly directives that balance, and what is remembered; none where nothing balances.

        annual : whether it is the plan of a year, which holds reserves back, or its correction
        """
        allotted = belief.supply
        if annual or not self._is_short(memory, belief):
            allotted = allotted * (1.0 - self.reserve)
        best = solve(replace(belief, supply=allotted), memory.public.income, start=memory.price)
        if best.stop is not Settled.CONVERGED:
            return None, memory
        memory = replace(memory, price=best.price)
        if annual:
            return self._direct(best), replace(memory, allotted=allotted, valued=best.price)
        return serve_plants_first(self._direct(best), best, memory.valued, self.priority), memory

    def _is_short(self, memory: Survey, belief: Technology) -> bool:
        """Whether some flow is believed to be less than the annual plan gave out of it."""
        ends = memory.public.network.endowments
        error = _error_of_flows(memory.public) * np.sqrt(self.smoothing / (2.0 - self.smoothing))
        least = memory.allotted[ends] * np.exp(-max(NEWS * np.sqrt(2.0) * error, ROUNDING))
        return bool(np.any(belief.supply[ends] < least))

    def _direct(self, best: Optimum) -> Table:
        """The plan as rows are told it."""
        net = best.technology.network
        price = np.ones(net.m) if self.fixed_norms else best.price[net.seller]
        said = write_directives(best, price, self.delegation, np.ones(net.n), self.taut)
        if self.fixed_norms and self.delegation == "in_kind":
            return said | Table(link={"use": best.arrive})
        return said


def serve_plants_first(said: Table, best: Optimum, before: Floats, strength: float) -> Table:
    """Directives under which final users leave to plants what became dearer.

    before   : (n,) valuations that were in force
    strength : logs by which final users' orders fall more for each log by which a product became
               dearer; 0 leaves everything as it is
    """
    net = best.technology.network
    dearer = np.maximum(best.price / before, 1.0)[net.seller] ** strength
    home, link = find_links(net.rows, HOUSEHOLD), dict(said.link)
    for kind, factor in (("value", dearer), ("ask", 1.0 / dearer)):
        if kind in link:
            link[kind] = link[kind].copy()
            link[kind][home] *= factor[home]
    return Table(said.row, link)


def _error_of_flows(public: Public) -> float:
    """S.d. of the log error of a reported flow."""
    return public.noises.get("supply", public.noise)


@settings_from(FiveYearPlan, cover=DirectedAgents)
def five_year_plan(*, cover: float = 0.178, **settings: Any) -> Mechanism:
    """The plan with annual operating plans; `settings` are those of `FiveYearPlan`.

    Rows say no more than the flows of endowments and follow each directive to the letter. Under
    fixed norms and in_kind plants use no more than it says.
    """
    centre = FiveYearPlan(**settings)
    rows = DirectedAgents(centre.delegation, candid=False, strict=centre.fixed_norms, cover=cover)
    return Mechanism("five_year_plan", rows, centre)
