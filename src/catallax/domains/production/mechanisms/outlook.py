"""What announced events will change, as far as a plan can prepare for it.

Two optima are compared: of what is believed of the present, and of the same with the flows and
losses that are announced for after the next event. Their prices and uses say which products are
worth storing and, as an arc elasticity of everything together, how use gives way to price.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.network import PLANT, Event, Public, Technology
from catallax.domains.production.optimum import Optimum, Settled, solve

REVIEW = 13  # weeks between reviews of what an event will change
TOL = 1e-7  # of the optima that are compared


@final
@dataclass(frozen=True, eq=False)
class Outlook:
    """What the next event changes, and what was last put into store.

    event      : its week; -1: none was in sight yet
    seen       : week of the last review
    use        : (n,) weekly use of each product at present if nothing is stored, units; 0: unknown
    ratio      : (n,) use after the event over use at present
    rise       : (n,) log price after the event over the present one, of what is worth storing for
                 it; 0 elsewhere
    elasticity : (n,) with which use falls as the price rises, of what is or was worth storing;
                 0 elsewhere
    put        : (n,) units that the last plan put into store a week; negative: took out of it
    after      : the optimum after the event, at which the next review begins
    """

    event: int
    seen: int
    use: Floats
    ratio: Floats
    rise: Floats
    elasticity: Floats
    put: Floats
    after: Optimum | None = None

    @staticmethod
    def none(public: Public) -> "Outlook":
        """Nothing is in sight or in store."""
        zero = np.zeros(public.network.n)
        return Outlook(-1, -REVIEW, zero, zero + 1.0, zero, zero, zero)

    def at(self, week: float) -> "Outlook":
        """The same in `week`: what was to come is the present once its event is there."""
        if week < self.event or not self.rise.any():
            return self
        one = np.ones_like(self.use)
        return replace(self, use=self.use * self.ratio, ratio=one, rise=0.0 * one)


def reviewed(
    old: Outlook, public: Public, known: Technology, now: Optimum | None, week: float, horizon: int
) -> Outlook:
    """The outlook in `week`, made anew when the last review of the next event is long ago.

    known   : what is believed of that week
    now     : an optimum of something like it, to start from
    horizon : weeks beyond which events are not looked at
    """
    old = old.at(week)
    ahead = [e for e in public.announced if week < e.week <= week + horizon]
    if not ahead or (old.event == ahead[0].week and week < old.seen + REVIEW):
        return old
    then = _changed(known, public.announced, ahead[0], week)
    near = old.after if old.event == ahead[0].week else now
    both = [solve(t, public.income, start=s, tol=TOL) for t, s in ((known, now), (then, near))]
    if any(best.stop is not Settled.CONVERGED for best in both):
        return old
    return _compared(old, public, both, ahead[0].week, int(week))


def _changed(known: Technology, events: Sequence[Event], coming: Event, week: float) -> Technology:
    """What is believed of `week`, with the flows and losses that are announced for the event."""
    supply, kept = coming.supply, coming.kept
    for present in [e for e in events if e.week <= week][-1:]:
        supply, kept = supply / present.supply, kept / present.kept
    return replace(known, supply=known.supply * supply, kept=known.kept * kept)


def _compared(
    old: Outlook, public: Public, both: Sequence[Optimum], event: int, week: int
) -> Outlook:
    """The outlook that follows from the optima before and after the event."""
    before, after = both
    made = before.target > 0
    ratio = np.where(made, after.target, 1.0) / np.where(made, before.target, 1.0)
    rise = np.log(after.price / before.price)
    scarcer = _scarcer(before.technology, after.technology)
    worth = scarcer & (rise > growth(public.decay)) & (ratio < 1.0)
    rise = np.where(worth, rise, 0.0)
    arc = -np.log(np.where(worth, ratio, 1.0)) / np.where(worth, rise, 1.0)
    elasticity = np.where(worth, arc, old.elasticity)
    return Outlook(event, week, before.target, ratio, rise, elasticity, old.put, after)


def _scarcer(before: Technology, after: Technology) -> Bools:
    """(n,) plants that get less of an input itself, not of what is made of it."""
    net = before.network
    less = (after.supply < before.supply)[net.seller] | (after.kept < before.kept)
    hit = np.zeros(net.n, dtype=bool)
    hit[net.buyer[less]] = True
    return np.asarray(hit & (net.kind == PLANT))


def growth(decay: Floats) -> Floats:
    """Log points by which the price of what is in store rises a week, if `decay` of it spoils."""
    return np.asarray(-np.log1p(-decay))
