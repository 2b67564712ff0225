"""What a centre makes of the reports that reach it: a technology that it believes.

Facts that were told and facts that were inferred from observables are followed side by side.
How far the inferred ones are to be preferred is learned from how much both differ over rows:
where words say all, the words are used; where something stays unsaid, what was done. A
difference that all rows share says how everybody talks, and nothing of what anybody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.accounts import Accounts
from catallax.domains.production.mechanisms.audit import Audits
from catallax.domains.production.mechanisms.elasticity import Slopes
from catallax.domains.production.mechanisms.evidence import (
    blended,
    tilted,
)
from catallax.domains.production.mechanisms.filing import Files
from catallax.domains.production.mechanisms.ground import Ground
from catallax.domains.production.network import Public, Technology
from catallax.learning import Ewma, Followed, Forecaster, Track

STEADY = Ewma()  # for flows, elasticities and losses, which stand still or break
ROWS = ("z", "sigma", "supply", "output", "audited")  # kinds of report that are taken in
LINKS = ("kept", "used", "share", "asked", "got")
LATE = 1.0  # weeks by which dealings are older than facts: those of the week before are reported


@final
@dataclass(frozen=True, eq=False)
class Belief:
    """Tracks of everything that is followed, in logs about the public value.

    ground             : what is public
    said_z, seen_z     : (n,) productivity as told, as inferred from inputs and outputs
    taste, bought      : (G,) tastes by nest of final users as told, as revealed by their asks
    supply, sigma      : (n,) flows of endowments over what was announced; elasticities
    kept               : (m,) shares that arrive, over what was announced
    slopes             : what plants' mixes show of their elasticities
    elasticity         : (n,) elasticities themselves: of the silent the mean of those told of
                         their kind, else public
    accounts           : what is wrong with plants' reports as a whole
    claims_z, claims_y : what audits found of told and of inferred productivity
    age, tick          : kind -> ages of reports, in ticks, when facts were last followed; when.
                         That of output is of the newest output with inputs of the same tick
    audited            : (n,) ages of audited reports at the last tick
    files              : reports that wait for others of their week
    """

    ground: Ground
    said_z: Followed
    seen_z: Followed
    taste: Followed
    bought: Followed
    supply: Track
    sigma: Track
    kept: Track
    slopes: Slopes
    elasticity: Floats
    accounts: Accounts
    claims_z: Audits
    claims_y: Audits
    age: Mapping[str, Floats]
    tick: int
    audited: Floats
    files: Files

    @staticmethod
    def start(public: Public, rule: Forecaster[Any]) -> "Belief":
        """Believe what is public."""
        net, none = public.network, Audits.none(public.network.n)
        z, taste = rule.start(np.zeros(net.n)), rule.start(np.zeros(len(net.final.good_row)))
        row, link = STEADY.start(np.zeros(net.n)), STEADY.start(np.zeros(net.m))
        never = np.full(net.n, np.inf)
        age = dict.fromkeys(ROWS, never) | dict.fromkeys(LINKS, np.full(net.m, np.inf))
        tracks = z, z, taste, taste, row, row, link, Slopes.none(net.rows), public.base.sigma
        files = Files(wait=public.delay * public.rounds)
        return Belief(Ground(public), *tracks, Accounts(), none, none, age, -1, never, files)

    @property
    def public(self) -> Public:
        """What is public."""
        return self.ground.public

    @property
    def week(self) -> int:
        """The week in which facts were last followed."""
        return self.tick // self.public.rounds

    def since(self, kind: str) -> float:
        """Weeks since the newest report of a kind was sent; 0 while none was heard."""
        youngest = float(np.min(self.age[kind]))
        return youngest / self.public.rounds if np.isfinite(youngest) else 0.0


def believed(belief: Belief, rule: Forecaster[Any], lead: float, lag: float = 0.0) -> Technology:
    """The technology expected `lead` weeks from now, when directives begin to be obeyed.

    lag : weeks by which they are obeyed in full on average; what is followed is looked ahead to
          then, while what breaks is obeyed at once
    """
    public, late = belief.public.base, lead + lag
    told, shown = _claimed(belief, rule, late)
    taste = blended(
        (belief.taste, rule.ahead(belief.taste, late + belief.since("share"))),
        (belief.bought, rule.ahead(belief.bought, late + belief.since("asked") + LATE)),
    )
    share, norm = tilted(belief.ground, taste)
    for fresh in (share, norm):
        fresh.setflags(write=False)  # or the technology would copy them
    return replace(
        public,
        z=public.z * np.exp(_productivity(belief, told, shown)),
        share=share,
        norm=norm,
        kept=_kept(belief, lead),
        sigma=belief.elasticity,
        supply=flows(belief, lead),
    )


def flows(belief: Belief, lead: float) -> Floats:
    """(n,) flows of endowments that are believed in `lead` weeks from now."""
    flow = announced(belief.public, "supply", belief.week + lead)
    return belief.public.base.supply * flow * np.exp(belief.supply.level)


def _claimed(belief: Belief, rule: Forecaster[Any], lead: float) -> tuple[Floats, Floats]:
    """Productivity as told and as inferred, less what audits found claims to be worth."""
    ground = belief.ground
    told = rule.ahead(belief.said_z, lead + belief.since("z"))
    shown = rule.ahead(belief.seen_z, lead + belief.since("output") + LATE)
    return (
        told - belief.claims_z.discount(ground.error_told),
        shown - belief.claims_y.discount(ground.error_shown),
    )


def _productivity(belief: Belief, told: Floats, shown: Floats) -> Floats:
    """(n,) log productivity; where accounts contradict what plants say, deeds set its level."""
    said, seen = (belief.said_z, told), (belief.seen_z, shown)
    return blended(said, seen, talk_in=0 if belief.accounts.contradicted else 1)


def _kept(belief: Belief, lead: float) -> Floats:
    """(m,) shares that are believed to arrive `lead` weeks from now."""
    public, week = belief.public, belief.week + lead
    kept = public.base.kept
    if any(event.week <= week for event in public.announced):
        kept = kept * announced(public, "kept", week)
    return kept * np.exp(belief.kept.level) if belief.kept.told else kept


def announced(public: Public, kind: str, week: Floats | float) -> Floats:
    """Factor announced for `week` on "supply" (n,) or "kept" (m,); a week for each, or for all."""
    factor = np.ones(public.network.n if kind == "supply" else public.network.m)
    for event in public.announced:
        factor = np.where(np.asarray(week) >= event.week, getattr(event, kind), factor)
    return factor
