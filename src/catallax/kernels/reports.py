"""What a centre makes of reports, link by link.

age, before, past : ages of a kind of report, those when it was last looked at, and the time since:
                    what is younger than `before + past` is new
first, stop       : rows to do
"""

from typing import Any

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.kernels.ces import batch_end, given_costs, room
from catallax.kernels.elementary import log
from catallax.kernels.jit import In, Index, Out, Room, inline, kernel
from catallax.kernels.links import Nests
from catallax.kernels.spending import ces_cost
from catallax.kernels.sums import counted, sum_by_good, sum_by_row
from catallax.kernels.switch import operation
from catallax.kernels.threads import over


def _find_told_tastes_plainly(
    nests: Nests,
    share: Floats,
    part: Floats,
    weight: Floats,
    said: Floats,
    age: Floats,
    before: Floats,
    past: float,
) -> Floats:
    live = (age < before + past) & (said > 0) & (share > 0)
    log = np.log(np.where(live, said, 1.0) / np.where(live, share, 1.0))
    taste = _centred_plainly(nests, weight, sum_by_good(nests, part * log))
    silent = sum_by_good(nests, (~live).astype(float))
    return np.where(silent == 0, taste, np.nan)


def _centred_plainly(nests: Nests, weight: Floats, taste: Floats) -> Floats:
    """Tastes (G,) less their mean over a row's spending: only differences matter."""
    mean = counted(nests.good_row, weight * taste, nests.n)
    return np.asarray(taste - mean[nests.good_row])


@inline
def centred(row_first: Index, weight: Room, taste: Room, live: Room, row: Any, end: Any) -> None:
    """Tastes (G,) of rows less their mean over spending; NaN where there is none."""
    for i in range(row, end):
        mean = 0.0
        for g in range(row_first[i], row_first[i + np.uint64(1)]):
            mean += weight[g] * taste[g]
        for g in range(row_first[i], row_first[i + np.uint64(1)]):
            taste[g] = taste[g] - mean if live[g] > 0.0 else np.nan


@kernel
def told(
    row_first: Index,
    good_first: Index,
    share: In,
    part: In,
    weight: In,
    said: In,
    age: In,
    before: In,
    past: float,
    taste: Out,
    first: int,
    stop: int,
) -> None:
    """Tastes by nest as told; NaN where not all of a nest's links were."""
    row, end = np.uint64(first), np.uint64(stop)
    g0, g1 = row_first[row], row_first[end]
    l0, l1 = good_first[g0], good_first[g1]
    change, whole = np.empty(l1 - l0), np.empty(len(weight))
    for j in range(l0, l1):
        fresh = age[j] < before[j] + past and said[j] > 0.0 and share[j] > 0.0
        change[j - l0] = log(said[j] / share[j]) if fresh else np.nan
    for g in range(g0, g1):
        total, live = 0.0, 1.0
        for j in range(good_first[g], good_first[g + np.uint64(1)]):
            if np.isnan(change[j - l0]):
                live = 0.0
            else:
                total += part[j] * change[j - l0]
        taste[g], whole[g] = total, live
    centred(row_first, weight, taste, whole, row, end)


@operation(_find_told_tastes_plainly)
def find_told_tastes(
    nests: Nests,
    share: Floats,
    part: Floats,
    weight: Floats,
    said: Floats,
    age: Floats,
    before: Floats,
    past: float,
) -> Floats:
    """(G,) tastes by nest as told: mean log of what was `said` (m,) over the public `share` (m,).

    part, weight : (m,) shares in nests, (G,) nests' shares

    Less their mean over a row's spending; NaN where not all of a nest's links were told.
    """
    taste = np.empty(len(nests.good_row))
    given = *nests.csr, share, part, weight, said, age, before, past, taste
    over(nests.n, nests.m, lambda a, b: told(*given, a, b))
    return taste


def infer_tastes(
    nests: Nests, share: Floats, sigma: Floats, eps: Floats, price: Floats, bought: Floats
) -> Floats:
    """(G,) log tastes, up to a constant a row, behind purchases at known prices.

    share  : (m,) public shares of links in their row's spending
    price  : (m,) prices paid, relative to the base year's
    bought : (m,) quantities at base-year prices

    Of a CES buyer w_g ~ a_g q_g^(1-sigma): spending shares and the price of each good give a_g.
    NaN where nothing of a good was bought.
    """
    log_good, _ = ces_cost(nests, share, sigma, eps, np.log(price))
    spent = sum_by_good(nests, price * bought)
    with np.errstate(divide="ignore"):
        log_w = np.log(spent / sum_by_good(nests, share))
    log_a = log_w + (sigma[nests.good_row] - 1.0) * log_good
    return np.where(np.isfinite(log_a), log_a, np.nan)


