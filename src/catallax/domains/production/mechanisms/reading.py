"""How a centre takes in reports: what was told and what was done, followed side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.mechanisms.belief import (
    LINKS,
    ROWS,
    STEADY,
    Belief,
    announced,
    flows,
)
from catallax.domains.production.mechanisms.elasticity import QUARTER, Slopes, mixes
from catallax.domains.production.mechanisms.evidence import (
    Ages,
    Evidence,
    blended,
    bought_tastes,
    ratio,
    told_tastes,
)
from catallax.domains.production.mechanisms.filing import Pair
from catallax.domains.production.mechanisms.inference import productivity
from catallax.domains.production.network import PLANT, Inbox, Public
from catallax.kernels.reports import find_apart
from catallax.learning import Forecaster, Track


@final
@dataclass(frozen=True)
class Reading:
    """How a centre reads what it hears.

    rule     : how series are followed
    shops    : whether final users choose for themselves, so that what they ask for tells tastes
    mixes    : whether plants do, so that what they use tells elasticities
    accounts : whether reports are held against each other
    """

    rule: Forecaster[Any]
    shops: bool = False
    mixes: bool = False
    accounts: bool = False


def listen(belief: Belief, heard: Inbox, way: Reading, tick: int, paid: Floats) -> Belief:
    """The belief after this tick's reports; audits are taken in at once, facts once a week.

    paid : (m,) prices that buyers were told
    """
    row, link = heard.age.row, heard.age.link
    ages = {k: row[k] for k in ROWS} | {k: link[k] for k in LINKS}
    belief = _audited(belief, heard, ages)
    if tick % belief.public.rounds:
        return belief
    files = belief.files.opened(heard, ages, tick)
    pair = files.pair(belief.public.network.rows)
    ages["output"] = pair.output_age
    past = float(tick - belief.tick)
    new = {k: Ages(v, belief.age[k], past) for k, v in ages.items()}
    belief = replace(belief, age=ages, tick=tick, files=files)
    if way.accounts:
        belief = _compared(belief)
    belief = _steady(belief, heard, new)
    if way.mixes and new["used"].any:
        belief = _watched(belief, heard, new["used"], paid)
    belief = _followed(belief, heard, pair, way, new, paid)
    return replace(belief, files=belief.files.closed(tick))


def _followed(
    belief: Belief,
    heard: Inbox,
    pair: Pair,
    way: Reading,
    new: Mapping[str, Ages],
    paid: Floats,
) -> Belief:
    """Follow productivity and tastes, in words and in deeds."""
    rule, ages, ground = way.rule, belief.age, belief.ground
    told = _told(belief, heard, new["z"].fresh)
    shown = _shown(belief, pair, ages["audited"], new["output"].fresh)
    said_z = rule.update(belief.said_z, told[0], told[1] & ~_honest(ages, "z"), told[2])
    seen_z = rule.update(belief.seen_z, shown[0], shown[1] & ~_honest(ages, "output"), shown[2])
    share = told_tastes(ground, heard.value.link["share"], new["share"])
    taste = rule.update(belief.taste, *share)
    belief = replace(belief, said_z=said_z, seen_z=seen_z, taste=taste)
    if not way.shops:
        return belief
    asked = bought_tastes(ground, heard.value.link["asked"], new["asked"], paid[ground.last])
    return replace(belief, bought=rule.update(belief.bought, *asked))


def _compared(belief: Belief) -> Belief:
    """Hold what sellers say against what buyers say of the same week."""
    files, books = belief.files.books()
    if books is None:
        return belief
    net = belief.public.network
    used = np.where(net.rows.linked(PLANT), books.used / belief.public.base.kept, 0.0)
    got = np.where(net.rows.linked(PLANT), 0.0, books.got)
    accounts = belief.accounts.compared(net, flows(belief, 0.0), books.output, used, got)
    return replace(belief, accounts=accounts, files=files)


def _watched(belief: Belief, heard: Inbox, new: Ages, paid: Floats) -> Belief:
    """What plants' mixes of the last week say of their elasticities."""
    net, ground = belief.public.network, belief.ground
    silent = net.rows.sum((~new.fresh).astype(float)) > 0
    spent = paid * heard.value.link["used"] / belief.public.base.kept
    watched = (net.kind == PLANT) & ~silent
    price = paid * ground.unit
    slopes = belief.slopes.seen(
        *mixes(net.rows, ground.base.share, ground.base.eps, price, spent, watched)
    )
    if (belief.week + 1) % QUARTER:
        return replace(belief, slopes=slopes)
    slopes = slopes.closed(net.rows)
    sigma = _elasticities(belief.public, belief.sigma, slopes)
    return replace(belief, slopes=slopes, elasticity=sigma)


