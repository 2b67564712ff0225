"""What a firm of a market works out: how much to make, what to use and what to order again."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.buying import composite
from catallax.domains.production.network import HOUSEHOLD, PLANT, Table, View

TINY = 1e-9  # of capital: the scale from which a plant that nobody ordered from can start again
LEAST = 1e-100  # of orders and stocks, so that they have logs
SLOWEST, FASTEST = np.log(0.7), np.log(1.4)  # change of a plant's scale from week to week, in logs


def fill_orders(view: View, D: Floats, cover: Floats, a: float) -> Floats:
    """(n,) log composite that makes expected orders and a share of what is missing in stock.

    D     : (n,) expected orders
    cover : (n,) weeks of them wanted as stock
    a     : share of a gap in stocks that is closed in a week
    """
    gap = cover * D - (view.seen.row["stock"] - D)
    target = np.maximum(D + a * gap, 0.02 * D)
    return np.log(np.maximum(composite(view, target), TINY * view.facts.row["K"]))


def scale(view: View, act_memory: Table, fill: Floats, cost: Floats, beta: float) -> Floats:
    """(n,) scale of each plant's inputs, of a household's spending power; 0 for endowments.

    fill : (n,) log scales that fill orders
    cost : (n,) log unit costs
    beta : weight of the scale that makes most profit against the one that fills orders
    """
    f, kind = view.facts.row, view.rows.kind
    z, K, gamma = f["z"], f["K"], f["gamma"]
    bend = np.where(gamma < 1, 1 - gamma, 1.0)
    profit = np.log(K) + (np.log(gamma * z * act_memory.row["price"]) - cost) / bend
    last = np.log(np.maximum(act_memory.row["X"], TINY * K))
    lean = (1 - beta) * fill + beta * profit
    X = np.exp(np.clip(lean, last + SLOWEST, last + FASTEST))
    power = np.maximum(view.seen.row["cash"], 0.0) / np.exp(cost)
    return np.where(kind == PLANT, X, np.where(kind == HOUSEHOLD, power, 0.0))


def ordered(view: View, X: Floats, ratio: Floats, cover: Floats, a: float) -> tuple[Floats, Floats]:
    """(m,) asks and uses for scales `X` (n,).

    ratio : (m,) cheapest arrivals per norm and unit of composite
    cover : (n,) weeks of use wanted as stock of each input, of which a gap closes by `a` a week
    """
    rows, held, plants = view.rows, view.seen.link["held"], view.rows.linked(PLANT)
    wanted = view.facts.link["norm"] * ratio * rows.spread(X)
    use = np.where(plants, np.minimum(wanted, held), held)
    again = wanted + a * (rows.spread(cover) * wanted - (held - use))
    ask = np.where(plants & ~rows.perishable, np.maximum(again, 0.0), wanted)
    return ask / view.facts.link["kept"], use
