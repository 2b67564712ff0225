"""The margin between two mechanisms as a smooth function of the two axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import stdtrit

from catallax.arrays import Floats

DRAWS = 400  # of each bootstrap
POWERS = ((0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2))  # of x and y, in the order to be had
ENOUGH = 1.5  # cells a coefficient
TAIL = 0.025
TINY = 1e-9


@final
@dataclass(frozen=True, eq=False)
class Surface:
    """A polynomial of second degree, fitted as it is and again on draws of two bootstraps.

    powers   : (p, 2) of x and y
    fit      : (p,) coefficients
    by_seeds : (DRAWS, p) with seeds drawn anew: what noise does
    by_cells : (DRAWS, p) with cells weighted anew: what the polynomial cannot follow does
    """

    powers: tuple[tuple[int, int], ...]
    fit: Floats
    by_seeds: Floats
    by_cells: Floats

    def along(self, fits: Floats, x: Floats, y: Floats) -> Floats:
        """(..., k) margins at the places x, y (k,) by coefficients (..., p)."""
        return np.asarray(fits @ _design_matrix(self.powers, x, y).T)


def fit_surface(x: Floats, y: Floats, margins: Sequence[Floats]) -> Surface:
    """Fit the mean margins of cells at the places x, y (c,) by weighted least squares.

    margins : of each cell by seed

    A cell weighs by its seeds, and the less the farther its margin is from 0: where one side wins
    by far, by how much does not bear on the border (Cauchy weights, their scale the median
    margin). Seeds are drawn the same in all cells of equally many; cells are weighted as in the
    Bayesian bootstrap (Rubin 1981), which no draw leaves without cells to fit.
    """
    means, counts = np.array([m.mean() for m in margins]), np.array([len(m) for m in margins])
    scale = float(np.median(np.abs(means))) or 1.0
    weight = counts / (1.0 + (means / scale) ** 2)
    powers, rng = _choose_powers(x, y), np.random.default_rng(20260)
    design = _design_matrix(powers, x, y)
    chances = rng.random((DRAWS, counts.max()))
    drawn = means + _widen(counts) * (_draw_means(margins, chances) - means)
    shares = weight * rng.exponential(size=(DRAWS, len(means)))
    return Surface(
        powers,
        _fit_all(design, means[None], weight[None])[0],
        _fit_all(design, drawn, weight[None]),
        _fit_all(design, means[None], shares),
    )


def _draw_means(margins: Sequence[Floats], chances: Floats) -> Floats:
    """(draws, c) means over seeds drawn with replacement."""
    places = [(chances[:, : len(m)] * len(m)).astype(np.int64) for m in margins]
    return np.stack([m[at].mean(axis=1) for m, at in zip(margins, places, strict=True)], axis=1)


def _widen(counts: Floats) -> Floats:
    """Means of resampled seeds vary too little by sqrt((k-1)/k), and their law is Student's."""
    free = np.maximum(counts - 1, 1)
    wide = stdtrit(free, 1 - TAIL) / stdtrit(np.inf, 1 - TAIL)
    return np.asarray(np.sqrt((free + 1) / free) * wide)


def _fit_all(design: Floats, means: Floats, weight: Floats) -> Floats:
    """(draws, p) least-squares coefficients of (draws, c) means and weights."""
    weight = weight / weight.mean(axis=1, keepdims=True)
    square = np.einsum("ci,dc,cj->dij", design, weight, design, optimize=True)
    square = square + TINY * np.eye(design.shape[1])
    return np.asarray(np.linalg.solve(square, ((weight * means) @ design)[..., None])[..., 0])


def _design_matrix(powers: Sequence[tuple[int, int]], x: Floats, y: Floats) -> Floats:
    return np.stack([x**a * y**b for a, b in powers], axis=1)


def _choose_powers(x: Floats, y: Floats) -> tuple[tuple[int, int], ...]:
    """Terms that the cells can tell apart: no square of two values, no term of one."""
    many = (len(np.unique(x)), len(np.unique(y)))
    apart = [(a, b) for a, b in POWERS if a < many[0] and b < many[1]]
    return tuple(apart[: max(int(len(x) / ENOUGH), 1)])
