"""Readings of recipes, and how many there were: what a large plan costs."""

from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats, Ints
from catallax.kernels import leontief as kernels
from catallax.kernels.threads import over
from catallax.labs.linear_programming.recipes import Recipes


@final
class Passes:
    """Costs and uses of some techniques, shared out to threads; `read` counts coefficients.

    The bits do not depend on the number of threads: a row's cost is its own sum, and uses are
    summed in blocks whose number depends on the recipes alone.
    """

    def __init__(self, recipes: Recipes) -> None:
        self.recipes = recipes
        self.read = 0
        self.all = np.arange(recipes.techniques)
        self._length = np.diff(recipes.start)
        self._blocks = int(np.clip(recipes.entries // (4 * recipes.columns), 1, 16))

    @property
    def passes(self) -> float:
        """How often all coefficients were read."""
        return self.read / max(self.recipes.entries, 1)

    def cost(self, v: Floats, which: Ints | None = None) -> Floats:
        """Cost of a unit of output at prices `v` of columns: (n + R,) -> (which,)."""
        at, entries = self._counted(which)
        r, out = self.recipes, np.empty(len(at))
        given = np.ascontiguousarray(v)
        over(
            len(at),
            entries,
            lambda a, b: kernels.gather(r.start, r.input, r.amount, at, given, out, a, b),
        )
        return out

    def costs(self, v: Floats, which: Ints | None = None) -> Floats:
        """The same for several prices at once: (n + R, c) -> (which, c)."""
        if not v.shape[1]:
            return np.empty((len(self._counted(which)[0]), 0))
        if v.shape[1] == 1:
            return self.cost(v[:, 0], which)[:, None]
        parts = range(0, v.shape[1], kernels.WIDTH)
        return np.hstack([self._many(v[:, c : c + kernels.WIDTH], which) for c in parts])

    def _many(self, v: Floats, which: Ints | None) -> Floats:
        at, entries = self._counted(which)
        r, out = self.recipes, np.empty((len(at), kernels.WIDTH))
        wide = np.zeros((len(v), kernels.WIDTH))
        wide[:, : v.shape[1]] = v
        over(
            len(at),
            entries,
            lambda a, b: kernels.gather_many(r.start, r.input, r.amount, at, wide, out, a, b),
        )
        return out[:, : v.shape[1]]

    def use(self, x: Floats, which: Ints | None = None) -> Floats:
        """What activities `x` of techniques `which` use of every column: (which,) -> (n + R,)."""
        at, entries = self._counted(which)
        r, out = self.recipes, np.zeros((self._blocks, self.recipes.columns))
        given = np.ascontiguousarray(x)
        over(
            self._blocks,
            entries,
            lambda a, b: kernels.scatter(r.start, r.input, r.amount, at, given, out, a, b),
        )
        return np.asarray(out.sum(axis=0))

    def least(self, v: Floats) -> Floats:
        """The smallest of 1 and `v` over the inputs of each technique: (n + R,) -> (P,)."""
        r, out = self.recipes, np.empty(self.recipes.techniques)
        self.read += r.entries
        over(
            len(out),
            r.entries,
            lambda a, b: kernels.least(r.start, r.input, r.amount, v, out, a, b),
        )
        return out

    def _counted(self, which: Ints | None) -> tuple[npt.NDArray[np.int64], int]:
        at = self.all if which is None else which
        entries = self.recipes.entries if which is None else int(self._length[at].sum())
        self.read += entries
        return at, entries
