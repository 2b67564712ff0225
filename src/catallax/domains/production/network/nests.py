"""Two CES nests in calibrated share form, exact at every elasticity.

What is worked out is written in `network.plain`; here it is compiled, checked and shared out to
threads. Every function works row by row: one row alone gives the same bits as the same row among
others.
"""

from collections.abc import Sequence

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import plain
from catallax.domains.production.network.rows import Rows
from catallax.errors import InputError
from catallax.kernels import ces
from catallax.kernels.switch import compiled
from catallax.kernels.threads import over

__all__ = ["ces_cost", "ces_quantity", "ces_shares", "demand_ratio", "tilt"]


def _fit(rows: Rows, *, row: Sequence[Floats] = (), link: Sequence[Floats] = ()) -> None:
    """Kernels trust their arguments: refuse columns of the wrong length before they are read."""
    for size, columns in ((rows.n, row), (rows.m, link)):
        for column in columns:
            if column.shape != (size,):
                raise InputError(f"nests: a column has shape {column.shape}, expected ({size},)")


def tilt(rows: Rows, share: Floats, norm: Floats, taste: Floats) -> tuple[Floats, Floats]:
    """Shares and norms (m,) after log tastes `taste` (G,) move a row's spending at base prices."""
    if not compiled():
        return plain.tilt(rows, share, norm, taste)
    _fit(rows, link=(share, norm))
    if taste.shape != rows.good_row.shape:
        raise InputError(
            f"tilt: {taste.shape} tastes, expected one for each of {rows.good_row.shape}"
        )
    new_share, new_norm = np.empty(rows.m), np.empty(rows.m)

    def work(first: int, stop: int) -> None:
        ces.tilt(*rows.csr, share, norm, taste, new_share, new_norm, first, stop)

    over(rows.n, rows.m, work)
    return new_share, new_norm


def ces_shares(
    rows: Rows, share: Floats, sigma: Floats, eps: Floats, log_q: Floats
) -> tuple[Floats, Floats, Floats]:
    """Log unit costs of goods (G,) and rows (n,), and each link's share in its row's spending (m,).

    share : (m,) base value shares; sigma, eps : (n,); log_q : (m,) log relative link prices.
    Rows without links cost log 1 = 0.
    """
    if not compiled():
        return plain.ces_shares(rows, share, sigma, eps, log_q)
    _fit(rows, row=(sigma, eps), link=(share, log_q))
    good, row, part = np.empty(len(rows.good_row)), np.empty(rows.n), np.empty(rows.m)

    def work(first: int, stop: int) -> None:
        ces.costs(*rows.csr, share, sigma, eps, log_q, good, row, part, first, stop)

    over(rows.n, rows.m, work)
    return good, row, part


def ces_cost(
    rows: Rows, share: Floats, sigma: Floats, eps: Floats, log_q: Floats
) -> tuple[Floats, Floats]:
    """Log unit costs of goods (G,) and of rows (n,) as in `ces_shares`."""
    if not compiled():
        return plain.ces_cost(rows, share, sigma, eps, log_q)
    good, row, _ = ces_shares(rows, share, sigma, eps, log_q)
    return good, row


def demand_ratio(
    rows: Rows, sigma: Floats, eps: Floats, log_q: Floats, log_good: Floats, log_row: Floats
) -> Floats:
    """Cost-minimising x / (norm X) on each link, shape (m,), from `ces_cost`'s answer."""
    if not compiled():
        return plain.demand_ratio(rows, sigma, eps, log_q, log_good, log_row)
    _fit(rows, row=(sigma, eps, log_row), link=(log_q,))
    ratio = np.empty(rows.m)

    def work(first: int, stop: int) -> None:
        ces.ratios(*rows.csr, sigma, eps, log_q, log_good, log_row, ratio, first, stop)

    over(rows.n, rows.m, work)
    return ratio


def ces_quantity(
    rows: Rows, share: Floats, norm: Floats, sigma: Floats, eps: Floats, x: Floats
) -> Floats:
    """The composite X (n,) that the quantities `x` (m,) make. Rows without links get 0."""
    if not compiled():
        return plain.ces_quantity(rows, share, norm, sigma, eps, x)
    _fit(rows, row=(sigma, eps), link=(share, norm, x))
    made = np.empty(rows.n)

    def work(first: int, stop: int) -> None:
        ces.quantities(*rows.csr, share, norm, sigma, eps, x, made, first, stop)

    over(rows.n, rows.m, work)
    return made
