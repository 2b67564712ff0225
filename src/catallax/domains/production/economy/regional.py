"""Regions that trade with each other: from a multi-region table to rows and links.

Every sector of every region is a plant. The same sector in different regions are suppliers of one
good, between which buyers substitute with elasticity eps. Each region has labour of its own, used
in that region alone. There is no outside world: a region that spends more than it earns is lent
the difference by those that spend less, out of all that they earn.
"""

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.economy.economy import Economy, amend, calibrate
from catallax.domains.production.economy.real import (
    CONSUMPTION,
    DECAY,
    WEEKS,
    draw_elasticities,
    find_capital_rent,
)
from catallax.domains.production.economy.tables import RegionalTable
from catallax.domains.production.economy.tables.sources import ARMINGTON, CONSUMPTION_ELASTICITY
from catallax.domains.production.network import ENDOWMENT, HOUSEHOLD, PLANT, Network
from catallax.domains.production.network.rows import counted
from catallax.errors import InputError

VERSION = 1  # of `from_regions`, in its economies' origins: raised whenever its numbers change


def from_regions(
    table: RegionalTable,
    *,
    decay: float = DECAY,
    lead: int = 0,
    eps: float = ARMINGTON.value,
    seed: int = 0,
) -> Economy:
    """The economy of a multi-region table, in its money a week.

    decay : share of every product that spoils in a week, in [0, 1)
    lead  : weeks on the way on every link between goods' sellers and buyers, >= 0
    eps   : elasticity between the regions that supply one good
    seed  : of the elasticities of sectors without a published estimate

    Final users count by what they spend, for want of populations. Raises InputError when a
    plant's value added leaves nothing for labour.
    """
    net, values = _make_network(table)
    bought = net.rows.sum(values)
    gamma = np.ones(net.n)
    gamma[net.plants] = bought[net.plants] * WEEKS / table.output
    sigma = np.full(net.n, CONSUMPTION_ELASTICITY.value)
    of = [table.sectors.index(sector) for _, sector in table.plants]
    sigma[net.plants] = draw_elasticities(table.sectors, seed)[of]
    decays = np.zeros(net.n)
    decays[net.plants] = decay
    economy = calibrate(
        table.name,
        net,
        share=values / bought[net.buyer],
        gamma=gamma,
        spending=bought[net.households],
        sigma=sigma,
        eps=np.full(net.n, eps),
        decay=decays,
        lead=np.where(net.rows.perishable, 0, lead),
        weight=_weigh_users(table),
        group=tuple(user for _, user in table.users),
        origin={
            "maker": "from_regions",
            "version": VERSION,
            "name": table.name,
            "table": table.origin,
            "settings": {
                "decay": float(decay), "lead": float(lead), "eps": float(eps), "seed": int(seed),
            },
        },
    )  # fmt: skip
    owner, own = _assign_owners(table, economy, bought[net.households])
    return amend(economy, owner=owner, own=own)


def _weigh_users(table: RegionalTable) -> Floats:
    """(U,) spending of those who consume; of all users where nobody is called consumption."""
    spent: Floats = table.final.sum(axis=0)
    consume = np.array([user == CONSUMPTION for _, user in table.users])
    return spent * consume if consume.any() else spent


def _find_labour(table: RegionalTable) -> Floats:
    """(P,) value added without what capital earns, a year."""
    labour: Floats = table.value_added - find_capital_rent(table.surplus, table.output)
    if np.any(labour <= 0):
        region, sector = table.plants[int(np.argmin(labour / table.output))]
        raise InputError(
            f"table {table.name}, column '{region} {sector}': no value added is left for labour; "
            f"check its taxes and subsidies, or add it to a neighbour"
        )
    return labour


def _make_network(table: RegionalTable) -> tuple[Network, Floats]:
    """The graph and the value of each link a week."""
    regions = list(dict.fromkeys(region for region, _ in table.plants))
    ends, plants = len(regions), len(table.plants)
    home = np.array([regions.index(region) for region, _ in table.plants])
    good = ends + np.array([table.sectors.index(sector) for _, sector in table.plants])
    cells = np.column_stack([table.flow, table.final])
    seller, buyer = np.nonzero(cells)
    links = np.column_stack([ends + buyer, good[seller], ends + seller])
    hired = np.column_stack([ends + np.arange(plants), home, home])
    links = np.vstack([links, hired]).astype(np.int64)
    values = np.concatenate([cells[seller, buyer], _find_labour(table)]) / WEEKS
    order = np.lexsort((links[:, 2], links[:, 1], links[:, 0]))
    labour = [f"labour {region}" for region in regions]
    net = Network.build(
        [ENDOWMENT] * ends + [PLANT] * plants + [HOUSEHOLD] * len(table.users),
        [*range(ends), *good.tolist(), *[-1] * len(table.users)],
        links[order],
        [*labour, *(f"{r} {s}" for r, s in table.plants), *(f"{r} {u}" for r, u in table.users)],
        [*labour, *table.sectors],
    )
    return net, values[order]


def _assign_owners(table: RegionalTable, economy: Economy, spending: Floats) -> tuple[Ints, Floats]:
    """Who owns what: all that a region earns is its users', less what it lends to others."""
    net, regions = economy.network, table.regions
    region = {name: k for k, name in enumerate(regions)}
    made = list(dict.fromkeys(r for r, _ in table.plants))  # as endowments stand
    owner = np.zeros(net.n, dtype=np.int64)
    owner[net.sellers] = [region[r] for r in (*made, *(r for r, _ in table.plants))]
    of_user = np.array([region[r] for r, _ in table.users])
    rent = economy.output * (1.0 - economy.technology.gamma)
    rent[net.endowments] = economy.output[net.endowments]
    earned = counted(owner[net.sellers], rent[net.sellers], len(regions))
    spent = counted(of_user, spending, len(regions))
    return owner, _share_earnings(earned, spent)[:, of_user] * (spending / spent[of_user])


def _share_earnings(earned: Floats, spent: Floats) -> Floats:
    """(R, R) share of what a region earns that pays for the spending of each; rows sum to 1."""
    kept = np.divide(np.minimum(earned, spent), earned, out=np.zeros_like(earned), where=earned > 0)
    lacking = np.maximum(spent - earned, 0.0)
    if not lacking.any():
        return np.eye(len(earned))
    return np.diag(kept) + np.outer(1.0 - kept, lacking / lacking.sum())
