"""Competitive storage: the price at which a stock lasts just as long as it should.

While a stock is held its price rises by what spoils of it, so that a unit kept is worth a unit sold
(Gustafson 1958; Williams & Wright 1991; Deaton & Laroque 1992). With p and x the price and the
weekly use of a product over the present ones and e the elasticity between them,

    log p(t) = level + growth t, at most the log price at which nothing is in store
    x(t)     = exp(-e log p(t))
    stock    = sum over weeks of what is used beyond what is made, each week's with what of it
               would spoil until then

and the last line settles the level. Planners and sellers store by the same rule.
"""

import numpy as np

from catallax.arrays import Floats

HALVINGS = 30  # of the interval in which a level is looked for
LARGEST = 300.0  # log of a sum that can still be multiplied


def price_growth(decay: Floats) -> Floats:
    """Log points by which the price of what is in store rises a week, if `decay` of it spoils."""
    return np.asarray(-np.log1p(-decay))


def settle_level(
    stock: Floats,
    weeks: Floats | float,
    ratio: Floats,
    elasticity: Floats,
    decay: Floats,
    horizon: int,
) -> Floats:
    """Log price (k,) at present with which each product's stock just lasts while it should.

    Weekly use at log price 0 is the unit of quantities. That much is made in each of the first
    `weeks`, and `ratio` of it from then on; use falls to that at the log price at which no more
    is in store.

    stock      : (k,) in store at present, beyond what was made for this week; >= 0
    ratio      : (k,) above 0, at most 1
    elasticity : (k,) of use, > 0
    decay      : (k,) share of the stock that spoils in a week, in [0, 1)
    horizon    : weeks after which what is left counts for nothing
    """
    if not len(stock):
        return stock
    rise, top = price_growth(decay), -np.log(ratio) / elasticity
    saved = stock + (1.0 - ratio) * _sum_weeks(rise, weeks + np.zeros_like(rise))
    high, low = top, -np.log(saved + ratio) / elasticity  # all of it in one week
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        last = np.minimum(np.ceil((top - middle) / np.maximum(rise, 1e-300)), horizon)
        use = np.exp(-elasticity * middle) * _sum_weeks((1.0 - elasticity) * rise, last)
        short = saved + ratio * _sum_weeks(rise, last) < use
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray((low + high) / 2)


def _sum_weeks(rate: Floats, count: Floats) -> Floats:
    """(k,) sum of exp(rate * week) over `count` weeks from 0; what nobody could count is cut."""
    still = rate == 0.0
    grown = np.expm1(np.minimum(rate * count, LARGEST))
    return np.asarray(np.where(still, count, grown / np.where(still, 1.0, np.expm1(rate))))
