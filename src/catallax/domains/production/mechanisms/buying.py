"""What a row that chooses for itself works out from its own recipe or tastes and given prices."""

import numpy as np

from catallax.arrays import Floats
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
