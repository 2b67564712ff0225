"""Linear fixed points y = b + M y by conjugate residuals, to a residual that holds entry by entry.

Each iteration takes one application of M, as plain iteration does. Truncated ORTHOMIN (Vinsome
1976) picks the step along the last few residuals that makes the new one least, which removes the
dominant growth path at once; where residuals are weighed by sizes, small entries count as large
ones do.
"""

from collections.abc import Callable, Sequence

import numpy as np

from catallax.arrays import Floats

WINDOW = 12
STALLED = 0.98  # a step that leaves more than this of the residual is followed by a plain one


def solve_linear_fixed_point(
    image: Callable[[Floats, bool], Floats],
    y: Floats,
    size: Floats,
    tol: float,
    limit: int = 1000,
) -> tuple[Floats, int, float]:
    """(y, applications, residual) of y = image(y, True), columns each by itself.

    image : b + M y, or M y alone when the second argument is False; (n, c) -> (n, c)
    size  : (n, c) or (n, 1), > 0: what an entry's residual is weighed by
    tol   : largest |residual| / size that is accepted; the answer is one plain step better
    """
    weight = 1.0 / (size * size)
    kept: list[tuple[Floats, Floats]] = []
    r, used, before = image(y, True) - y, 1, np.inf
    while (worst := _find_worst(r, size)) > tol and used < limit:
        if not worst < STALLED * before and kept:
            y, kept, before = y + r, [], np.inf
            r, used = image(y, True) - y, used + 1
            continue
        before = worst
        d, q = _find_direction(r, r - image(r, False), kept, weight)
        step = _dot(r, q, weight)
        y, r = y + step * d, r - step * q
        kept, used = [*kept[-WINDOW + 1 :], (d, q)], used + 1
        if _find_worst(r, size) <= tol:  # what was carried along must hold when worked out afresh
            r, used, kept, before = image(y, True) - y, used + 1, [], np.inf
    return y + r, used, worst


def _find_direction(
    d: Floats, q: Floats, kept: Sequence[tuple[Floats, Floats]], weight: Floats
) -> tuple[Floats, Floats]:
    """A direction and what a step along it takes off residuals, of size 1, at right angles."""
    for before, its in kept:
        share = _dot(q, its, weight)
        d, q = d - share * before, q - share * its
    norm = np.sqrt(_dot(q, q, weight))
    scale = 1.0 / np.where(norm > 0, norm, 1.0)
    return d * scale, q * scale


def _dot(a: Floats, b: Floats, weight: Floats) -> Floats:
    return np.asarray((a * b * weight).sum(axis=0))


def _find_worst(r: Floats, size: Floats) -> float:
    return float(np.max(np.abs(r) / size, initial=0.0))
