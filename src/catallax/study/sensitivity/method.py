"""What a method of sensitivity analysis is asked for."""

from collections.abc import Mapping
from typing import Protocol

from catallax.arrays import Floats

Indices = Mapping[str, tuple[Floats, Floats]]
"""Name of an index -> (d,) its values and half their 95 % intervals, NaN where there is none."""


class SensitivityMethod(Protocol):
    """Chooses points of the unit cube, and reads indices from what came of them."""

    @property
    def name(self) -> str:
        """Of the method, for people."""
        ...

    def points(self, dimensions: int) -> Floats:
        """(k, d) points in the unit cube."""
        ...

    def indices(self, points: Floats, answers: Floats) -> Indices:
        """Indices from the answers (k,) at the points."""
        ...
