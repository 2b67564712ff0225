"""What a centre makes of the reports that reach it: a technology that it believes.

Facts that were told and facts that were inferred from observables are followed side by side.
How far the inferred ones are to be preferred is learned from how much both differ over rows:
where words say all, the words are used; where something stays unsaid, what was done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.learning import Bools, Ewma, Forecaster, Track, productivity, revealed_tastes
from catallax.mechanisms.audit import TINY, Audits
from catallax.network import Floats, Inbox, Public, Technology, tilt

STEADY = Ewma()  # for flows, elasticities and losses, which stand still or break
KINDS = ("z", "sigma", "supply", "kept", "output", "share", "asked", "audited")


@final
@dataclass(frozen=True, eq=False)
class Belief:
    """Tracks of everything that is followed, in logs about the public value.

    said_z, seen_z     : (n,) productivity as told, as inferred from inputs and outputs
    taste, bought      : (G,) tastes by nest of final users as told, as revealed by their asks
    supply, sigma      : (n,) flows of endowments, elasticities
    kept               : (m,) shares that arrive
    claims_z, claims_y : what audits found of told and of inferred productivity
    age                : kind -> ages in ticks when last looked at
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

    @staticmethod
    def start(public: Public, rule: Forecaster) -> "Belief":
        """Believe what is public."""
        net, none = public.network, Audits.none(public.network.n)
        z, taste = rule.start(np.zeros(net.n)), rule.start(np.zeros(len(net.final.good_row)))
        row, link = STEADY.start(np.zeros(net.n)), STEADY.start(np.zeros(net.m))
        return Belief(public, z, z, taste, taste, row, row, link, none, none, {})


def listen(belief: Belief, heard: Inbox, rule: Forecaster, *, paid: Floats | None) -> Belief:
    """The belief after a week's reports.

    paid : (m,) prices that final users were told; None where they do not choose themselves, and
           what they ask for tells nothing
    """
    new, ages = _fresh(belief, heard)
    belief = _steady(belief, heard, new)
    belief = _productivity(belief, heard, rule, new)
    belief = replace(belief, taste=_told_tastes(belief, heard, rule, new["share"]))
    if paid is not None:
        bought = _bought_tastes(belief, heard, rule, new["asked"], paid)
        belief = replace(belief, bought=bought)
    return replace(belief, age=ages)


def believed(belief: Belief, rule: Forecaster, now: float, then: float) -> Technology:
    """The technology expected in week `then`, the newest reports being of week `now`."""
    public, net = belief.public.base, belief.public.network
    noise_z, noise_y = _noise_z(belief.public)
    discount = belief.claims_z.discount(noise_z), belief.claims_y.discount(noise_y)
    log_z = _blend(belief.said_z, belief.seen_z, rule, then - now, discount)
    taste = _blend(belief.taste, belief.bought, rule, then - now)
    share, norm = public.share.copy(), public.norm.copy()
    last = _last(belief.public)
    share[last], norm[last] = tilt(net.final, share[last], norm[last], taste[net.final.good_of])
    before, after = (_announced(belief.public, week) for week in (now, then))
    return replace(
        public,
        z=public.z * np.exp(log_z),
        share=share,
        norm=norm,
        kept=public.kept * np.exp(belief.kept.level) * after[1] / before[1],
        sigma=_sigma(belief),
        supply=public.supply * np.exp(belief.supply.level) * after[0] / before[0],
    )


def _fresh(belief: Belief, heard: Inbox) -> tuple[dict[str, Bools], dict[str, Floats]]:
    """Where each kind of report is newer than when last looked at, a week ago; and its ages."""
    ages = {**heard.age.link, **heard.age.row}  # no kind stands in both
    old = {k: belief.age.get(k, np.full_like(ages[k], np.inf)) for k in KINDS if k in ages}
    later = {k: ages[k] < v + belief.public.rounds for k, v in old.items()}
    return later, {k: ages[k] for k in old}


def _noise(public: Public, kind: str) -> float:
    return public.noises.get(kind, public.noise)


def _steady(belief: Belief, heard: Inbox, new: Mapping[str, Bools]) -> Belief:
    """Follow what stands still or breaks."""
    base, value = belief.public.base, heard.value

    def track(kind: str, before: Track, said: Floats) -> Track:
        noise = np.full(len(said), _noise(belief.public, kind))
        return STEADY.update(before, *_ratio(said, getattr(base, kind), new[kind]), noise)

    return replace(
        belief,
        supply=track("supply", belief.supply, value.row["supply"]),
        sigma=track("sigma", belief.sigma, value.row["sigma"]),
        kept=track("kept", belief.kept, value.link["kept"]),
    )


def _announced(public: Public, week: float) -> tuple[Floats, Floats]:
    """Factors on supply (n,) and on what arrives (m,) that were announced for `week`."""
    past = [e for e in public.announced if e.week <= week]
    if not past:
        return np.ones(public.network.n), np.ones(public.network.m)
    return past[-1].supply, past[-1].kept


def _ratio(said: Floats, public: Floats, fresh: Bools) -> tuple[Floats, Bools]:
    """Logs of what was said over the public value, and where there is one."""
    live = fresh & (said > 0) & (public > 0)
    return np.log(np.where(live, said, 1.0) / np.where(live, public, 1.0)), live


