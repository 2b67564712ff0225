"""What an economy holds at the start of a week."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy.backlog import FilledOrders
from catallax.domains.production.economy.economy import Economy
from catallax.domains.production.network.places import HouseholdFloats, LinkFloats, RowFloats
from catallax.domains.production.optimum import Optimum


@final
@dataclass(frozen=True, eq=False)
class Week:
    """What happened in a week, in units of each seller's product.

    links    : asked, shipped and used, as below; worked out when somebody looks
    survival : (m,) share of what was sent that survived dispatch
    held     : (m,) what buyers hold when the week ends, arrivals of today included
    orders   : (n,) asks each seller met
    sold     : (n,) what each seller shipped
    output   : (n,) what plants made
    utility  : (H,) of what households used
    spoiled  : (n,) units of each seller's product that spoiled anywhere
    lost     : (n,) units of each seller's product lost in dispatch
    idle     : (n,) units of each seller's product that lay unused: of an endowment its flow that
               nobody took, of goods what buyers held and did not use
    income   : (H,) money that reached households
    spent    : (H,) money that households paid
    queue    : what became of the orders; None where unfilled ones lapse
    """

    links: Mapping[str, LinkFloats]
    survival: LinkFloats
    held: LinkFloats
    orders: RowFloats
    sold: RowFloats
    output: RowFloats
    utility: HouseholdFloats
    spoiled: RowFloats
    lost: RowFloats
    idle: RowFloats
    income: HouseholdFloats
    spent: HouseholdFloats
    queue: FilledOrders | None = None

    @property
    def asked(self) -> Floats:
        """(m,) asks that counted, after households' asks were cut to their cash."""
        return self.links["asked"]

    @property
    def shipped(self) -> Floats:
        """(m,) what sellers sent."""
        return self.links["shipped"]

    @property
    def used(self) -> Floats:
        """(m,) inputs used up, as they arrived."""
        return self.links["used"]

    @property
    def sent(self) -> Floats:
        """(m,) what survived dispatch."""
        return self.shipped * self.survival


@final
@dataclass(frozen=True, eq=False)
class State:
    """Stocks and money at the start of a week, and what happened last week.

    stock   : (n,) output ready to be sold at each plant
    held    : (m,) inputs at the buyer, on each link
    transit : (L, m) goods on the way; entry k arrives k + 1 weeks from now
    cash    : (H,) money of each household
    price   : (n,) price that binds this week, money a unit
    last    : the week before
    waiting : (A, m) orders not yet filled, row k placed k + 1 weeks ago (see `economy.backlog`);
              None where unfilled orders lapse
    """

    stock: RowFloats
    held: LinkFloats
    transit: LinkFloats
    cash: HouseholdFloats
    price: RowFloats
    last: Week
    waiting: LinkFloats | None = None

    def of_product(self, economy: Economy) -> Floats:
        """(n,) all units of what each plant sells, wherever they are."""
        held = self.held + self.transit.sum(axis=0) if len(self.transit) else self.held
        return self.stock + economy.network.orders(held)


def start_state(economy: Economy, optimum: Optimum, *, backlog: bool = False) -> State:
    """One optimum week in every pipeline slot and no buffer: the same for every institution.

    backlog : whether unfilled orders will wait; none does yet
    """
    net, t = economy.network, optimum.technology
    ship = optimum.ship
    stock = net.orders(ship)
    stock[net.endowments] = 0.0
    goods = ~net.rows.perishable
    held = np.where(goods, ship * t.kept, 0.0)
    survival = economy.find_survival(t)
    price = np.ones(net.n)
    last = Week(
        links={"asked": ship, "shipped": ship, "used": ship * t.kept},
        survival=survival,
        held=held,
        orders=net.orders(ship),
        sold=net.orders(ship),
        output=stock,
        utility=optimum.utility,
        spoiled=np.zeros(net.n),
        lost=np.zeros(net.n),
        idle=np.zeros(net.n),
        income=economy.income,
        spent=economy.income,
    )
    waiting = np.zeros((0, net.m)) if backlog else None
    return State(
        stock, held, _fill_pipeline(economy, ship * survival), economy.income, price, last, waiting
    )


def _fill_pipeline(economy: Economy, sent: Floats) -> Floats:
    net = economy.network
    depth = int(economy.lead.max(initial=0))
    left = 1.0 - economy.decay[net.seller]
    slot = np.arange(depth)[:, None]
    age = economy.lead[None, :] - 1 - slot
    return np.where(age >= 0, sent * left ** np.maximum(age, 0), 0.0)
