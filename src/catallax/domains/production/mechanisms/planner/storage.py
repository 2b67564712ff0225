"""Stocks that a plan lays up before an announced shortage, and draws on after it.

**What an event will change.** Two optima are compared: of what is believed of the present, and of
the same with the flows and losses that are announced for after the next event. Their prices and
uses say which products are worth storing and, as an arc elasticity of everything together, how use
gives way to price.

**What to store.** Rational storage (Gustafson 1958; Williams & Wright 1991; Deaton & Laroque 1992):
while a stock is held its price rises by what spoils of it, so that a unit kept is worth a unit
sold; where the price would have to rise faster more is stored, where it rises slower all is sold.
With p and x the price and the weekly use of a product over the present ones and e the elasticity
between them,

    log p(t) = level + growth t, at most the log price at which nothing is in store
    x(t)     = exp(-e log p(t))
    stock    = sum over weeks of what is used beyond what is made, each week's with what of it
               would spoil until then

and the last line settles the level, anew every week from the stock then reported.

Only what is made *of* the scarce thing is worth storing. What is made of that in turn is not: as
long as there is a stock its price rises by a part of the stock's, which does not pay for what
spoils. The plan itself is the optimum given what goes into store, so that everything answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.mechanisms.competitive_storage import price_growth, settle_level
from catallax.domains.production.network import PLANT, Event, Inbox, Public, Technology
from catallax.domains.production.optimum import Optimum, Settled, solve

REVIEW = 13  # weeks between reviews of what an event will change
TOL = 1e-7  # of the optima that are compared
LEAST = 1e-6  # log price that counts as one


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
    def start(public: Public) -> "Outlook":
        """Nothing is in sight or in store."""
        zero = np.zeros(public.network.n)
        return Outlook(-1, -REVIEW, zero, zero + 1.0, zero, zero, zero)

    def at(self, week: float) -> "Outlook":
        """The same in `week`: what was to come is the present once its event is there."""
        if week < self.event or not self.rise.any():
            return self
        one = np.ones_like(self.use)
        return replace(self, use=self.use * self.ratio, ratio=one, rise=0.0 * one)


def review_outlook(
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
    then = _expect_after(known, public.announced, ahead[0], week)
    near = old.after if old.event == ahead[0].week else now
    both = [solve(t, public.income, start=s, tol=TOL) for t, s in ((known, now), (then, near))]
    if any(best.stop is not Settled.CONVERGED for best in both):
        return old
    return _compare_optima(old, public, both, ahead[0].week, int(week))


def _expect_after(
    known: Technology, events: Sequence[Event], coming: Event, week: float
) -> Technology:
    """What is believed of `week`, with the flows and losses that are announced for the event."""
    supply, kept = coming.supply, coming.kept
    for present in [e for e in events if e.week <= week][-1:]:
        supply, kept = supply / present.supply, kept / present.kept
    return replace(known, supply=known.supply * supply, kept=known.kept * kept)


def _compare_optima(
    old: Outlook, public: Public, both: Sequence[Optimum], event: int, week: int
) -> Outlook:
    """The outlook that follows from the optima before and after the event."""
    before, after = both
    made = before.target > 0
    ratio = np.where(made, after.target, 1.0) / np.where(made, before.target, 1.0)
    rise = np.log(after.price / before.price)
    scarcer = _find_scarcer(before.technology, after.technology)
    worth = scarcer & (rise > price_growth(public.decay)) & (ratio < 1.0)
    rise = np.where(worth, rise, 0.0)
    arc = -np.log(np.where(worth, ratio, 1.0)) / np.where(worth, rise, 1.0)
    elasticity = np.where(worth, arc, old.elasticity)
    return Outlook(event, week, before.target, ratio, rise, elasticity, old.put, after)


def _find_scarcer(before: Technology, after: Technology) -> Bools:
    """(n,) plants that get less of an input itself, not of what is made of it."""
    net = before.network
    less = (after.supply < before.supply)[net.seller] | (after.kept < before.kept)
    hit = np.zeros(net.n, dtype=bool)
    hit[net.buyer[less]] = True
    return np.asarray(hit & (net.kind == PLANT))


def estimate_stocks(
    outlook: Outlook, public: Public, heard: Inbox, lead: float, hiding: float = 0.0
) -> Floats:
    """(n,) units in store `lead` weeks from now beyond what was made last; NaN where none are told.

    Between the report and then the last plan is taken to have been carried out.

    hiding : log factor by which what plants say of stocks and output is off
    """
    row, age = heard.value.row, heard.age.row["stock"] / public.rounds
    told = np.isfinite(age) & (public.network.kind == PLANT)
    past = np.where(told, age, 0.0) + lead
    reported = (row["stock"] - row["output"]) * np.exp(-hiding)
    found = (reported + past * outlook.put) * (1.0 - public.decay) ** past
    return np.asarray(np.where(told, np.maximum(found, 0.0), np.nan))


def plan_sales(
    outlook: Outlook,
    public: Public,
    held: Floats,
    week: float,
    horizon: int,
    lag: float,
) -> Floats:
    """(n,) what is to be sold of each product over what is made of it, in `week`.

    Exactly 1 where nothing is in store, or no more than can be sold in that week.

    held : (n,) units in store, NaN where unknown
    lag  : weeks by which buyers are late in following a price that rises steadily
    """
    known = (outlook.elasticity > 0) & (outlook.use > 0) & np.isfinite(held)
    stock = np.where(known, held, 0.0) / np.where(known, outlook.use, 1.0)
    e, decay = np.where(known, outlook.elasticity, 1.0), public.decay
    price = np.zeros(public.network.n)
    i = np.flatnonzero(stock > 0)
    price[i] = settle_level(stock[i], 0.0, np.ones(len(i)), e[i], decay[i], horizon)
    step = np.maximum(price_growth(decay), LEAST)
    idle = price >= -step
    i = np.flatnonzero(known & (outlook.rise > 0))
    if i.size:
        # What is made in the week of the event is sold in the next.
        weeks = min(np.ceil(outlook.event + 1 - week), float(horizon))
        build = settle_level(stock[i], weeks, outlook.ratio[i], e[i], decay[i], horizon)
        build = np.minimum(build + price_growth(decay[i]) * lag, outlook.rise[i])
        price[i] = np.maximum(price[i], build)
    idle &= price <= step
    return np.asarray(np.exp(-e * np.where(idle, 0.0, price)))


def add_store(t: Technology, part: Floats) -> Technology:
    """`t` where plants sell `part` (n,) of what they make, and the store buys the rest or sells.

    Who ships 1 on a link serves `part` of an order and is paid for 1 by whoever orders that much
    at the price: the rest is paid by the store, so it stands as a duty of `part` - 1.
    """
    if np.all(part == 1.0):
        return t
    link = part[t.network.seller]
    return replace(t, kept=t.kept * link, tariff=(1.0 + t.tariff) * link - 1.0)


def plan_orders(share: Floats, taut: float) -> Floats:
    """(n,) what the plan is to sell for `share` to be ordered, where orders exceed it by `taut`.

    Where more is to be sold than is made, orders beyond the plan bring some of it out of store.
    """
    part = share / (1.0 + taut)
    return np.asarray(np.where(share < 1.0, part, np.maximum(part, 1.0)))
