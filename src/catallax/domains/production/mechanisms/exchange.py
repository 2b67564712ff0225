"""An exchange for endowments: buyers bid at three prices, and the price steps towards clearing.

**Bids.** A buyer says how much it would ask for at e^-1, 1 and e times the price that it expects,
other prices as they are. It reckons that its own sales fall one for one with what a unit costs it,
so that it spends as much as before: a household has its cash, and a plant that sells at marginal
cost earns a constant sum from buyers who spend one. What the link gets of that follows from its
recipe. With s the link's share in its nest, S the nest's share in all spending, and d the change of
the log price,

    log bid(d) = log ask - d + (1 - eps) d - log t + (1 - sigma) g - log u
    t          = 1 - s + s e^((1 - eps) d)
    g          = log t / (1 - eps),  the change of the nest's log price
    u          = 1 - S + S e^((1 - sigma) g)

**Clearing.** The owner adds up what arrived, takes logs to be straight between the three prices,
and moves its log price by a share of the way to where bids are flow e^taut: a call auction of
demand schedules (Klemperer & Meyer 1989) of which only a step is taken. All of the way would be
too far: bids are about old prices, and they answer less than orders will, once output has adapted.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.mechanisms.buying import answer_price, find_weights, shopping
from catallax.domains.production.mechanisms.firm import LEAST
from catallax.domains.production.mechanisms.owners import find_owners
from catallax.domains.production.mechanisms.pricing import slow_down
from catallax.domains.production.network import BIDS, View
from catallax.protocol.tuned import TunedSpan

OFFSETS = (-1.0, 0.0, 1.0)  # changes of the log price at which bids are made
FLATTEST = 1e-3  # elasticity of bids below which they are taken not to answer at all

CLEARING = (
    "share of the way to the log price that clears the bids for an endowment that its price goes "
    "in a week where quotes are a week late or less"
)
CLEARING_SOURCE = "assumption (its form: Klemperer & Meyer 1989); `exchange` has its record's"
CLEARING_SPAN = TunedSpan(
    0.01, 0.5, scale="log", start=0.1, why="years, or so fast that prototypes collapsed"
)


def make_bids(view: View, ask: Floats, price: Floats) -> Floats:
    """(m, 3) what each buyer would ask for at the three prices; 0 on links to plants.

    ask   : (m,) what it asks for at the price that it expects
    price : (m,) which that is, with tariffs
    """
    rows = view.rows
    at = np.flatnonzero(rows.perishable)
    weights = find_weights(view, shopping(view, price)[1], at)
    bids = np.zeros((rows.m, BIDS))
    for column, d in enumerate(OFFSETS):
        bids[at, column] = ask[at] * np.exp(answer_price(d, *weights))
    return bids


def find_clearing(bids: Floats, wanted: Floats) -> Floats:
    """(k,) change of the log price at which bids are what is `wanted` (k,), from -1 to 1.

    bids : (3, k) at the three prices; their logs are taken to be straight in between
    """
    cheap, quoted, dear = np.log(np.maximum(bids, LEAST))
    excess = quoted - np.log(np.maximum(wanted, LEAST))
    slope = np.where(excess > 0, quoted - dear, cheap - quoted)
    return np.asarray(np.clip(excess / np.maximum(slope, FLATTEST), -1.0, 1.0))


def move_by_bids(view: View, price: Floats, bid_on: Floats, clearing: float, taut: float) -> Floats:
    """(k,) changes of the owners' log prices; 0 as long as no bid has arrived.

    price  : (n,) posted so far
    bid_on : (n,) log prices on which the bids that arrive were made: see `remember_bid_price`
    """
    own, heard = find_owners(view.rows), view.bids
    bids = np.array([heard.value.row[name][own] for name in ("cheap", "quoted", "dear")])
    wanted = view.facts.row["supply"][own] * np.exp(taut)
    cleared = bid_on[own] + find_clearing(bids, wanted)
    move = clearing * slow_down(view.delay) * (cleared - np.log(price[own]))
    return np.where(np.isfinite(heard.age.row["quoted"][own]), move, 0.0)


def remember_bid_price(view: View, bid_on: Floats, price: Floats) -> Floats:
    """(n,) log prices on which the bids were made that will arrive next week.

    A price is quoted a week and the line's delay after it was posted, and a bid on it comes back
    after another delay. An owner remembers that long by the mean of its past log prices with
    weights that fade as fast.

    bid_on : (n,) the same for those that arrived
    price  : (n,) posted now
    """
    return bid_on + (np.log(price) - bid_on) / (2.0 + 2.0 * view.delay)
