"""What a planner makes of reports: estimates of all facts, and the technology to be expected.

Where words say all, the words are used; where something stays unsaid, what was done.
"""

from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.mechanisms.planner.credibility import (
    AuditFindings,
    DoubleEntry,
    find_honest,
)
from catallax.domains.production.mechanisms.planner.elasticities import learn_elasticities
from catallax.domains.production.mechanisms.planner.evidence import (
    blend_evidence,
    log_ratio,
    observe_productivity,
    observe_tastes,
    read_productivity,
    read_tastes,
    tilt_recipes,
)
from catallax.domains.production.mechanisms.planner.reference import (
    PublicReference,
    announced_factor,
)
from catallax.domains.production.mechanisms.planner.reports import (
    ProductionReport,
    WeeklyReports,
    ages_in,
)
from catallax.domains.production.mechanisms.planner.state import (
    STEADY,
    Estimates,
    MovingFacts,
    PlannerState,
    SteadyFacts,
)
from catallax.domains.production.network import PLANT, Inbox, Technology
from catallax.learning import Forecaster, Track

LATE = 1.0  # weeks by which dealings are older than facts: those of the week before are reported


@final
@dataclass(frozen=True)
class Estimator:
    """How a planner follows facts.

    rule     : how series are followed
    shops    : whether final users choose for themselves, so that what they ask for tells tastes
    mixes    : whether plants do, so that what they use tells elasticities
    accounts : whether reports are held against each other
    """

    rule: Forecaster[Any]
    shops: bool = False
    mixes: bool = False
    accounts: bool = False

    def update(self, state: PlannerState, heard: Inbox, tick: int) -> PlannerState:
        """The state after this tick's reports: audits count at once, facts once a week."""
        audits = _judge_audits(state, heard)
        if tick % state.public.rounds:
            return replace(state, estimates=replace(state.estimates, audits=audits))
        reports, week = state.reports.receive(heard, tick, state.public, with_trade=self.accounts)
        estimates = self._estimate(state, audits, week)
        return replace(state, reports=reports, estimates=estimates)

    def _estimate(
        self, state: PlannerState, audits: AuditFindings, week: WeeklyReports
    ) -> Estimates:
        """What is believed after a week's reports, each part from those before it."""
        reference, before, paid = state.reference, state.estimates, state.plan.paid
        double_entry = _compare_trade(reference, before, week)
        steady = _follow_steady(reference, before.steady, week)
        elasticities = learn_elasticities(
            reference, before.elasticities, steady.sigma, week, paid if self.mixes else None
        )
        production = double_entry.correct(
            reference.network, week.production, week.ages["audited"].now
        )
        moving = self._follow_moving(
            reference, before.moving, week, production, elasticities.sigma, paid
        )
        return Estimates(audits, double_entry, steady, elasticities, moving)

    def _follow_moving(
        self,
        reference: PublicReference,
        before: MovingFacts,
        week: WeeklyReports,
        production: ProductionReport,
        sigma: Floats,
        paid: Floats,
    ) -> MovingFacts:
        """Productivity and tastes, in words and in what was done."""
        rule, ages = self.rule, week.ages
        told = read_productivity(reference, week.of_rows("z"), ages["z"].fresh)
        seen = observe_productivity(reference, production, ages["output"].fresh, sigma)
        tastes = read_tastes(reference, week.of_links("share"), ages["share"])
        revealed = before.tastes_revealed
        if self.shops:
            asked = observe_tastes(reference, week.of_links("asked"), ages["asked"], paid)
            revealed = rule.update(revealed, *asked)
        return MovingFacts(
            rule.update(before.z_told, told[0], told[1] & ~_find_audited(week, "z"), told[2]),
            rule.update(
                before.z_inferred, seen[0], seen[1] & ~_find_audited(week, "output"), seen[2]
            ),
            rule.update(before.tastes_told, *tastes),
            revealed,
        )

    def expect_technology(self, state: PlannerState, lead: float, lag: float = 0.0) -> Technology:
        """The technology expected `lead` weeks from now, when directives begin to be obeyed.

        lag : weeks by which they are obeyed in full on average; what is followed is looked ahead
              to then, while what breaks is obeyed at once
        """
        base, estimates, late = state.reference.base, state.estimates, lead + lag
        share, norm = tilt_recipes(state.reference, self._expect_tastes(state, late))
        for fresh in (share, norm):
            fresh.setflags(write=False)  # or the technology would copy them
        return replace(
            base,
            z=base.z * np.exp(self._expect_productivity(state, late)),
            share=share,
            norm=norm,
            kept=_expect_arrivals(state, lead),
            sigma=estimates.elasticities.sigma,
            supply=expect_flows(state.reference, estimates.steady, state.week + lead),
        )

    def _expect_productivity(self, state: PlannerState, late: float) -> Floats:
        """(n,) log productivity `late` weeks from now, less what audits found claims to be worth.

        Where accounts contradict what plants say, its level is set by what they did.
        """
        reference, moving, audits = state.reference, state.estimates.moving, state.estimates.audits
        told = self.rule.ahead(moving.z_told, late + state.weeks_since("z"))
        seen = self.rule.ahead(moving.z_inferred, late + state.weeks_since("output") + LATE)
        return blend_evidence(
            (moving.z_told, told - audits.told.discount(reference.error_told)),
            (moving.z_inferred, seen - audits.inferred.discount(reference.error_inferred)),
            err_in_words=state.estimates.double_entry.is_contradicted,
        )

    def _expect_tastes(self, state: PlannerState, late: float) -> Floats:
        """(G,) log tastes of final users `late` weeks from now."""
        told, revealed = state.estimates.moving.tastes_told, state.estimates.moving.tastes_revealed
        since = state.weeks_since
        return blend_evidence(
            (told, self.rule.ahead(told, late + since("share"))),
            (revealed, self.rule.ahead(revealed, late + since("asked") + LATE)),
        )


