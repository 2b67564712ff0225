"""What a centre makes of reports, link by link. What is worked out stands in `mechanisms.plain`.

age, before, past : ages of a kind of report, those when it was last looked at, and the time since:
                    what is younger than `before + past` is new
first, stop       : rows to do
"""

from typing import Any

import numpy as np

from catallax.kernels.ces import batch_end, given_costs, room
from catallax.kernels.elementary import log
from catallax.kernels.jit import In, Index, Out, Room, inline, kernel


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


@kernel
def news(age: In, before: In, past: float, count: Out) -> None:
    """How many of these reports are new, to `count[0]`."""
    total = np.int64(0)
    for j in range(np.uint64(len(age))):
        total += np.int64(age[j] < before[j] + past)
    count[0] = total
