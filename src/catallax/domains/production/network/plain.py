"""Two CES nests in plain NumPy: what the kernels are tested against, and what they compute.

Costs: log c = mu + log1p(sum a expm1((1-s)(log q - mu))) / (1-s) about mu = sum a log q, which
is the limit at s = 1.
Quantities: x/theta over its smallest (s < 1) or largest (s >= 1) entry, so that neither a
Leontief nor a near Cobb-Douglas nest overflows or cancels. Every function works row by row:
one row alone gives the same bits as the same row among others.
"""

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.domains.production.network.rows import Rows, counted


def tilt(rows: Rows, share: Floats, norm: Floats, taste: Floats) -> tuple[Floats, Floats]:
    """Shares and norms (m,) after log tastes `taste` (G,) move a row's spending at base prices."""
    factor = np.exp(taste)[rows.good_of]
    moved = factor / rows.spread(_positive(rows.sum(share * factor)))
    return share * moved, norm * moved  # alike where both are: norms may be the shares


def ces_cost(
    rows: Rows, share: Floats, sigma: Floats, eps: Floats, log_q: Floats
) -> tuple[Floats, Floats]:
    """Log unit costs of goods (G,) and of rows (n,) at log relative link prices `log_q` (m,).

    share : (m,) base value shares; sigma, eps : (n,). Rows without links cost log 1 = 0.
    """
    a_good = rows.sum_goods(share)
    log_good = _nest_cost(share / a_good[rows.good_of], eps[rows.good_row], log_q, rows.good_of)
    log_row = _nest_cost(a_good, sigma, log_good, rows.good_row)
    return log_good, log_row


def ces_shares(
    rows: Rows, share: Floats, sigma: Floats, eps: Floats, log_q: Floats
) -> tuple[Floats, Floats, Floats]:
    """`ces_cost`'s answers and each link's share in its row's spending (m,)."""
    log_good, log_row = ces_cost(rows, share, sigma, eps, log_q)
    ratio = demand_ratio(rows, sigma, eps, log_q, log_good, log_row)
    return log_good, log_row, share * ratio * np.exp(log_q - log_row[rows.row_of])


def demand_ratio(
    rows: Rows, sigma: Floats, eps: Floats, log_q: Floats, log_good: Floats, log_row: Floats
) -> Floats:
    """Cost-minimising x / (norm X) on each link, shape (m,), from `ces_cost`'s answer."""
    between = sigma[rows.good_row] * (log_row[rows.good_row] - log_good)
    within = eps[rows.row_of] * (log_good[rows.good_of] - log_q)
    return np.exp(between[rows.good_of] + within)


def ces_quantity(
    rows: Rows, share: Floats, norm: Floats, sigma: Floats, eps: Floats, x: Floats
) -> Floats:
    """The composite X (n,) that the quantities `x` (m,) make. Rows without links get 0."""
    a_good = rows.sum_goods(share)
    good = _nest_quantity(
        share / a_good[rows.good_of],
        eps[rows.good_row],
        x / norm,
        rows.good_of,
        rows.good_first[:-1],
    )
    made = np.zeros(rows.n)
    at = rows.buyers
    index = np.searchsorted(at, rows.good_row)
    made[at] = _nest_quantity(a_good, sigma[at], good, index, rows.buyer_start)
    return made


def _positive(x: Floats) -> Floats:
    return np.where(x > 0, x, 1.0)


def _nest_cost(a: Floats, s: Floats, log_q: Floats, of: Ints) -> Floats:
    """Log cost of each nest; `of` says which nest an entry belongs to, `s` is per nest."""
    mean = counted(of, a * log_q, len(s))
    one = 1.0 - s
    # About its mean the sum is never below 0 (Jensen), so log1p has nothing to cancel.
    bend = np.expm1(one[of] * (log_q - mean[of]))
    total = counted(of, a * bend, len(s))
    return mean + np.log1p(np.maximum(total, 0.0)) / np.where(one == 0.0, 1.0, one)


def _nest_quantity(a: Floats, s: Floats, r: Floats, of: Ints, start: Ints) -> Floats:
    """Aggregate of each nest from ratios r = x/theta; sorted `of`, first entries `start`."""
    low = np.minimum.reduceat(r, start) if len(r) else r
    high = np.maximum.reduceat(r, start) if len(r) else r
    base = np.where(s < 1.0, low, high)
    live = base > 0
    rho = 1.0 - 1.0 / np.maximum(s, 1e-300)  # s = 0 is taken apart below
    with np.errstate(divide="ignore"):
        log_r = np.log(r / np.where(live, base, 1.0)[of])
    log_r = np.where(live[of], log_r, 0.0)
    return base * np.exp(_log_mean(a, s, rho, log_r, of))


def _log_mean(a: Floats, s: Floats, rho: Floats, log_r: Floats, of: Ints) -> Floats:
    flat = rho == 0.0
    rate = np.where(flat, 1.0, rho)
    mixed = flat[of]
    term = np.where(mixed, log_r, np.expm1(np.where(mixed, 0.0, rate[of] * log_r)))
    total = counted(of, a * term, len(s))
    inner = np.log1p(np.maximum(np.where(flat, 0.0, total), -1.0 + 2.0**-53)) / rate
    return np.where(s == 0.0, 0.0, np.where(flat, total, inner))
