"""The fixed point of the optimum: shares at given prices, sales, and the move that they call for.

What is worked out stands in `optimum.plain`.
"""

import numpy as np

from catallax.kernels.ces import batch_costs, batch_end, room
from catallax.kernels.elementary import exp, log
from catallax.kernels.jit import In, Index, Out, Sellers, kernel


@kernel
def shares(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    share: In,
    log_base: In,
    sigma: In,
    eps: In,
    log_p: In,
    log_row: Out,
    part: Out,
    first: int,
    stop: int,
) -> None:
    """Log unit costs of rows and each link's share in its row's spending at sellers' log prices."""
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, who, log_q, log_good = (
        np.empty((6, size)),
        np.empty(size, np.uint64),
        np.empty(size),
        np.empty(size),
    )
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        for j in range(l1 - l0):
            log_q[j] = log_p[seller[l0 + j]] + log_base[l0 + j]
        batch_costs(
            row_first,
            good_first,
            share[l0:l1],
            log_q,
            sigma,
            eps,
            row,
            end,
            work,
            who,
            log_good,
            log_row[row:end],
            part[l0:l1],
        )
        row = end


@kernel
def rounds(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    part: In,
    gamma: In,
    plants: int,
    stop: int,
    passes: int,
    spent: Out,
    sales: Out,
) -> None:
    """`passes` rounds of sales = final demand + shares' (gamma sales); plants are plants:stop.

    spent : (n,) of households on entry, of all on return; sales: (n,) of plants on entry
    """
    for _ in range(passes):
        for i in range(plants, stop):
            spent[i] = gamma[i] * sales[i]
        sales[:] = 0.0
        for i in range(np.uint64(plants), np.uint64(len(row_first) - 1)):
            for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
                sales[seller[j]] += part[j] * spent[i]


@kernel
def gaps(
    point: In,
    log_cost: In,
    sales: In,
    supply: In,
    gamma: In,
    log_scale: In,
    total: float,
    floor: float,
    gap: Out,
    error: Out,
) -> None:
    """What each coordinate of `point` lacks and, in `error[0]`, the largest log error.

    point  : log prices of F endowments and P plants, log sales of P plants; gap: the same
    supply : (F,); gamma, log_scale : (P,); log_cost, sales : (n,)
    """
    F, P = len(supply), len(gamma)
    worst = 0.0
    for f in range(F):
        value = exp(point[f]) * supply[f]
        lack = log(max(sales[f], floor * total) / value)
        if value <= 10.0 * floor * total and lack <= 0.0:
            lack = 0.0
        worst = max(worst, min(-lack, value / total) if lack < 0.0 else lack)
        gap[f] = lack
    for i in range(P):
        g, new = gamma[i], log(max(sales[F + i], floor * total))
        lack = (1.0 - g) * new + g * log_cost[F + i] - log_scale[i] - point[F + i]
        change = new - point[F + P + i]
        gap[F + i], gap[F + P + i] = lack, change
        worst = max(worst, max(abs(lack), abs(change)))
    # A comparison lets NaN through; a sum does not.
    error[0] = worst if np.isfinite(gap.sum()) else np.nan


@kernel
def arrive(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    part: In,
    kept: In,
    tariff: In,
    spent: In,
    price: In,
    out: Out,
    first: int,
    stop: int,
) -> None:
    """What arrives on the links of rows `first` to `stop` - 1 for what they spend."""
    for i in range(np.uint64(first), np.uint64(stop)):
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            out[j] = part[j] * spent[i] * kept[j] / (price[seller[j]] * (1.0 + tariff[j]))


@kernel
def times(transposed: In, size: int, move: In, x: In, out: Out) -> None:
    """out = x - A move for the square matrix whose columns are `transposed`, one after another."""
    out[:] = x
    for k in range(size):
        for i in range(size):
            out[i] -= transposed[k * size + i] * move[k]