def _find_bought_tastes_plainly(
    nests: Nests,
    share: Floats,
    log_unit: Floats,
    weight: Floats,
    sigma: Floats,
    eps: Floats,
    paid: Floats,
    asked: Floats,
    age: Floats,
    before: Floats,
    past: float,
) -> Floats:
    unit = np.exp(log_unit)
    bought = np.where(age < before + past, asked, 0.0) / unit
    log_a = infer_tastes(nests, share, sigma, eps, paid * unit, bought)
    live = np.isfinite(log_a)
    taste = _centred_plainly(nests, weight, np.where(live, log_a, 0.0))
    return np.where(live, taste, np.nan)


@kernel
def bought(
    row_first: Index,
    good_first: Index,
    share: In,
    log_unit: In,
    weight: In,
    sigma: In,
    eps: In,
    paid: In,
    asked: In,
    age: In,
    before: In,
    past: float,
    taste: Out,
    first: int,
    stop: int,
) -> None:
    """Tastes by nest behind what was `asked` for at prices `paid`; NaN where nothing was.

    log_unit : log of what a link's unit costs in its row's composite where its price is 1
    """
    row, last = np.uint64(first), np.uint64(stop)
    size = room(row_first, good_first, row, last)
    work, who = np.empty((7, size)), np.empty((2, size), np.uint64)
    log_q, log_good, log_row = np.empty(size), np.empty(size), np.empty(size)
    aside, live = np.empty(size), np.empty(len(weight))
    while row < last:
        end = batch_end(row_first, good_first, row, last)
        g0, g1 = row_first[row], row_first[end]
        l0, l1 = good_first[g0], good_first[g1]
        for j in range(l1 - l0):
            log_q[j] = log(paid[l0 + j]) + log_unit[l0 + j]
        given_costs(
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
            log_row,
            aside,
        )
        for g in range(g0, g1):
            spent = 0.0
            for j in range(good_first[g], good_first[g + np.uint64(1)]):
                spent += paid[j] * asked[j] if age[j] < before[j] + past else 0.0
            taste[g], live[g] = spent / weight[g], 1.0 if spent > 0.0 else 0.0
        for g in range(g0, g1):
            taste[g] = log(taste[g]) if live[g] > 0.0 else 0.0
        for i in range(row, end):
            for g in range(row_first[i], row_first[i + np.uint64(1)]):
                taste[g] += (sigma[i] - 1.0) * log_good[g - g0] * live[g]
        centred(row_first, weight, taste, live, row, end)
        row = end


@operation(_find_bought_tastes_plainly)
def find_bought_tastes(
    nests: Nests,
    share: Floats,
    log_unit: Floats,
    weight: Floats,
    sigma: Floats,
    eps: Floats,
    paid: Floats,
    asked: Floats,
    age: Floats,
    before: Floats,
    past: float,
) -> Floats:
    """(G,) tastes by nest as revealed by what was `asked` for (m,) at prices `paid` (m,).

    log_unit : (m,) log of what a link's unit costs in its row's composite where its price is 1
    weight   : (G,) nests' shares

    Less their mean over a row's spending; NaN where nothing of a good was asked for.
    """
    taste = np.empty(len(nests.good_row))
    given = *nests.csr, share, log_unit, weight, sigma, eps, paid, asked, age, before, past, taste
    over(nests.n, 2 * nests.m, lambda a, b: bought(*given, a, b))
    return taste


def _find_apart_plainly(nests: Nests, link: Floats, row: Floats) -> Bools:
    differ = (link != row[nests.row_of]).astype(float)
    return np.asarray(sum_by_row(nests, differ) > 0)


@kernel
def apart(
    row_first: Index,
    good_first: Index,
    link: In,
    row: In,
    out: Out,
    first: int,
    stop: int,
) -> None:
    """1 for rows of which some link's number is not the row's, else 0."""
    for i in range(np.uint64(first), np.uint64(stop)):
        count = 0.0
        for j in range(good_first[row_first[i]], good_first[row_first[i + np.uint64(1)]]):
            count += 0.0 if link[j] == row[i] else 1.0
        out[i] = 1.0 if count > 0.0 else 0.0


@operation(_find_apart_plainly)
def find_apart(nests: Nests, link: Floats, row: Floats) -> Bools:
    """(n,) rows of which some link's number (m,) is not the row's (n,)."""
    out = np.empty(nests.n)
    over(nests.n, nests.m, lambda a, b: apart(*nests.csr, link, row, out, a, b))
    return np.asarray(out > 0)


def _any_news_plainly(age: Floats, before: Floats, past: float) -> bool:
    return bool((age < before + past).any())


@kernel
def news(age: In, before: In, past: float, count: Out) -> None:
    """How many of these reports are new, to `count[0]`."""
    total = np.int64(0)
    for j in range(np.uint64(len(age))):
        total += np.int64(age[j] < before[j] + past)
    count[0] = total


@operation(_any_news_plainly)
def any_news(age: Floats, before: Floats, past: float) -> bool:
    """Whether any report (k,) is new."""
    count = np.empty(1)
    news(age, before, past, count)
    return bool(count[0])
