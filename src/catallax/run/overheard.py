"""What somebody who hears every message would have in hand at the end of a run.

Reports and quotes are overheard as they arrive, late and blurred by the channel; asks as they are
made, since sellers act on those themselves in the same week. Kept are means over the run's last 52
weeks of the last message of each kind, and beside them the means of the private facts that they
might give away.
"""

from typing import final

import numpy as np
import numpy.typing as npt

from catallax.knowledge import public_technology
from catallax.network import Act, Floats
from catallax.run.contract import Contract
from catallax.run.world import World

Flags = npt.NDArray[np.bool_]

WEEKS = 52  # at the end of the run


@final
class _Mean:
    """A running mean of each entry over the weeks in which it is there."""

    def __init__(self, size: int) -> None:
        self.total, self.count = np.zeros(size), np.zeros(size)

    def add(self, value: Floats, there: Flags) -> None:
        self.total += np.where(there, value, 0.0)
        self.count += there

    def value(self) -> Floats:
        """NaN where it never was."""
        some = self.count > 0
        return np.where(some, self.total / np.where(some, self.count, 1.0), np.nan)


@final
class Overheard:
    """Grows in the last year of a run, in a place of fixed size.

    heard_z     : (n,) log productivity that rows reported
    heard_price : (n,) log prices that sellers quoted, over all their buyers
    heard_share : (F,) spending shares that final users reported, on their F links
    heard_ask   : (F,) what final users asked for on their links
    true_z      : (n,) log productivity less the public one of the base year
    true_share  : (F,) true spending shares at base-year prices

    NaN is what nobody said.
    """

    def __init__(self, contract: Contract) -> None:
        net = contract.economy.network
        self.base = public_technology(contract.economy.technology)
        self.first = max(contract.weeks - WEEKS, 0)
        self.final = slice(net.m - net.final.m, net.m)
        rows, links = ("heard_z", "heard_price", "true_z"), ("heard_share", "heard_ask")
        sizes = dict.fromkeys(rows, net.n) | dict.fromkeys((*links, "true_share"), net.final.m)
        self.kept = {name: _Mean(size) for name, size in sizes.items()}

    def acted(self, world: World, deed: Act) -> None:
        """Everybody has just acted, and nature accepted it."""
        if world.t < self.first:
            return
        truth, always = world.truth.whole, np.array(True)
        told, age = world.reports.inbox.value, world.reports.inbox.age
        z = told.row["z"]
        reported = np.isfinite(age.row["z"]) & (z > 0)
        shared = np.isfinite(age.link["share"])
        self._add("heard_z", np.log(np.where(reported, z, 1.0)), reported)
        self._add("heard_share", told.link["share"][self.final], shared[self.final])
        self._add("heard_price", *self._prices(world))
        self._add("heard_ask", deed.ask[self.final], always)
        self._add("true_z", np.log(truth.z / self.base.z), always)
        self._add("true_share", truth.share[self.final], always)

    def _add(self, name: str, value: Floats, there: Flags) -> None:
        self.kept[name].add(value, there)

    def _prices(self, world: World) -> tuple[Floats, Flags]:
        """(n,) mean log quote of each seller to its buyers, and whether there is any."""
        net, inbox = self.base.network, world.quotes.inbox
        there = np.isfinite(inbox.age.link["price"])
        count = net.orders(there.astype(float))
        total = net.orders(np.where(there, np.log(inbox.value.link["price"]), 0.0))
        return total / np.maximum(count, 1.0), count > 0

    def means(self) -> dict[str, Floats]:
        """All means by name."""
        return {name: mean.value() for name, mean in self.kept.items()}
