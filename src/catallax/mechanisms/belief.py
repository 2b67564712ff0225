"""What a centre makes of the reports that reach it: a technology that it believes.

Facts that were told and facts that were inferred from observables are followed side by side.
How far the inferred ones are to be preferred is learned from how much both differ over rows:
where words say all, the words are used; where something stays unsaid, what was done. A
difference that all rows share says how everybody talks, and nothing of what anybody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.learning import Bools, Ewma, Forecaster, Track, productivity
from catallax.mechanisms.audit import Audits
from catallax.mechanisms.evidence import (
    Evidence,
    blended,
    bought_tastes,
    error_of,
    last_links,
    ratio,
    told_tastes,
)
from catallax.network import Floats, Inbox, Public, Technology, tilt

STEADY = Ewma()  # for flows, elasticities and losses, which stand still or break
KINDS = ("z", "sigma", "supply", "kept", "output", "used", "share", "asked", "audited")
LATE = 1.0  # weeks by which dealings are older than facts: those of the week before are reported


@final
@dataclass(frozen=True, eq=False)
class Belief:
    """Tracks of everything that is followed, in logs about the public value.

    said_z, seen_z     : (n,) productivity as told, as inferred from inputs and outputs
    taste, bought      : (G,) tastes by nest of final users as told, as revealed by their asks
    supply, sigma      : (n,) flows of endowments over what was announced; elasticities
    kept               : (m,) shares that arrive, over what was announced
    claims_z, claims_y : what audits found of told and of inferred productivity
    age, tick          : kind -> ages of reports, in ticks, when facts were last followed; when
    audited            : (n,) ages of audited reports at the last tick
    """

    public: Public
    said_z: Track
    seen_z: Track
    taste: Track
    bought: Track
    supply: Track
    sigma: Track
    kept: Track
    claims_z: Audits
    claims_y: Audits
    age: Mapping[str, Floats]
    tick: int
    audited: Floats

    @staticmethod
    def start(public: Public, rule: Forecaster) -> "Belief":
        """Believe what is public."""
        net, none = public.network, Audits.none(public.network.n)
        z, taste = rule.start(np.zeros(net.n)), rule.start(np.zeros(len(net.final.good_row)))
        row, link = STEADY.start(np.zeros(net.n)), STEADY.start(np.zeros(net.m))
        never = np.full(net.n, np.inf)
        return Belief(public, z, z, taste, taste, row, row, link, none, none, {}, -1, never)

    @property
    def week(self) -> int:
        """The week in which facts were last followed."""
        return self.tick // self.public.rounds

    def since(self, kind: str) -> float:
        """Weeks since the newest report of a kind was sent; 0 while none was heard."""
        youngest = float(np.min(self.age[kind]))
        return youngest / self.public.rounds if np.isfinite(youngest) else 0.0


def listen(
    belief: Belief, heard: Inbox, rule: Forecaster, tick: int, paid: Floats | None
) -> Belief:
    """The belief after this tick's reports; audits are taken in at once, facts once a week.

    paid : (m,) prices that final users were told; None where they do not choose themselves, and
           what they ask for tells nothing
    """
    ages = {k: v for part in (heard.age.link, heard.age.row) for k, v in part.items() if k in KINDS}
    belief = _audited(belief, heard, ages)
    if tick % belief.public.rounds:
        return belief
    past = tick - belief.tick
    new = {k: v < belief.age.get(k, np.full_like(v, np.inf)) + past for k, v in ages.items()}
    belief = replace(belief, age=ages, tick=tick)
    belief = _steady(belief, heard, new)
    told, shown = _told(belief, heard, new["z"]), _shown(belief, heard, ages, new["output"])
    said_z = rule.update(belief.said_z, told[0], told[1] & ~_honest(ages, "z"), told[2])
    seen_z = rule.update(belief.seen_z, shown[0], shown[1] & ~_honest(ages, "output"), shown[2])
    share = told_tastes(belief.public, heard.value.link["share"], new["share"])
    taste = rule.update(belief.taste, *share)
    belief = replace(belief, said_z=said_z, seen_z=seen_z, taste=taste)
    if paid is None:
        return belief
    asked = bought_tastes(belief.public, heard.value.link["asked"], new["asked"], paid)
    return replace(belief, bought=rule.update(belief.bought, *asked))


def believed(belief: Belief, rule: Forecaster, lead: float) -> Technology:
    """The technology expected `lead` weeks from now."""
    public, net = belief.public.base, belief.public.network
    told, shown = _claimed(belief, rule, lead)
    taste = blended(
        (belief.taste, rule.ahead(belief.taste, lead + belief.since("share"))),
        (belief.bought, rule.ahead(belief.bought, lead + belief.since("asked") + LATE)),
    )
    share, norm, last = public.share.copy(), public.norm.copy(), last_links(belief.public)
    share[last], norm[last] = tilt(net.final, public.share[last], public.norm[last], taste)
    flow, arrive = (_announced(belief.public, k, belief.week + lead) for k in ("supply", "kept"))
    return replace(
        public,
        z=public.z * np.exp(blended((belief.said_z, told), (belief.seen_z, shown))),
        share=share,
        norm=norm,
        kept=public.kept * arrive * np.exp(belief.kept.level),
        sigma=_sigma(belief),
        supply=public.supply * flow * np.exp(belief.supply.level),
    )


def _claimed(belief: Belief, rule: Forecaster, lead: float) -> tuple[Floats, Floats]:
    """Productivity as told and as inferred, less what audits found claims to be worth."""
    error_z, error_y = _errors(belief.public)
    told = rule.ahead(belief.said_z, lead + belief.since("z"))
    shown = rule.ahead(belief.seen_z, lead + belief.since("output") + LATE)
    return told - belief.claims_z.discount(error_z), shown - belief.claims_y.discount(error_y)


def _steady(belief: Belief, heard: Inbox, new: Mapping[str, Bools]) -> Belief:
    """Follow what stands still or breaks, against what was announced for when it was said."""
    public, value = belief.public, heard.value

    def track(kind: str, before: Track, said: Floats) -> Track:
        expected = getattr(public.base, kind)
        if kind != "sigma":
            week = np.floor((belief.tick - belief.age[kind]) / public.rounds)
            expected = expected * _announced(public, kind, week)
        error = np.full(len(said), error_of(public, kind))
        return STEADY.update(before, *ratio(said, expected, new[kind]), error)

    return replace(
        belief,
        supply=track("supply", belief.supply, value.row["supply"]),
        sigma=track("sigma", belief.sigma, value.row["sigma"]),
        kept=track("kept", belief.kept, value.link["kept"]),
    )


def _announced(public: Public, kind: str, week: Floats | float) -> Floats:
    """Factor announced for `week` on "supply" (n,) or "kept" (m,); a week for each, or for all."""
    factor = np.ones(public.network.n if kind == "supply" else public.network.m)
    for event in public.announced:
        factor = np.where(np.asarray(week) >= event.week, getattr(event, kind), factor)
    return factor


def _audited(belief: Belief, heard: Inbox, ages: Mapping[str, Floats]) -> Belief:
    """Judge the claims of rows whose audited report came in since the last tick."""
    fresh = ages["audited"] < belief.audited + 1.0
    if not fresh.any():
        return replace(belief, audited=ages["audited"])
    told, shown = _told(belief, heard, fresh), _shown(belief, heard, ages, fresh)
    return replace(
        belief,
        claims_z=belief.claims_z.judged(belief.said_z, told[0], told[1] & _honest(ages, "z")),
        claims_y=belief.claims_y.judged(
            belief.seen_z, shown[0], shown[1] & _honest(ages, "output")
        ),
        audited=ages["audited"],
    )


def _honest(ages: Mapping[str, Floats], kind: str) -> Bools:
    """(n,) whether the newest report of a kind is the one that was audited."""
    return np.asarray(np.isfinite(ages["audited"]) & (ages["audited"] == ages[kind]))


def _told(belief: Belief, heard: Inbox, fresh: Bools) -> Evidence:
    """Productivity (n,) as told."""
    return *ratio(heard.value.row["z"], belief.public.base.z, fresh), _errors(belief.public)[0]


def _shown(belief: Belief, heard: Inbox, ages: Mapping[str, Floats], fresh: Bools) -> Evidence:
    """Productivity (n,) as inferred where inputs and output are of one report."""
    public, rows = belief.public, belief.public.network.rows
    known = replace(public.base, sigma=_sigma(belief))
    log_z = productivity(known, heard.value.link["used"], heard.value.row["output"])
    other = rows.sum((ages["used"] != rows.spread(ages["output"])).astype(float))
    made = fresh & np.isfinite(log_z) & (other == 0)
    return np.where(made, log_z, 0.0) - np.log(public.base.z), made, _errors(public)[1]


def _errors(public: Public) -> tuple[Floats, Floats]:
    """(n,) s.d. of the error of told and of inferred productivity: output's and inputs' add up."""
    seen = np.hypot(error_of(public, "output"), error_of(public, "used"))
    return np.full(public.network.n, error_of(public, "z")), np.full(public.network.n, seen)


def _sigma(belief: Belief) -> Floats:
    """Elasticities as told; of the silent the mean of those told of their kind, else public."""
    track, kind = belief.sigma, belief.public.network.kind
    log = track.level.copy()
    for k in np.unique(kind):
        told, silent = ((kind == k) & ok for ok in (track.count > 0, track.count == 0))
        if told.any():
            log[silent] = track.level[told].mean()
    return np.asarray(belief.public.base.sigma * np.exp(log))
