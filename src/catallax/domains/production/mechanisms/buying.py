"""What a row that chooses for itself works out from its own recipe or tastes and given prices."""

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.network import View
from catallax.kernels.buying import shop


def shopping(view: View, price: Floats) -> tuple[Floats, Floats]:
    """Log unit costs of rows (n,) and each link's share in its row's spending (m,).

    price : (m,) what the buyer pays for a unit shipped on each link, > 0
    """
    row, link = view.facts.row, view.facts.link
    kept = np.ascontiguousarray(link["kept"])  # it may be one number in all places
    recipe = link["share"], link["norm"], kept, row["sigma"], row["eps"]
    return shop(view.rows, *recipe, price)


def choice(view: View, price: Floats) -> tuple[Floats, Floats]:
    """Log unit costs of rows (n,) and cheapest arrivals per norm and unit of composite (m,).

    price : (m,) what the buyer pays for a unit shipped on each link, > 0
    """
    cost, part = shopping(view, price)
    link = view.facts.link
    bought = part * view.rows.spread(np.exp(cost)) * link["kept"]
    return cost, bought / (price * link["norm"])


def composite(view: View, output: Floats) -> Floats:
    """(n,) the composite X that makes `output` = z K (X/K)^gamma."""
    z, K, gamma = (view.facts.row[k] for k in ("z", "K", "gamma"))
    return np.asarray(K * (output / (z * K)) ** (1 / gamma))


Weights = tuple[Floats, Floats, Floats, Floats]
"""Of k links: shares in their nests, shares of these in all spending, sigma and eps."""


def find_weights(view: View, part: Floats, at: Ints) -> Weights:
    """The weights of the links `at` (k,), where `part` (m,) are shares in rows' spending."""
    rows = view.rows
    nest = rows.sum_goods(part)[rows.good_of[at]]
    within = part[at] / np.where(nest > 0, nest, 1.0)
    sigma, eps = (view.facts.row[k][rows.row_of[at]] for k in ("sigma", "eps"))
    return within, nest, sigma, eps


def answer_price(
    d: Floats | float, within: Floats, nest: Floats, sigma: Floats, eps: Floats
) -> Floats:
    """(k,) changes of log quantities as links' log prices change by `d` and spending stays.

    Each link's price changes by itself. The others are the `Weights` of the links.
    """
    own = (1.0 - eps) * d
    outer = (1.0 - sigma) * _log_mean(within, d, 1.0 - eps)
    bought = own - _log_mix(within, own)
    return np.asarray(bought + outer - _log_mix(nest, outer) - d)


def raise_cost(
    d: Floats | float, within: Floats, nest: Floats, sigma: Floats, eps: Floats
) -> Floats:
    """(k,) changes of log unit costs with that of one link's log price by `d`."""
    return _log_mean(nest, _log_mean(within, d, 1.0 - eps), 1.0 - sigma)


def _log_mean(share: Floats, d: Floats | float, power: Floats) -> Floats:
    """(k,) log(1 - share + share e^(power d)) / power, which is share d where `power` is 0."""
    flat = np.abs(power) < 1e-9
    grown = _log_mix(share, power * d)
    return np.asarray(np.where(flat, share * d, grown / np.where(flat, 1.0, power)))


def _log_mix(share: Floats, x: Floats) -> Floats:
    """(k,) log(1 - share + share e^x), which is x where there is nothing else."""
    whole = share >= 1.0
    return np.where(whole, x, np.log1p(np.where(whole, 0.0, share) * np.expm1(x)))