def _steady(belief: Belief, heard: Inbox, new: Mapping[str, Ages]) -> Belief:
    """Follow what stands still or breaks, against what was announced for when it was said."""
    public, value = belief.public, heard.value

    def track(kind: str, before: Track, said: Floats) -> Track:
        if not new[kind].any:
            return before.silent
        expected = getattr(public.base, kind)
        if kind != "sigma":
            week = np.floor((belief.tick - belief.age[kind]) / public.rounds)
            expected = expected * announced(public, kind, week)
        error = np.full(len(said), belief.ground.error_of(kind))
        return STEADY.update(before, *ratio(said, expected, new[kind].fresh), error)

    sigma = track("sigma", belief.sigma, value.row["sigma"])
    return replace(
        belief,
        elasticity=(
            _elasticities(public, sigma, belief.slopes) if new["sigma"].any else belief.elasticity
        ),
        supply=track("supply", belief.supply, value.row["supply"]),
        sigma=sigma,
        kept=track("kept", belief.kept, value.link["kept"]),
    )


def _audited(belief: Belief, heard: Inbox, ages: Mapping[str, Floats]) -> Belief:
    """Judge the claims of rows whose audited report came in since the last tick."""
    fresh = ages["audited"] < belief.audited + 1.0
    if not fresh.any():
        return replace(belief, audited=ages["audited"])
    row, link = heard.value.row, heard.value.link
    pair = Pair(row["output"], link["used"], ages["output"], ages["used"])
    told, shown = _told(belief, heard, fresh), _shown(belief, pair, ages["audited"], fresh)
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
    ground = belief.ground
    return *ratio(heard.value.row["z"], ground.base.z, fresh), ground.error_told


def _shown(belief: Belief, pair: Pair, audited: Floats, fresh: Bools) -> Evidence:
    """Productivity (n,) as inferred where inputs and output are of one report."""
    ground, rows = belief.ground, belief.public.network.rows
    used, output = _unpadded(belief, pair, audited)
    log_z = productivity(ground.base, used, output, belief.elasticity)
    made = fresh & np.isfinite(log_z) & ~find_apart(rows, pair.used_age, pair.output_age)
    return np.where(made, log_z, 0.0) - ground.log_z, made, ground.error_shown


def _unpadded(belief: Belief, pair: Pair, audited: Floats) -> tuple[Floats, Floats]:
    """Inputs used (m,) and output (n,) as said, less what accounts find wrong with all of them."""
    used, output, books = pair.used, pair.output, belief.accounts
    if not books.contradicted:
        return used, output
    honest = _honest({"audited": audited, "output": pair.output_age}, "output")
    needs = np.where(honest, 1.0, np.exp(-books.padding))
    return (
        used * belief.public.network.rows.spread(needs),
        output * np.where(honest, 1.0, np.exp(-books.hiding)),
    )


def _elasticities(public: Public, track: Track, slopes: Slopes) -> Floats:
    """Elasticities (n,): as told, of the silent the mean of those told of their kind, else public;
    and as plants' mixes show them, as far as words leave something out."""
    kind, log = public.network.kind, track.level.copy()
    for k in np.unique(kind):
        told, silent = ((kind == k) & ok for ok in (track.count > 0, track.count == 0))
        if told.any():
            log[silent] = track.level[told].mean()
    shown = slopes.level - np.log(public.base.sigma)
    return np.asarray(public.base.sigma * np.exp(blended((track, log), (slopes, shown))))
