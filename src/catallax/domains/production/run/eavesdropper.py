"""What somebody who hears every message would have in hand at the end of a run.

Reports and quotes are overheard as they arrive, late and blurred by the channel; asks as they are
made, since sellers act on those themselves in the same week. Kept are means over the run's last 52
weeks of the last message of each kind, and beside them the means of the private facts that they
might give away.
"""

from collections.abc import Mapping
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.economy import Economy
from catallax.domains.production.network import Act, Network
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.world import World

Overheard = Mapping[str, tuple[Floats, Bools]]  # name -> numbers, and which of them are there

WEEKS = 52  # at the end of the run
BY_ROW = ("heard_z", "heard_price", "true_z")
BY_LINK = ("heard_share", "heard_ask", "true_share")  # of final users


@final
class RunningMean:
    """A mean of each entry over the weeks in which it is there."""

    def __init__(self, size: int) -> None:
        self.total, self.count = np.zeros(size), np.zeros(size)

    def add(self, value: Floats, there: Bools) -> None:
        """Add a week."""
        self.total += np.where(there, value, 0.0)
        self.count += there

    def value(self) -> Floats:
        """NaN where it never was."""
        some = self.count > 0
        return np.where(some, self.total / np.where(some, self.count, 1.0), np.nan)


@final
class Eavesdropper:
    """Grows in the last year of a run, in a place of fixed size.

    heard_z     : (n,) log productivity that rows reported
    heard_price : (n,) log prices that sellers quoted, over all their buyers
    heard_share : (F,) spending shares that final users reported, on their F links
    heard_ask   : (F,) what final users asked for on their links
    true_z      : (n,) log productivity less the public one of the base year
    true_share  : (F,) true spending shares at base-year prices

    NaN is what nobody said.
    """

    def __init__(self, economy: Economy) -> None:
        net = economy.network
        sizes = dict.fromkeys(BY_ROW, net.n) | dict.fromkeys(BY_LINK, net.final.m)
        self.kept = {name: RunningMean(size) for name, size in sizes.items()}

    def add(self, week: Overheard, run: int) -> None:
        """Keep a week of which `run` is this one."""
        for name, (value, there) in week.items():
            self.kept[name].add(value[run], there[run])

    def means(self) -> dict[str, Floats]:
        """All means by name."""
        return {name: mean.value() for name, mean in self.kept.items()}


def overhear(setup: Setup, world: World, act: Act) -> Overheard:
    """What can be heard of a week in which everybody has just acted; (runs, ...) of each run."""
    if world.t < setup.contract.weeks - WEEKS:
        return {}
    net, places = setup.economy.network, setup.layout.places
    rows, final = places.rows.split, places.final.split
    last = slice(net.m - net.final.m, net.m)
    told, age, truth = world.reports.inbox.value, world.reports.inbox.age, world.truth.whole
    z, base = told.row["z"], setup.public.base.z
    reported = np.isfinite(age.row["z"]) & (z > 0)
    quote, quoted = _mean_quotes(net, world)
    shared = np.isfinite(age.link["share"][last])
    row, link = np.ones((2, places.runs, 1), dtype=bool)
    return {
        "heard_z": (rows(np.log(np.where(reported, z, 1.0))), rows(reported)),
        "heard_share": (final(told.link["share"][last]), final(shared)),
        "heard_price": (rows(quote), rows(quoted)),
        "heard_ask": (final(act.ask[last]), link),
        "true_z": (np.log(rows(truth.z) / base), row),
        "true_share": (final(truth.share[last]), link),
    }


def _mean_quotes(net: Network, world: World) -> tuple[Floats, Bools]:
    """(n,) mean log quote of each seller to its buyers, and whether there is any."""
    inbox = world.quotes.inbox
    there = np.isfinite(inbox.age.link["price"])
    count = net.orders(there.astype(float))
    total = net.orders(np.where(there, np.log(inbox.value.link["price"]), 0.0))
    return total / np.maximum(count, 1.0), count > 0
