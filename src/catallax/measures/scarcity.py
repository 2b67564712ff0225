"""What becomes of a scarce thing: its price, and who makes do with less of it."""

from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.economy import Economy, Shock
from catallax.measures.assess import Assessed
from catallax.network import PLANT, Floats
from catallax.run import Contract, Run

LAST = 26  # weeks at the end over which use is compared


def scarcity_price(run: Run, resource: str) -> Floats:
    """(weeks,) price of `resource` relative to the wage; the first endowment is labour."""
    wage = run.contract.economy.network.names[0]
    return np.asarray(run.row(resource, "price") / run.row(wage, "price"))


def optimum_price(assessed: Assessed, resource: str) -> Floats:
    """(k,) the same of the optimum at the sampled weeks."""
    row = assessed.run.contract.economy.network.row(resource)
    return np.asarray(assessed.price[:, row] / assessed.price[:, 0])


def made_from(economy: Economy, resource: str) -> tuple[str, ...]:
    """Names of the products whose plants buy `resource`."""
    net = economy.network
    makers = net.buyer[net.seller == net.row(resource)]
    return tuple(sorted({net.products[net.product[i]] for i in makers if net.kind[i] == PLANT}))


def scarce_goods(contract: Contract) -> tuple[str, ...]:
    """Names of the products made from any resource that a shock hits."""
    hit = [s.resource for s in contract.shocks if isinstance(s, Shock)]
    found = {g for resource in hit for g in made_from(contract.economy, resource)}
    return tuple(sorted(found))


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


def cuts(shocked: Run, twin: Run) -> Cuts:
    """Cuts of each plant that uses the goods that both runs recorded, from all suppliers.

    Plants that use none at the end of either run are left out.
    """
    economy = shocked.contract.economy
    net = economy.network
    buyer = net.buyer[shocked.links]
    users = np.array([i for i in np.unique(buyer) if net.kind[i] == PLANT], dtype=np.int64)
    with_shock, without = (_late_use(r.series["use"], buyer, users) for r in (shocked, twin))
    some = (with_shock > 0) & (without > 0)
    cut = np.log(with_shock[some] / without[some])
    return Cuts(users[some], economy.technology.sigma[users[some]], cut)


def _late_use(use: Floats, buyer: npt.NDArray[np.int64], users: npt.NDArray[np.int64]) -> Floats:
    late = np.asarray(use)[-LAST:].mean(axis=0)
    return np.array([late[buyer == i].sum() for i in users])
