"""Search by evolution of a covariance matrix (CMA-ES), with the library `cmaes`."""

from collections.abc import Sequence
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.extras import extra


@final
class CMAES:
    """CMA-ES about the origin (Hansen & Ostermeier 2001): only the ranks of losses count.

    dimensions : of the points, >= 1
    seed       : of its draws
    size       : points asked for at once
    spread     : first s.d. of every coordinate

    Raises MissingExtra where the library is not installed.
    """

    def __init__(self, dimensions: int, seed: int, *, size: int = 8, spread: float = 1.0) -> None:
        self.size, self._one = size, dimensions == 1
        # The library knows no single dimension; a second one that nobody looks at does no harm.
        self._inner = _import_library().CMA(
            mean=np.zeros(max(dimensions, 2)), sigma=spread, population_size=size, seed=seed
        )

    def ask(self) -> Sequence[Floats]:
        """The next points, (d,) each."""
        self._whole = [self._inner.ask() for _ in range(self.size)]
        return [np.asarray(z[:1] if self._one else z) for z in self._whole]

    def tell(self, points: Sequence[Floats], losses: Sequence[float]) -> None:
        """How good the points of the last `ask` were: the smaller the better."""
        self._inner.tell(list(zip(self._whole, losses, strict=True)))


def _import_library() -> Any:
    return extra("cmaes", "searching for adverse contracts", "search")
