"""The fixed point of the optimum: shares at given prices, sales, and the move that they call for.

What is worked out stands in `optimum.plain`.
"""

from typing import Any

import numpy as np

from catallax.kernels.ces import batch_costs, batch_end, room, weights
from catallax.kernels.elementary import exp, log
from catallax.kernels.jit import In, Index, Out, Room, Sellers, inline, kernel

LEAST = 1e-30  # of income: a plant's sales below it count as this


@inline
def _shares(
    row_first: Index,
    good_first: Index,
    good_of: Index,
    seller: Sellers,
    inner: In,
    weight: In,
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
    work, who = np.empty((5, size)), np.empty((2, size), np.uint64)
    log_q, log_good = np.empty(size), np.empty(size)
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        l0, l1 = good_first[row_first[row]], good_first[row_first[end]]
        for j in range(l1 - l0):
            log_q[j] = log_p[seller[l0 + j]] + log_base[l0 + j]
        batch_costs(
            row_first,
            good_first,
            inner[l0:l1],
            weight[row_first[row] : row_first[end]],
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
        g0, bend = row_first[row], work[2]
        for j in range(l0, l1):
            part[j] *= bend[good_of[j] - g0]
        row = end


@kernel
def bases(
    row_first: Index,
    good_first: Index,
    share: In,
    norm: In,
    kept: In,
    tariff: In,
    inner: Out,
    weight: Out,
    log_base: Out,
    first: int,
    stop: int,
) -> None:
    """What costs need beside prices: shares in nests, nests' shares, logs of base prices."""
    g0, g1 = row_first[np.uint64(first)], row_first[np.uint64(stop)]
    l0, l1 = good_first[g0], good_first[g1]
    weights(share[l0:l1], good_first[g0 : g1 + np.uint64(1)], inner[l0:l1], weight[g0:g1])
    for j in range(l0, l1):
        log_base[j] = log(norm[j] * (1.0 + tariff[j]) / (share[j] * kept[j]))


@kernel
def shares(
    row_first: Index,
    good_first: Index,
    good_of: Index,
    seller: Sellers,
    inner: In,
    weight: In,
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
    _shares(
        row_first,
        good_first,
        good_of,
        seller,
        inner,
        weight,
        log_base,
        sigma,
        eps,
        log_p,
        log_row,
        part,
        first,
        stop,
    )


@inline
def _rounds(
    row_first: Index,
    good_first: Index,
    seller: Sellers,
    part: Room,
    gamma: Room,
    plants: Any,
    stop: Any,
    passes: Any,
    spent: Room,
    sales: Room,
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
    """`passes` rounds of sales, as of `_rounds`."""
    _rounds(row_first, good_first, seller, part, gamma, plants, stop, passes, spent, sales)


@inline
def _gaps(
    point: Room,
    log_cost: Room,
    sales: Room,
    supply: Room,
    gamma: Room,
    log_scale: Room,
    total: Any,
    floor: Any,
    gap: Room,
    error: Room,
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
        g, new = gamma[i], log(max(sales[F + i], LEAST * total))
        lack = (1.0 - g) * new + g * log_cost[F + i] - log_scale[i] - point[F + i]
        change = new - point[F + P + i]
        gap[F + i], gap[F + P + i] = lack, change
        worst = max(worst, max(abs(lack), abs(change)))
    # A comparison lets NaN through; a sum does not.
    error[0] = worst if np.isfinite(gap.sum()) else np.nan


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
    """Gaps and the largest error, as of `_gaps`."""
    _gaps(point, log_cost, sales, supply, gamma, log_scale, total, floor, gap, error)


@kernel
def evaluate(
    row_first: Index,
    good_first: Index,
    good_of: Index,
    seller: Sellers,
    inner: In,
    weight: In,
    log_base: In,
    sigma: In,
    eps: In,
    paid: In,
    claim: In,
    money: float,
    gamma: In,
    supply: In,
    returns: In,
    log_scale: In,
    passes: int,
    floor: float,
    point: In,
    log_cost: Out,
    part: Out,
    spent: Out,
    sales: Out,
    gap: Out,
    error: Out,
) -> None:
    """All of a step in one call: shares, what households spend, rounds of sales and the gaps.

    paid   : (m,) share of spending that sellers get, or empty: all
    claim  : (H,) what households spend or, if `money` > 0, the utilities for which they share it
    gamma  : (n,); returns: (P,) those of plants
    """
    F, P, n = len(supply), len(returns), len(log_cost)
    _shares(
        row_first,
        good_first,
        good_of,
        seller,
        inner,
        weight,
        log_base,
        sigma,
        eps,
        point,
        log_cost,
        part,
        0,
        n,
    )
    total = 0.0
    for h in range(len(claim)):
        spend = claim[h] * exp(log_cost[F + P + h]) if money > 0.0 else claim[h]
        spent[F + P + h] = spend
        total += spend
    if money > 0.0:
        for i in range(F + P, n):
            spent[i] *= money / total
        total = money
    for i in range(P):
        sales[F + i] = exp(point[F + P + i])
    got = part
    if len(paid) > 0:
        got = part * paid
    _rounds(row_first, good_first, seller, got, gamma, F, F + P, passes, spent, sales)
    _gaps(point, log_cost, sales, supply, returns, log_scale, total, floor, gap, error)


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
