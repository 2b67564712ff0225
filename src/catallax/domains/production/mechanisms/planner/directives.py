"""What a plan says to rows.

Delegation says who decides what the plan leaves open:

    in_kind : nobody; every delivery is ordered link by link
    own_mix : a plant is given an output and accounting prices and orders the mix of inputs that
              it judges best; final users are served in kind
    retail  : final users too choose, spending their incomes at the plan's prices in shops, and
              what they ask for teaches the centre their tastes (Cockshott & Cottrell 1993)
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.planner.lots import AUDIT, open_lot
from catallax.domains.production.mechanisms.planner.storage import plan_orders
from catallax.domains.production.network import HOUSEHOLD, Inbox, Network, Rows, Table
from catallax.domains.production.optimum import Optimum

DELEGATIONS = ("in_kind", "own_mix", "retail")
DELEGATION_MEANING = (
    "who decides what the plan leaves open: nobody (in_kind), plants their mix (own_mix), or final "
    "users too, in shops (retail)"
)


def write_directives(
    best: Optimum, price: Floats, delegation: str, scale: Floats, taut: float
) -> Table:
    """What a plan says to rows: `best` with each seller's deliveries scaled by `scale` (n,).

    price : (m,) accounting prices
    taut  : by how much orders exceed the plan, so that nothing is left lying about; nature
           rations what is over-asked pro rata
    """
    net = best.technology.network
    if delegation == "in_kind":
        return Table(link={"ask": _scale_deliveries(best, scale, taut)})
    home = find_links(net.rows, HOUSEHOLD)
    quota, value = np.full(net.n, np.nan), price.copy()
    quota[net.plants] = best.target[net.plants] * (1.0 + taut)
    if delegation == "retail":
        value[home] /= 1.0 + taut
        return Table({"quota": quota}, {"value": value})
    value[home] = np.nan
    ask = say_on(home, _scale_deliveries(best, scale, taut))
    return Table({"quota": quota}, {"value": value, "ask": ask})


def scale_to_stocks(
    best: Optimum, heard: Inbox, hiding: float, share: Floats, taut: float
) -> Floats:
    """(n,) by what each seller's deliveries are scaled.

    share  : (n,) what is to be sold of each product over what is made of it
    taut   : by how much orders exceed the plan
    hiding : log factor by which what plants say of stocks is off

    Who lays up no stock ships what it was last heard to hold, and no less than the plan.
    """
    stock, age = heard.value.row["stock"] * np.exp(-hiding), heard.age.row["stock"]
    ship = best.technology.network.orders(best.ship)
    told = np.isfinite(age) & (ship > 0)
    scale = np.where(told, np.maximum(stock / np.where(told, ship, 1.0), 1.0), 1.0)
    return np.where(share == 1.0, scale, plan_orders(share, taut))


def order_audits(net: Network, probability: float, key: int, week: int) -> Table | None:
    """A directive that orders audits of plants drawn by lot; `key` seeds each week's lot."""
    if probability == 0.0:
        return None
    lot = open_lot(key, AUDIT, week).random(net.n) < probability
    plant = np.zeros(net.n, dtype=bool)
    plant[net.plants] = True
    return Table({"audit": np.where(lot & plant, 1.0, np.nan)})


def join_directives(plan: Table | None, audits: Table | None) -> Table | None:
    """Both as one message; None where neither says anything."""
    if plan is None or audits is None:
        return audits if plan is None else plan
    return plan | audits


def find_links(rows: Rows, kind: int) -> slice:
    """Where the links of rows of `kind` stand: rows are sorted by kind."""
    first, stop = rows.good_first[rows.row_first[np.searchsorted(rows.kind, [kind, kind + 1])]]
    return slice(int(first), int(stop))


def say_on(links: slice, value: Floats) -> Floats:
    """`value` (m,) where it is said, NaN elsewhere."""
    out = np.full_like(value, np.nan)
    out[links] = value[links]
    return out


def _scale_deliveries(best: Optimum, scale: Floats, taut: float) -> Floats:
    """(m,) deliveries of the plan, scaled by seller."""
    return best.ship * scale[best.technology.network.seller] * (1.0 + taut)
