"""What is kept of a run while it goes on, within bounds."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.economy import Economy, State, Week
from catallax.errors import unknown
from catallax.network import Floats, Network, Table
from catallax.run.ages import Ages
from catallax.run.contract import Contract
from catallax.run.deeds import Dealt
from catallax.run.overheard import Overheard
from catallax.run.samples import sample_weeks
from catallax.run.world import World

Series = npt.NDArray[np.float64]


@final
@dataclass(frozen=True)
class Recording:
    """How much to keep; it changes no result.

    rows  : series of every row are kept up to this many rows; above it only of watched rows
    goods : names of products whose use on every link is kept
    weeks : weeks in which final users' use is kept by good; None for those of `sample_weeks`
    """

    rows: int = 2000
    goods: tuple[str, ...] = ()
    weeks: tuple[int, ...] | None = None

    def watched(self, economy: Economy) -> npt.NDArray[np.int64]:
        """Rows whose series are kept."""
        net = economy.network
        if net.n <= self.rows:
            return np.arange(net.n)
        keep = np.isin(net.product, self._goods(net)) | (np.arange(net.n) < net.endowments.stop)
        return np.flatnonzero(keep | (net.kind == 2))

    def links(self, economy: Economy) -> npt.NDArray[np.int64]:
        """Links whose use is kept."""
        net = economy.network
        return np.flatnonzero(np.isin(net.good, self._goods(net)))

    def close(self, contract: Contract) -> frozenset[int]:
        """Weeks in which final users' use is kept by good."""
        return frozenset(sample_weeks(contract) if self.weeks is None else self.weeks)

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
        self.weeks: list[dict[str, Any]] = []
        self.used: dict[int, Series] = {}
        self.ages, self.overheard = Ages(), Overheard(contract)

    def decided(self, world: World, directive: Table | None) -> None:
        """Keep how old the reports were on which the centre has just decided."""
        self.ages.decided(world, directive)

    def add(self, world: World, dealt: Dealt, after: State) -> None:
        """Keep what happened in a week that began in `world` and left `after`."""
        self.ages.acted(dealt.told, dealt.asks)
        self.overheard.acted(world, dealt.deed)
        self._settled(world.state, dealt.week, after)

    def _settled(self, state: State, week: Week, after: State) -> None:
        net, r = self.economy.network, self.rows
        last = slice(net.m - net.final.m, net.m)
        if len(self.weeks) in self.close:
            self.used[len(self.weeks)] = net.final.sum_goods(week.used[last])
        entry: dict[str, Any] = {
            "utility": week.utility,
            "income": week.income,
            "asked": week.asked.sum(),
            "shipped": week.shipped.sum(),
            "held": state.held.sum() + state.transit.sum(),
            "use": week.used[self.links],
            "stocks": (after.stock + week.stored + _on_the_way(net, after))[r],
            "final": week.final[r],
        }
        if week.queue is not None:
            entry["aged"], entry["fresh"] = week.queue.aged, week.queue.fresh
        for name in ("orders", "sold", "output", "spoiled"):
            entry[name] = getattr(week, name)[r]
        entry["price"], entry["stock"] = state.price[r], state.stock[r]
        self.weeks.append(entry)

    def series(self) -> dict[str, Series]:
        """Everything as arrays with weeks along the first axis."""
        if not self.weeks:
            return {}
        weekly = {k: np.array([w[k] for w in self.weeks], dtype=np.float64) for k in self.weeks[0]}
        return weekly | self.ages.series()

    def sampled(self) -> dict[str, Series]:
        """What is kept of some weeks only, as `Run` says."""
        weeks, size = list(self.used), len(self.economy.network.final.good_row)
        used = np.array(list(self.used.values()), dtype=np.float64).reshape(len(weeks), size)
        return {"weeks": np.array(weeks, dtype=np.float64), "used": used, **self.overheard.means()}


def _on_the_way(net: Network, state: State) -> Floats | float:
    return net.orders(state.transit.sum(axis=0)) if len(state.transit) else 0.0
