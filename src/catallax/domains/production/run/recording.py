"""How much of a run is kept, and in which weeks it is looked at closely."""

from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.domains.production.economy import Economy
from catallax.domains.production.network import HOUSEHOLD, Network
from catallax.domains.production.run.contract import Contract
from catallax.errors import unknown

EVERY = 4  # weeks between looks
CLOSE = 26  # weeks after a shock in which every week is looked at


def sample_weeks(contract: Contract) -> list[int]:
    """Weeks in which efficiency is measured: every fourth, the last, 26 from each shock on."""
    last = contract.weeks - 1  # or a mechanism could starve unseen and be credited its stocks
    close = {t for s in contract.shocks for t in range(s.week, s.week + CLOSE)}
    return [t for t in range(contract.weeks) if t % EVERY == 0 or t in close or t == last]


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
