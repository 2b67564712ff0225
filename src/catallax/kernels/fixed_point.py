"""The fixed point of the optimum: sales, and the move that they call for."""

from typing import Any

import numpy as np

from catallax.arrays import Floats
from catallax.kernels.elementary import exp, log
from catallax.kernels.jit import In, Index, Out, Room, Sellers, inline, kernel
from catallax.kernels.links import TradeLinks
from catallax.kernels.shares import row_shares
from catallax.kernels.sums import sum_by_seller, sum_received
from catallax.kernels.switch import operation

LEAST = 1e-30  # of income: a plant's sales below it count as this


def _find_sales_plainly(
    links: TradeLinks,
    part: Floats,
    gamma: Floats,
    plants: slice,
    passes: int,
    spent: Floats,
    sales: Floats,
) -> tuple[Floats, Floats]:
    for _ in range(passes):
        spent[plants] = gamma[plants] * sales[plants]
        sales = sum_by_seller(links, part * spent[links.buyer])
    return spent, sales


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


@operation(_find_sales_plainly)
def find_sales(
    links: TradeLinks,
    part: Floats,
    gamma: Floats,
    plants: slice,
    passes: int,
    spent: Floats,
    sales: Floats,
) -> tuple[Floats, Floats]:
    """Spending and sales (n,) after rounds of sales = final demand + shares' (gamma sales).

    part  : (m,) share of a row's spending that reaches the seller of each link
    spent : (n,) spending of households, 0 for others; written to
    sales : (n,) sales of plants to begin with; written to
    """
    if len(links.blocks) == 2:
        at = *links.rows.csr, links.sold_by
        rounds(*at, part, gamma, plants.start, plants.stop, passes, spent, sales)
        return spent, sales
    for _ in range(passes):
        spent[plants] = gamma[plants] * sales[plants]
        sales = sum_received(links, part, spent)
    return spent, sales


def _find_gaps_plainly(
    point: Floats,
    log_cost: Floats,
    sales: Floats,
    supply: Floats,
    gamma: Floats,
    log_scale: Floats,
    total: float,
    floor: float,
) -> tuple[Floats, float]:
    F, S = len(supply), len(supply) + len(gamma)
    log_p, log_s = point[:S], point[S:]
    gap_f, error_f = _endowments(log_p[:F], sales[:F], supply, total, floor)
    new_s = np.log(np.maximum(sales[F:S], LEAST * total))
    gap = (1 - gamma) * new_s + gamma * log_cost[F:S] - log_scale - log_p[F:]
    error = np.abs(np.concatenate([gap, new_s - log_s]))
    gaps = np.concatenate([gap_f, gap, new_s - log_s])
    return gaps, max(error_f, float(np.max(error, initial=0.0)))


def _endowments(
    log_p: Floats, sold: Floats, supply: Floats, total: float, floor: float
) -> tuple[Floats, float]:
    """Gaps of endowments' log prices; at the floor a slack one has nothing left to answer."""
    s = np.maximum(sold, floor * total)
    value = np.exp(log_p) * supply
    gap = np.log(s / value)
    slack = (value <= 10 * floor * total) & (gap <= 0)
    gap = np.where(slack, 0.0, gap)
    error = np.minimum(np.abs(gap), np.where(gap < 0, value / total, np.inf))
    return gap, float(np.max(error, initial=0.0))


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


@operation(_find_gaps_plainly)
def find_gaps(
    point: Floats,
    log_cost: Floats,
    sales: Floats,
    supply: Floats,
    gamma: Floats,
    log_scale: Floats,
    total: float,
    floor: float,
) -> tuple[Floats, float]:
    """What each coordinate of a point lacks when its prices meet with sales, and the largest error.

    point  : (F + P + P,) log prices of endowments and plants, log sales of plants
    supply : (F,); gamma, log_scale : (P,); log_cost, sales : (n,)
    total  : income of all; floor : a slack endowment's value as a share of it
    """
    gap, error = np.empty_like(point), np.empty(1)
    gaps(point, log_cost, sales, supply, gamma, log_scale, total, floor, gap, error)
    return gap, float(error[0])


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
    row_shares(
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
