"""Prices that stay as they are for a while: not every seller changes its own in every week."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.pricing import slow_down
from catallax.domains.production.network import PLANT, View

REPRICE = (
    "share of sellers that may change their price in a week, drawn by lot; the others' prices stay "
    "posted"
)
REPRICE_SOURCE = "assumption: all may (Calvo 1983; seen: 0.022 to 0.05, Nakamura & Steinsson 2008)"


def find_pace(view: View, reprice: float) -> float:
    """The share of each of its speeds at which a rule of prices goes, 1 where all sellers may move.

    A price that is heard was set before the line's delay began, by (1 - f) / f weeks on average
    where a seller's turn comes with chance f. So the loop takes that much longer, and a rule goes
    as slowly as on a line with so much more delay (`slow_down`).

    reprice : f, in (0, 1]
    """
    stood = (1.0 - reprice) / reprice
    return slow_down(view.delay + stood) / slow_down(view.delay)


def turns(view: View, reprice: float, price: Floats, wanted: Floats) -> dict[str, Floats]:
    """What sellers post, (n,) `price`, and what they would rather post, (n,) `wanted`.

    reprice : chance with which a seller may change its price in a week, in (0, 1), drawn from its
              own stream (Calvo 1983)
    price   : (n,) posted so far; it stays posted, and quoted, as it is until a seller's turn
    wanted  : (n,) prices that the rule has come to

    The rule goes on while a price stands still: each week it moves the wanted price by what the
    week's stock and orders, met at the posted one, ask for, and at its turn a seller posts all
    that has come together. The rule goes at `find_pace`, so the mean speed of prices is a fraction
    of that at `reprice` 1: about a fifth at 0.1, a twentieth at 0.025. They come to the same
    levels, but later, by jumps, and not all at once.

    Observed in the United States (Nakamura & Steinsson 2008): in a month 9 to 12 % of consumer
    prices change apart from sales, 19 to 20 % with them, and of finished-goods producer prices
    about as many as of the former. As chances per week, 1 - (1 - f)^(12/52), that is 0.022 to
    0.029 apart from sales and 0.048 to 0.050 with them.
    """
    turn = view.draw("reprice") < reprice
    return {"price": np.where(turn, wanted, price), "wanted": wanted}


def move_wanted(
    view: View, wanted: Floats, before: Floats, price: Floats, shares: tuple[float, float]
) -> Floats:
    """(n,) what sellers want to post after a week in which their rule would lead to `price` (n,).

    wanted : (n,) what they wanted to post before it
    before : (n,) what is posted, from which the rule leads to `price`
    shares : of its way that a week takes a plant's price, which goes to marginal cost, and an
             owner's, which goes to where its excess of orders is gone. Both are levels: where a
             price stands still, the wanted price goes there and no further
    """
    nearer = (before / wanted) ** np.where(view.rows.kind == PLANT, *shares)
    return np.asarray(wanted * (price / before) * nearer)
