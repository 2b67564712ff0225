"""Passes over recipes: sparse rows of input per unit of output, a row per technique.

Costs gather prices along a row; uses scatter a row's inputs over the columns. Rows are shared out
in ranges when gathering. When scattering they are cut into a fixed number of blocks, each with
sums of its own that are added up in order, so the bits do not depend on the number of threads.
Columns are unsigned and as narrow as they can be: 16 bits up to 65,536 of them.
"""

from typing import Any

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.kernels.jit import generic

WIDTH = 8  # right-hand sides that one pass serves


@generic
def check(row: Any, column: Any, value: Any, rows: int, columns: int, first: int, stop: int) -> int:
    """Where entries `first` to `stop` - 1 are first wrong: out of range, negative or not finite."""
    for k in range(first, stop):
        good = 0 <= row[k] < rows and 0 <= column[k] < columns
        if not (good and 0.0 <= value[k] < np.inf):
            return k
    return -1


@generic
def tally(row: Any, parts: int, count: Ints, first: int, stop: int) -> None:
    """Entries of every row within each part: count (parts, rows), parts `first` to `stop` - 1."""
    size = len(row)
    for part in range(first, stop):
        for k in range(size * part // parts, size * (part + 1) // parts):
            count[part, row[k]] += 1


@generic
def starts(count: Ints, start: Ints) -> None:
    """Turn the tally into where each part's entries of each row begin; start (rows + 1,)."""
    at = 0
    for i in range(count.shape[1]):
        start[i] = at
        for part in range(count.shape[0]):
            here = count[part, i]
            count[part, i] = at
            at += here
    start[-1] = at


@generic
def place(
    row: Any, column: Any, value: Any, at: Ints, to: Any, amount: Any, first: int, stop: int
) -> None:
    """Put entries where `starts` says, in their own order within a row (a counting sort)."""
    size, parts = len(row), at.shape[0]
    for part in range(first, stop):
        for k in range(size * part // parts, size * (part + 1) // parts):
            i = row[k]
            here = at[part, i]
            at[part, i] = here + 1
            to[here] = column[k]
            amount[here] = value[k]


@generic
def gather(
    start: Ints, column: Any, value: Any, which: Ints, v: Floats, out: Floats, first: int, stop: int
) -> None:
    """Sum of value * v[column] over row which[k] to out[k]; four partial sums hide latency."""
    for k in range(first, stop):
        j, end = start[which[k]], start[which[k] + 1]
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        while j + 4 <= end:
            a += value[j] * v[column[j]]
            b += value[j + 1] * v[column[j + 1]]
            c += value[j + 2] * v[column[j + 2]]
            d += value[j + 3] * v[column[j + 3]]
            j += 4
        while j < end:
            a += value[j] * v[column[j]]
            j += 1
        out[k] = (a + b) + (c + d)


@generic
def gather_many(
    start: Ints, column: Any, value: Any, which: Ints, v: Floats, out: Floats, first: int, stop: int
) -> None:
    """The same for WIDTH right-hand sides at once: v (columns, WIDTH), out (len(which), WIDTH)."""
    total = np.empty(WIDTH)
    for k in range(first, stop):
        total[:] = 0.0
        for j in range(start[which[k]], start[which[k] + 1]):
            a, c = value[j], column[j]
            for r in range(WIDTH):
                total[r] += a * v[c, r]
        for r in range(WIDTH):
            out[k, r] = total[r]


@generic
def scatter(
    start: Ints, column: Any, value: Any, which: Ints, x: Floats, out: Floats, first: int, stop: int
) -> None:
    """Add value * x[k] over row which[k] to the columns; out (blocks, columns), a block a part."""
    blocks, size = out.shape[0], len(which)
    for block in range(first, stop):
        total = out[block]
        for k in range(size * block // blocks, size * (block + 1) // blocks):
            scale = x[k]
            if scale != 0.0:
                for j in range(start[which[k]], start[which[k] + 1]):
                    total[column[j]] += value[j] * scale


@generic
def least(
    start: Ints, column: Any, value: Any, v: Floats, out: Floats, first: int, stop: int
) -> None:
    """The smallest v[column] among the inputs that a row does use, at most 1, to out[k]."""
    for k in range(first, stop):
        low = 1.0
        for j in range(start[k], start[k + 1]):
            if value[j] > 0.0:
                low = min(low, v[column[j]])
        out[k] = low
