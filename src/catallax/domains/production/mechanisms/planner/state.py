"""What a planner remembers: parts that one step each writes, once a week.

    reports   : `ReportBuffer.receive` takes in what arrived
    estimates : `Estimator.update` makes of it what is believed, part by part
    plan      : `revise_plan` makes of that what directives say

Facts that are told and facts that are inferred from observables are followed side by side, each in
logs about its public value.
"""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.planner.credibility import AuditFindings, DoubleEntry
from catallax.domains.production.mechanisms.planner.elasticities import LearnedElasticities
from catallax.domains.production.mechanisms.planner.reference import PublicReference
from catallax.domains.production.mechanisms.planner.reports import ReportBuffer
from catallax.domains.production.mechanisms.planner.storage import Outlook
from catallax.domains.production.network import Event, Public
from catallax.domains.production.optimum import Optimum
from catallax.learning import Ewma, Followed, Forecaster, Track

STEADY = Ewma()  # for flows, elasticities and losses, which stand still or break


@final
@dataclass(frozen=True, eq=False)
class SteadyFacts:
    """Facts that stand still or break, over what was announced for when they were said.

    supply : (n,) flows of endowments
    sigma  : (n,) elasticities between goods as told
    kept   : (m,) shares that arrive
    """

    supply: Track
    sigma: Track
    kept: Track

    @staticmethod
    def start(public: Public) -> "SteadyFacts":
        """Believe what is public."""
        row, link = (STEADY.start(np.zeros(k)) for k in (public.network.n, public.network.m))
        return SteadyFacts(row, row, link)


@final
@dataclass(frozen=True, eq=False)
class MovingFacts:
    """Facts that drift from week to week, by the forecaster's rule.

    z_told, z_inferred           : (n,) productivity as told, as inferred from inputs and output
    tastes_told, tastes_revealed : (G,) tastes by nest of final users as told, as revealed by asks
    """

    z_told: Followed
    z_inferred: Followed
    tastes_told: Followed
    tastes_revealed: Followed

    @staticmethod
    def start(public: Public, rule: Forecaster[Any]) -> "MovingFacts":
        """Believe what is public."""
        z = rule.start(np.zeros(public.network.n))
        taste = rule.start(np.zeros(len(public.network.final.good_row)))
        return MovingFacts(z, z, taste, taste)


@final
@dataclass(frozen=True, eq=False)
class Estimates:
    """What is believed, in the order in which it is worked out: each part from those above it.

    audits       : what audits found of claims
    double_entry : what is wrong with plants' reports as a whole
    steady       : facts that stand still or break
    elasticities : what words and plants' mixes say of elasticities
    moving       : facts that drift
    """

    audits: AuditFindings
    double_entry: DoubleEntry
    steady: SteadyFacts
    elasticities: LearnedElasticities
    moving: MovingFacts

    @staticmethod
    def start(public: Public, rule: Forecaster[Any]) -> "Estimates":
        """Believe what is public."""
        return Estimates(
            AuditFindings.start(public.network.n),
            DoubleEntry(),
            SteadyFacts.start(public),
            LearnedElasticities.start(public),
            MovingFacts.start(public, rule),
        )


@final
@dataclass(frozen=True, eq=False)
class PlanInForce:
    """The last plan, as far as the next one hangs on it.

    best    : the optimum that was planned; None before the first
    paid    : (m,) prices as buyers go by them: those that were told, averaged over the weeks in
              which they may still be obeyed
    outlook : what announced events will change, and what was put into store
    """

    best: Optimum | None
    paid: Floats
    outlook: Outlook

    @staticmethod
    def start(public: Public) -> "PlanInForce":
        """The base year is the plan."""
        return PlanInForce(None, np.ones(public.network.m), Outlook.start(public))


@final
@dataclass(frozen=True, eq=False)
class PlannerState:
    """All that a planner remembers.

    reference : what is public; it changes only by what is announced
    key       : seeds the lots of audits and experiments; it stays as it is
    reports   : how old reports are, and those that wait for others of their tick
    estimates : what is believed
    plan      : the last plan
    """

    reference: PublicReference
    key: int
    reports: ReportBuffer
    estimates: Estimates
    plan: PlanInForce

    @staticmethod
    def start(public: Public, rule: Forecaster[Any], key: int) -> "PlannerState":
        """Believe what is public."""
        return PlannerState(
            PublicReference(public),
            key,
            ReportBuffer.start(public),
            Estimates.start(public, rule),
            PlanInForce.start(public),
        )

    def told(self, announced: tuple[Event, ...]) -> "PlannerState":
        """The state of a planner who knows what is announced."""
        if announced == self.public.announced:
            return self
        public = replace(self.public, announced=announced)
        return replace(self, reference=PublicReference(public))

    @property
    def public(self) -> Public:
        """What is public, announcements included."""
        return self.reference.public

    @property
    def week(self) -> int:
        """The week in which facts were last followed."""
        return self.reports.tick // self.public.rounds

    def weeks_since(self, kind: str) -> float:
        """Weeks since the newest report of a kind was sent; 0 while none was heard."""
        youngest = float(np.min(self.reports.ages[kind]))
        return youngest / self.public.rounds if np.isfinite(youngest) else 0.0
