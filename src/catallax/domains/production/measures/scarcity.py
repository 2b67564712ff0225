"""What becomes of a scarce thing: its price, and who makes do with less of it."""

from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy, find_rate
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.network import PLANT
from catallax.domains.production.run import Contract, Run

LAST = 26  # weeks at the end over which use is compared
MOST = 3  # products that are imported most
IMPORTS = "imports"


def find_scarcity_price(run: Run, resource: str) -> Floats:
    """(weeks,) price of `resource`, or of `IMPORTS`, over the wage; labour is the first row."""
    if resource == IMPORTS:
        return find_import_price(run)
    wage = run.contract.economy.network.names[0]
    return np.asarray(run.row(resource, "price") / run.row(wage, "price"))


def find_optimum_price(assessed: Assessed, resource: str) -> Floats:
    """(k,) the same of the first best at the sampled weeks; it knows no tariff."""
    if resource == IMPORTS:
        return find_optimum_import_price(assessed)
    row = assessed.run.contract.economy.network.row(resource)
    return np.asarray(assessed.price[:, row] / assessed.price[:, 0])


def find_import_price(run: Run) -> Floats:
    """(weeks,) price of imports over the wage as buyers pay it, domestic tariff included.

    The mean of log prices, weighted by base-year value, over the imports that were recorded.
    """
    contract = run.contract
    rows, weight = _weigh_imports(contract.economy, run.rows)
    wage = run.row(contract.economy.network.names[0], "price")
    at = np.searchsorted(run.rows, rows)
    rates = [find_rate(contract.shocks, "domestic", t) for t in range(len(wage))]
    return np.asarray(
        _average_prices(run.series["price"][:, at], weight) * (1.0 + np.array(rates)) / wage
    )


def find_optimum_import_price(assessed: Assessed) -> Floats:
    """(k,) the same of the first best at the sampled weeks, without a tariff."""
    rows, weight = _weigh_imports(assessed.run.contract.economy, assessed.run.rows)
    return np.asarray(_average_prices(assessed.price[:, rows], weight) / assessed.price[:, 0])


def _weigh_imports(
    economy: Economy, recorded: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The import plants among the recorded rows and their shares in base-year imports."""
    rows = np.intersect1d(np.flatnonzero(economy.abroad), recorded)
    return rows, economy.output[rows] / economy.output[rows].sum()


def _average_prices(price: Floats, weight: Floats) -> Floats:
    return np.asarray(np.exp(np.log(price) @ weight))


def list_products_made_from(economy: Economy, resource: str) -> tuple[str, ...]:
    """Names of the products whose plants buy `resource`."""
    net = economy.network
    makers = net.buyer[net.seller == net.row(resource)]
    return tuple(sorted({net.products[net.product[i]] for i in makers if net.kind[i] == PLANT}))


def list_most_traded(economy: Economy, kind: str) -> tuple[str, ...]:
    """Names of the products exported ("foreign") or imported ("domestic") most, at most three."""
    net = economy.network
    traded = economy.exports if kind == "foreign" else economy.imports
    value = np.bincount(net.good, weights=economy.flow * traded, minlength=len(net.products))
    most = np.argsort(-value, kind="stable")[:MOST]
    return tuple(net.products[g] for g in most if value[g] > 0)


def list_scarce_goods(contract: Contract) -> tuple[str, ...]:
    """Names of the products that a shock makes scarce.

    Those made from a resource that it hits; under a tariff of either kind the products that are
    imported most, since fewer exports buy fewer imports.
    """
    economy, found = contract.economy, set[str]()
    for reach in (s.reach() for s in contract.shocks):
        for resource in reach.resources:
            found |= set(list_products_made_from(economy, resource))
        if reach.border:
            found |= set(list_most_traded(economy, "domestic"))
    return tuple(sorted(found))


def list_telling_prices(contract: Contract) -> tuple[str, ...]:
    """Whose prices tell of the shocks, each once: resources that are hit, and `IMPORTS`."""
    reached = [s.reach() for s in contract.shocks]
    names = [n for r in reached for n in (*r.resources, *[IMPORTS] * bool(r.border))]
    return tuple(dict.fromkeys(names))


@final
@dataclass(frozen=True, eq=False)
class Cuts:
    """Who cut the use of a good by how much.

    users : (k,) rows of plants that use it
    sigma : (k,) their elasticity of substitution
    cut   : (k,) log of use in the last 26 weeks over the twin's; negative is a cut
    """

    users: npt.NDArray[np.int64]
    sigma: Floats
    cut: Floats


def find_cuts(shocked: Run, twin: Run) -> Cuts:
    """Cuts of each plant that uses the goods that both runs recorded, from all suppliers.

    Plants that use none at the end of either run are left out, and under a tariff those of the
    rest of the world, which use exports.
    """
    economy = shocked.contract.economy
    net = economy.network
    buyer = net.buyer[shocked.links]
    tariff = any(s.reach().border for s in shocked.contract.shocks)
    looked_at = (net.kind == PLANT) & ~(economy.abroad & tariff)
    users = np.unique(buyer[looked_at[buyer]]).astype(np.int64)
    with_shock, without = (
        _average_late_use(r.series["use"], buyer, users) for r in (shocked, twin)
    )
    some = (with_shock > 0) & (without > 0)
    cut = np.log(with_shock[some] / without[some])
    return Cuts(users[some], economy.technology.sigma[users[some]], cut)


def _average_late_use(
    use: Floats, buyer: npt.NDArray[np.int64], users: npt.NDArray[np.int64]
) -> Floats:
    late = np.asarray(use)[-LAST:].mean(axis=0)
    return np.array([late[buyer == i].sum() for i in users])