def _productivity(
    belief: Belief, heard: Inbox, rule: Forecaster, new: Mapping[str, Bools]
) -> Belief:
    """Follow told and inferred productivity; where an audit showed both, judge the claims."""
    public, row = belief.public, heard.value.row
    audited = new.get("audited", np.zeros(public.network.n, dtype=bool))
    told, live = _ratio(row["z"], public.base.z, new["z"])
    known = replace(public.base, sigma=_sigma(belief))
    log_z = productivity(known, heard.value.link["used"], row["output"])
    made = new["output"] & np.isfinite(log_z)
    shown = np.where(made, log_z, 0.0) - np.log(public.base.z)
    both = ((told, live, _noise_z(public)[0]), (shown, made, _noise_z(public)[1]))
    tracks, claims = [], []
    for (x, ok, error), track, claim in zip(
        both, (belief.said_z, belief.seen_z), (belief.claims_z, belief.claims_y), strict=True
    ):
        claims.append(claim.found(track.level, x, audited & ok & (track.count > 0)))
        tracks.append(rule.update(track, x, ok & ~audited, error))
    return replace(
        belief, said_z=tracks[0], seen_z=tracks[1], claims_z=claims[0], claims_y=claims[1]
    )


def _noise_z(public: Public) -> tuple[Floats, Floats]:
    """(n,) s.d. of the error of told and of inferred productivity: output's and inputs' add up."""
    seen = np.hypot(_noise(public, "output"), _noise(public, "used"))
    return np.full(public.network.n, _noise(public, "z")), np.full(public.network.n, seen)


def _told_tastes(belief: Belief, heard: Inbox, rule: Forecaster, fresh: Bools) -> Track:
    """Tastes as told: mean log share of a nest's links against the public one."""
    public, last, final = belief.public, _last(belief.public), belief.public.network.final
    base = public.base.share[last]
    part = base / final.sum_goods(base)[final.good_of]
    ratio, live = _ratio(heard.value.link["share"][last], base, fresh[last])
    taste = _centred(public, final.sum_goods(part * ratio))
    whole = final.sum_goods((~live).astype(float)) == 0
    return rule.update(belief.taste, taste, whole, _nest_noise(public, "share", part))


def _bought_tastes(
    belief: Belief, heard: Inbox, rule: Forecaster, fresh: Bools, paid: Floats
) -> Track:
    """Tastes as revealed by what final users asked for at the prices they were told."""
    public, last, base = belief.public, _last(belief.public), belief.public.base
    final, home = public.network.final, public.network.households
    share, norm, kept = (getattr(base, k)[last] for k in ("share", "norm", "kept"))
    asked = np.where(fresh[last], heard.value.link["asked"][last], 0.0)
    price, bought = paid[last] * norm / (share * kept), asked * kept * share / norm
    log_a = revealed_tastes(final, share, base.sigma[home], base.eps[home], price, bought)
    live = np.isfinite(log_a)
    taste = _centred(public, np.where(live, log_a, 0.0))
    part = share / final.sum_goods(share)[final.good_of]
    return rule.update(belief.bought, taste, live, _nest_noise(public, "asked", part))


def _nest_noise(public: Public, kind: str, part: Floats) -> Floats:
    """(G,) s.d. of a nest's mean of noisy links that weigh `part` in it."""
    return np.asarray(_noise(public, kind) * np.sqrt(public.network.final.sum_goods(part**2)))


def _last(public: Public) -> slice:
    """Links of final users, which are the last ones."""
    return slice(public.network.m - public.network.final.m, None)


def _centred(public: Public, taste: Floats) -> Floats:
    """Tastes less their mean over a final user's spending: only differences matter."""
    final = public.network.final
    weight = final.sum_goods(public.base.share[_last(public)])
    mean = np.bincount(final.good_row, weights=weight * taste, minlength=final.n)
    return np.asarray(taste - mean[final.good_row])


def _blend(
    said: Track,
    seen: Track,
    rule: Forecaster,
    horizon: float,
    discount: tuple[Floats | float, Floats | float] = (0.0, 0.0),
) -> Floats:
    """What was told and what was seen, weighed by how much words leave out."""
    periods = np.full(len(said.level), horizon)
    told = rule.ahead(said, periods) - discount[0]
    shown = rule.ahead(seen, periods) - discount[1]
    both = (said.count > 0) & (seen.count > 0)
    apart = ((shown - told) ** 2)[both] - (said.error + seen.error)[both]
    unsaid = max(float(apart.mean()), 0.0) if both.any() else 0.0
    weight = np.where(both, unsaid / (unsaid + seen.error + TINY), seen.count > 0)
    return np.asarray(told + weight * (shown - told))


def _sigma(belief: Belief) -> Floats:
    """Elasticities as told; of the silent the mean of those told of their kind, else public."""
    track, kind = belief.sigma, belief.public.network.kind
    log = track.level.copy()
    for k in np.unique(kind):
        told, silent = ((kind == k) & ok for ok in (track.count > 0, track.count == 0))
        if told.any():
            log[silent] = track.level[told].mean()
    return np.asarray(belief.public.base.sigma * np.exp(log))
