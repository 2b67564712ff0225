"""Whatever proposes the next points of a search and is told how good they were."""

from collections.abc import Sequence
from typing import Protocol

from catallax.arrays import Floats


class Search(Protocol):
    """Ask for points, tell their losses."""

    def ask(self) -> Sequence[Floats]:
        """The next points, each (d,), in prior s.d. from what is there by default."""
        ...

    def tell(self, points: Sequence[Floats], losses: Sequence[float]) -> None:
        """How good they were: the smaller the better."""
        ...
