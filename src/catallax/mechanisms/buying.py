"""What a row that chooses for itself works out from its own recipe or tastes and given prices."""

import numpy as np

from catallax.network import Floats, View, ces_cost, demand_ratio


def choice(view: View, price: Floats) -> tuple[Floats, Floats]:
    """Log unit costs of rows (n,) and cheapest arrivals per norm and unit of composite (m,).

    price : (m,) what the buyer pays for a unit shipped on each link, > 0
    """
    row, link = view.facts.row, view.facts.link
    norm, share, kept = link["norm"], link["share"], link["kept"]
    log_q = np.log(price * norm / (share * kept))
    good, cost = ces_cost(view.rows, share, row["sigma"], row["eps"], log_q)
    return cost, demand_ratio(view.rows, row["sigma"], row["eps"], log_q, good, cost)


def composite(view: View, output: Floats) -> Floats:
    """(n,) the composite X that makes `output` = z K (X/K)^gamma."""
    z, K, gamma = (view.facts.row[k] for k in ("z", "K", "gamma"))
    return np.asarray(K * (output / (z * K)) ** (1 / gamma))
