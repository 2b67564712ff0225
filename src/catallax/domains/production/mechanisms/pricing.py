"""Prices of plants: they follow marginal cost, and give way a little to what is in stock.

    d log p = theta slow (log mc - log p) + kappa clip(e, -1, 1)
    mc      = c (X / K)^(1 - gamma) / (gamma z)
    slow    = 2 / (1 + max(delay, 1))

`mc` is what one more unit costs where the plant fills its orders: c is its unit cost of inputs at
the quotes that it heard, and X the inputs' composite that fills expected orders. `e` is the log of
what is wanted over what is in stock. A plant that sells at marginal cost passes on what its inputs
cost (Lerner 1934; how far firms do so: Hall 1988).

**How fast.** With orders as they are, log mc rises by the inputs' shares of what log prices rise,
and these add up to 1 with the endowments'. So for theta from 0 to 1 prices of plants settle, at any
delay, as long as every chain of inputs ends at an endowment. But orders answer: where many sell the
same, buyers go to the cheapest, whose marginal cost then rises, and that is a cobweb (Ezekiel
1938). It needs small steps, and the smaller, the later quotes are heard; hence `slow`.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.firm import LEAST
from catallax.domains.production.network import PLANT, View
from catallax.protocol.tuned import TunedSpan

THETA = (
    "share of the gap between a plant's log price and its log marginal cost that a week's price "
    "closes where quotes are a week late or less"
)
THETA_SOURCE = "record of tuning (its form: Lerner 1934; Hall 1988)"
THETA_SPAN = TunedSpan(
    0.01,
    1.0,
    scale="log",
    start=0.3,
    why="costs are passed on over two years, or at once",
)


def find_marginal_cost(view: View, fill: Floats, cost: Floats) -> Floats:
    """(n,) log cost of one more unit of each plant's output; without meaning for other rows.

    fill : (n,) log of the composite that fills expected orders
    cost : (n,) log cost of a unit of it
    """
    z, K, gamma = (view.facts.row[k] for k in ("z", "K", "gamma"))
    return np.asarray(cost + (1.0 - gamma) * (fill - np.log(K)) - np.log(gamma * z))


def slow_down(delay: float) -> float:
    """The share of its speed at which a price may move, 1 at a `delay` of a week or less.

    delay : weeks from posting a price to its being heard, >= 0
    """
    return 2.0 / (1.0 + max(delay, 1.0))


def find_excess(wanted: Floats, there: Floats, taut: Floats | float = 0.0) -> Floats:
    """(k,) log of what is `wanted` (k,) over what is `there` (k,), less `taut`; cut to -1 and 1."""
    log_excess = np.log(np.maximum(wanted, LEAST) / np.maximum(there, LEAST))
    return np.clip(log_excess - taut, -1.0, 1.0)


def move_plant_prices(
    view: View, price: Floats, marginal_cost: Floats, push: Floats, theta: float
) -> Floats:
    """(n,) changes of the log prices of plants; 0 for other rows.

    price         : (n,) from which prices move
    marginal_cost : (n,) in logs
    push          : (n,) what is wanted beyond what is in stock adds to log prices
    theta         : share of the gap to marginal cost that is closed, slowed down by the delay
    """
    move = theta * (marginal_cost - np.log(price)) + push
    return np.where(view.rows.kind == PLANT, move, 0.0)