def expect_flows(reference: PublicReference, steady: SteadyFacts, week: float) -> Floats:
    """(n,) flows of endowments that are expected in a week."""
    flow = announced_factor(reference.public, "supply", week)
    return reference.base.supply * flow * np.exp(steady.supply.level)


def _expect_arrivals(state: PlannerState, lead: float) -> Floats:
    """(m,) shares that are expected to arrive `lead` weeks from now."""
    public, week, track = state.public, state.week + lead, state.estimates.steady.kept
    kept = public.base.kept
    if any(event.week <= week for event in public.announced):
        kept = kept * announced_factor(public, "kept", week)
    return kept * np.exp(track.level) if track.told else kept


def _find_audited(week: WeeklyReports, kind: str) -> Bools:
    """(n,) whether the newest report of a kind is the one that was audited."""
    return find_honest(week.ages["audited"].now, week.ages[kind].now)


def _judge_audits(state: PlannerState, heard: Inbox) -> AuditFindings:
    """Judge the claims of rows whose audited report came in since the last tick."""
    before, reference, ages = state.estimates.audits, state.reference, ages_in(heard)
    fresh = before.find_fresh(ages["audited"])
    if not fresh.any():
        return replace(before, age=ages["audited"])
    row, link, moving = heard.value.row, heard.value.link, state.estimates.moving
    report = ProductionReport(row["output"], link["used"], ages["output"], ages["used"])
    report = state.estimates.double_entry.correct(reference.network, report, ages["audited"])
    told = read_productivity(reference, row["z"], fresh)
    seen = observe_productivity(reference, report, fresh, state.estimates.elasticities.sigma)
    true_z, true_output = (find_honest(ages["audited"], ages[k]) for k in ("z", "output"))
    return AuditFindings(
        before.told.add_known(moving.z_told, told[0], told[1] & true_z),
        before.inferred.add_known(moving.z_inferred, seen[0], seen[1] & true_output),
        ages["audited"],
    )


def _compare_trade(
    reference: PublicReference, before: Estimates, week: WeeklyReports
) -> DoubleEntry:
    """Hold what sellers say against what buyers say of the same week."""
    trade = week.trade
    if trade is None:
        return before.double_entry
    net, plants = reference.network, reference.network.rows.linked(PLANT)
    used = np.where(plants, trade.used / reference.base.kept, 0.0)
    got = np.where(plants, 0.0, trade.got)
    supply = expect_flows(reference, before.steady, week.week)
    return before.double_entry.compare(net, supply, trade.output, used, got)


def _follow_steady(
    reference: PublicReference, before: SteadyFacts, week: WeeklyReports
) -> SteadyFacts:
    """Follow what stands still or breaks, against what was announced for when it was said."""
    return SteadyFacts(
        _follow_fact(reference, "supply", before.supply, week.of_rows("supply"), week),
        _follow_fact(reference, "sigma", before.sigma, week.of_rows("sigma"), week),
        _follow_fact(reference, "kept", before.kept, week.of_links("kept"), week),
    )


def _follow_fact(
    reference: PublicReference, kind: str, before: Track, said: Floats, week: WeeklyReports
) -> Track:
    """One kind of it; nothing was heard where no report is new."""
    ages, public = week.ages[kind], reference.public
    if not ages.has_fresh:
        return before.silent
    expected = getattr(public.base, kind)
    if kind != "sigma":
        written = np.floor((week.tick - ages.now) / public.rounds)
        expected = expected * announced_factor(public, kind, written)
    error = np.full(len(said), reference.error_of(kind))
    return STEADY.update(before, *log_ratio(said, expected, ages.fresh), error)
