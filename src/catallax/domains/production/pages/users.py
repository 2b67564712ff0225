"""Who cut the use of the scarce products by how much, against their own elasticity."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.economy import Economy
from catallax.domains.production.measures.scarcity import scarce_goods
from catallax.domains.production.tracing import CUT, SIGMA, USERS
from catallax.show.charts import Band, average_paths
from catallax.study import Comparison


@final
@dataclass(frozen=True, eq=False)
class Users:
    """The plants that use the scarce products.

    rows  : (k,) their rows
    names : k names
    sigma : (k,) elasticity of substitution
    use   : (k,) base-year use of the scarce products, money a week
    cut   : mechanism -> mean cut (k,) in per cent, with its interval over seeds
    """

    rows: Ints
    names: tuple[str, ...]
    sigma: Floats
    use: Floats
    cut: Mapping[str, Band]

    @property
    def biggest(self) -> list[int]:
        """Positions of the users, most base-year use first."""
        return [int(k) for k in np.argsort(-self.use, kind="stable")]


def users(comparison: Comparison) -> Users | None:
    """Who used the scarce products, in every mechanism that ran to its end; None if nobody."""
    found = {
        m: [o.trace.vectors for o in outcomes if len(o.trace.vectors.get(USERS, ()))]
        for m, outcomes in sorted(
            comparison.outcomes.items(), key=lambda x: comparison.oracle(x[0])
        )
    }
    found = {m: vectors for m, vectors in found.items() if vectors}
    if not found:
        return None
    first = next(iter(found.values()))[0]
    rows, sigma = first[USERS].astype(np.int64), first[SIGMA]
    economy = comparison.contract.economy
    return Users(
        rows,
        tuple(plant_name(economy, int(i)) for i in rows),
        sigma,
        _base_use(economy, scarce_goods(comparison.contract), rows),
        {
            m: average_paths(sigma, np.array([_percent(v[CUT]) for v in vs]))
            for m, vs in found.items()
        },
    )


def plant_name(economy: Economy, row: int) -> str:
    """What a plant makes, and its own name where that says more."""
    net = economy.network
    product, own = net.products[net.product[row]], net.names[row]
    return own if product in own else f"{product} ({own})"


def rank_correlation(x: Floats, y: Floats) -> float | None:
    """Spearman's rank correlation; None where either never varies or there are too few."""
    there = np.isfinite(x) & np.isfinite(y)
    a, b = _ranks(x[there]), _ranks(y[there])
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _percent(logs: Floats) -> Floats:
    """Cut in per cent of the twin's use; NaN where the twin used nothing."""
    cut = 100.0 * (1.0 - np.exp(logs))
    return np.where(np.isfinite(cut), cut, np.nan)


def _base_use(economy: Economy, goods: tuple[str, ...], rows: Ints) -> Floats:
    net = economy.network
    wanted = np.isin(net.good, [net.products.index(g) for g in goods])
    return net.rows.sum(economy.flow * wanted)[rows]


def _ranks(x: Floats) -> Floats:
    """Ranks, equal values sharing theirs."""
    _, which, count = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2.0)[which])
