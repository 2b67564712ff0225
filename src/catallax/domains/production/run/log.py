"""The log of a run: what is kept of it while it goes on, within bounds."""

from collections.abc import Mapping, Sequence
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy, State, Week
from catallax.domains.production.knowledge import Meter
from catallax.domains.production.network import PLANT, Table
from catallax.domains.production.network.rows import counted
from catallax.domains.production.run.actions import SettledWeek
from catallax.domains.production.run.contract import Contract
from catallax.domains.production.run.eavesdropper import Eavesdropper, overhear
from catallax.domains.production.run.message_latency import MessageLatency, sum_ages_told
from catallax.domains.production.run.record import Stop
from catallax.domains.production.run.recording import Recording
from catallax.domains.production.run.series_buffer import SeriesBuffer
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.start import Start, sample_start
from catallax.domains.production.run.world import World

TOTALS = ("asked", "shipped", "held")  # of all rows of a run together
FLOWS = ("orders", "sold", "output", "spoiled", "idle")  # of a week, by row
ROWS = (*FLOWS, "price", "stock")


@final
class Log:
    """Grows week by week while a run goes on; `Run` is what it becomes.

    start : what is kept of the weeks before week 0
    ended : what was said until the end, why the run ended and details of it; None while it goes on
    """

    def __init__(self, contract: Contract, recording: Recording) -> None:
        self.economy = contract.economy
        self.rows = recording.watched(self.economy)
        self.links = recording.links(self.economy)
        self.close = recording.close(contract)
        self.goods = bool(np.any(self.economy.network.kind[self.rows] == PLANT))
        self.people = recording.households(self.economy)
        self.kept = SeriesBuffer(contract.weeks, recording.to)
        self.used: dict[int, Floats] = {}
        self.latency = MessageLatency()
        self.eavesdropper = Eavesdropper(self.economy) if self.people else None
        self.start, self.starting = Start(), frozenset(sample_start(contract))
        self.ended: tuple[Meter, Stop, str] | None = None

    def close_start(self) -> None:
        """Week 0 begins, or the run has ended before it: what was said till now stands apart."""
        if self.ended is not None:
            self.start.meter, self.ended = self.ended[0], (Meter(), *self.ended[1:])
        self.latency = self.latency.after_start()

    def share_start(self, opener: "Log") -> None:
        """Begin week 0, or end before it, as the run whose economy settled for this one."""
        self.start, self.ended = opener.start, opener.ended
        self.latency = opener.latency.after_start()

    def wants(self) -> set[str]:
        """Columns of the week to come that take a pass over links and that this log keeps."""
        wanted = {"stocks", "final"} if self.goods else set()
        if len(self.links):
            wanted.add("used")
        if len(self.kept) in self.close:
            wanted.add("arrived")
        return wanted

    def add(self, found: Mapping[str, Floats], run: int) -> None:
        """Keep what happened in a week.

        found : (runs, ...) by name, see `record_week`
        run   : which of the runs this one is
        """
        at, week = self.rows, len(self.kept)
        if week in self.close:
            self.used[week] = found["arrived"][run]
        entry: dict[str, npt.ArrayLike] = {name: found[name][run] for name in TOTALS}
        entry["use"] = found["used"][run][self.links] if len(self.links) else self.links
        entry["stocks"] = found["stocks" if self.goods else "unsold"][run][at]
        entry["final"] = found["final"][run][at] if self.goods else np.zeros(len(at))
        for name in ROWS:
            entry[name] = found[name][run][at]
        for name in ("utility", "income") if self.people else ():
            entry[name] = found[name][run]
        for name in ("aged", "fresh") if "aged" in found else ():
            entry[name] = found[name][run]
        self.kept.add(entry)

    def series(self) -> dict[str, Floats]:
        """Everything as arrays with weeks along the first axis."""
        return {**self.kept.series(), **self.latency.series()} if len(self.kept) else {}

    def sampled(self) -> dict[str, Floats]:
        """What is kept of some weeks only, as `Run` says."""
        weeks = list(self.used)
        size = len(self.economy.network.final.good_row) if weeks else 0
        heard = {} if self.eavesdropper is None else self.eavesdropper.means()
        used = np.array(list(self.used.values()), dtype=np.float64).reshape(len(weeks), size)
        found = {"weeks": np.array(weeks, dtype=np.float64), "used": used, **heard}
        return {**found, **self.start.sampled()}


def record_decision(
    setup: Setup, logs: Sequence[Log], world: World, directives: Sequence[Table | None]
) -> None:
    """Every log keeps how old the reports were on which its centre has just decided."""
    if all(directive is None for directive in directives):
        return
    sent = setup.layout.split(world.reports.sent)
    for log, mine, directive in zip(logs, sent, directives, strict=True):
        log.latency.add_decision(mine, directive, world.tick)


def record_week(
    setup: Setup, logs: Sequence[Log], before: World, settled: SettledWeek, after: State
) -> None:
    """Every log keeps what happened in a settled week, which is worked out for all at once."""
    if before.t < 0:
        _record_start(setup, logs, before.t, settled.week)
        return
    asks, found = settled.asks, _week_columns(setup, logs, before.state, settled.week, after)
    told = sum_ages_told(before.directives, setup.layout.places)
    quoted = np.array([asks.age, asks.quoted]).T
    people = any(log.people for log in logs)
    heard = overhear(setup, before, settled.act) if people else {}
    for run, log in enumerate(logs):
        log.latency.add_week(told[run], quoted[run])
        if log.eavesdropper is not None:
            log.eavesdropper.add(heard, run)
        log.add(found, run)


def _record_start(setup: Setup, logs: Sequence[Log], t: int, week: Week) -> None:
    """Every log keeps the utilities of a week before week 0, if it looks at that week."""
    for log, utility in zip(logs, setup.layout.places.households.split(week.utility), strict=True):
        if log.people and t in log.starting:
            log.start.utility[t] = np.array(utility)


def _week_columns(
    setup: Setup, logs: Sequence[Log], before: State, week: Week, after: State
) -> dict[str, Floats]:
    """Name -> (runs, ...) what logs keep; what takes a pass over links, if any of them wants it."""
    e, net, places = setup.economy, setup.economy.network, setup.layout.places
    rows, links, households = places.rows, places.links, places.households
    found = {
        "asked": rows.sums(week.orders),
        "shipped": rows.sums(week.sold),
        "held": links.sums(before.held) + links.sums(before.transit),
        "unsold": rows.split(after.stock),
        "price": rows.split(before.price),
        "stock": rows.split(before.stock),
        "utility": households.split(week.utility),
        "income": households.split(week.income),
        **{name: rows.split(getattr(week, name)) for name in FLOWS},
    }
    if week.queue is not None:
        found |= {"aged": week.queue.aged.T, "fresh": week.queue.fresh.T}
    wanted = set().union(*[log.wants() for log in logs])
    if "stocks" in wanted:
        found["stocks"] = rows.split(after.of_product(e))
        found["final"] = rows.split(_sum_final_use(e, week))
    if "used" in wanted:
        found["used"] = links.split(week.used)
    if "arrived" in wanted:
        last = slice(net.m - net.final.m, net.m)
        found["arrived"] = places.nests.split(net.final.sum_goods(week.used[last]))
    return found


def _sum_final_use(economy: Economy, week: Week) -> Floats:
    """(n,) what final users used, in units shipped of each seller's product."""
    net, first = economy.network, economy.network.m - economy.network.final.m
    units = week.used[first:] / economy.technology.kept[first:]
    return counted(net.seller[first:], units, net.n)
