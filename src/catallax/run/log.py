"""What is kept of a run while it goes on, within bounds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.economy import Economy, State, Week
from catallax.errors import unknown
from catallax.network import HOUSEHOLD, PLANT, Floats, Network, Table
from catallax.network.rows import counted
from catallax.run.ages import Ages
from catallax.run.contract import Contract
from catallax.run.deeds import Dealt
from catallax.run.kept import Kept
from catallax.run.overheard import Overheard
from catallax.run.samples import sample_weeks
from catallax.run.world import World

Series = npt.NDArray[np.float64]


@final
@dataclass(frozen=True)
class Recording:
    """How much to keep; it changes no result.

    rows  : series of every row are kept up to this many rows; above it only of endowments, of
            sellers of `goods` and, if there are no more than this of them, of households
    goods : names of products whose use on every link is kept
    weeks : weeks in which final users' use is kept by good; None for those of `sample_weeks`, and
            for none where households are more than `rows`
    to    : an empty or missing folder in which series grow week by week instead of in memory;
            `Run.series` then reads them there
    """

    rows: int = 2000
    goods: tuple[str, ...] = ()
    weeks: tuple[int, ...] | None = None
    to: Path | str | None = None

    def watched(self, economy: Economy) -> npt.NDArray[np.int64]:
        """Rows whose series are kept."""
        net = economy.network
        if net.n <= self.rows:
            return np.arange(net.n)
        keep = np.isin(net.product, self._goods(net)) | (np.arange(net.n) < net.endowments.stop)
        return np.flatnonzero(keep | ((net.kind == HOUSEHOLD) & self.households(economy)))

    def households(self, economy: Economy) -> bool:
        """Whether what each household has is kept."""
        return len(economy.income) <= self.rows

    def links(self, economy: Economy) -> npt.NDArray[np.int64]:
        """Links whose use is kept."""
        net = economy.network
        return np.flatnonzero(np.isin(net.good, self._goods(net))) if self.goods else np.arange(0)

    def close(self, contract: Contract) -> frozenset[int]:
        """Weeks in which final users' use is kept by good."""
        if self.weeks is not None:
            return frozenset(self.weeks)
        return frozenset(sample_weeks(contract) if self.households(contract.economy) else ())

    def _goods(self, net: Network) -> list[int]:
        for good in self.goods:
            if good not in net.products:
                raise unknown("product", good, net.products)
        return [net.products.index(g) for g in self.goods]


@final
class Log:
    """Grows week by week while a run goes on; `Run` is what it becomes."""

    def __init__(self, contract: Contract, recording: Recording) -> None:
        self.economy = contract.economy
        self.rows = recording.watched(self.economy)
        self.links = recording.links(self.economy)
        self.close = recording.close(contract)
        self.goods = bool(np.any(self.economy.network.kind[self.rows] == PLANT))
        self.people = recording.households(self.economy)
        self.kept = Kept(contract.weeks, recording.to)
        self.used: dict[int, Series] = {}
        self.ages = Ages()
        self.overheard = Overheard(contract) if self.people else None

    def decided(self, world: World, directive: Table | None) -> None:
        """Keep how old the reports were on which the centre has just decided."""
        self.ages.decided(world, directive)

    def add(self, world: World, dealt: Dealt, after: State) -> None:
        """Keep what happened in a week that began in `world` and left `after`."""
        self.ages.acted(dealt.told, dealt.asks)
        if self.overheard is not None:
            self.overheard.acted(world, dealt.deed)
        self._settled(world.state, dealt.week, after)

    def _settled(self, state: State, week: Week, after: State) -> None:
        net, r = self.economy.network, self.rows
        last = slice(net.m - net.final.m, net.m)
        if len(self.kept) in self.close:
            self.used[len(self.kept)] = net.final.sum_goods(week.used[last])
        entry: dict[str, Any] = {
            "asked": week.orders.sum(),
            "shipped": week.sold.sum(),
            "held": state.held.sum() + state.transit.sum(),
            "use": week.used[self.links] if len(self.links) else self.links,
            "stocks": after.of_product(self.economy)[r] if self.goods else after.stock[r],
            "final": self._final(week)[r] if self.goods else np.zeros(len(r)),
        }
        if self.people:
            entry["utility"], entry["income"] = week.utility, week.income
        if week.queue is not None:
            entry["aged"], entry["fresh"] = week.queue.aged, week.queue.fresh
        for name in ("orders", "sold", "output", "spoiled"):
            entry[name] = getattr(week, name)[r]
        entry["price"], entry["stock"] = state.price[r], state.stock[r]
        self.kept.add(entry)

    def _final(self, week: Week) -> Floats:
        """(n,) what final users used, in units shipped of each seller's product."""
        net, first = self.economy.network, self.economy.network.m - self.economy.network.final.m
        units = week.used[first:] / self.economy.technology.kept[first:]
        return counted(net.seller[first:], units, net.n)

    def series(self) -> dict[str, Series]:
        """Everything as arrays with weeks along the first axis."""
        return {**self.kept.series(), **self.ages.series()} if len(self.kept) else {}

    def sampled(self) -> dict[str, Series]:
        """What is kept of some weeks only, as `Run` says."""
        weeks = list(self.used)
        size = len(self.economy.network.final.good_row) if weeks else 0
        heard = {} if self.overheard is None else self.overheard.means()
        used = np.array(list(self.used.values()), dtype=np.float64).reshape(len(weeks), size)
        return {"weeks": np.array(weeks, dtype=np.float64), "used": used, **heard}
