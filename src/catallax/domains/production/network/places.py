"""The axes along which arrays hold runs, and how a field says which one is its own.

An array of rows, links, households or nests has them along its last axis, and bids, which come in
threes, have their links along the first. A field of a value that
runs hold names that axis in its type (`stock: RowFloats`), so nobody has to guess from a length:
a network may well have as many links as rows.
"""

from dataclasses import dataclass, fields
from enum import Enum
from typing import Annotated, final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.placement import Placement


@final
class Along(Enum):
    """What an axis of an array counts, the last one but for bids."""

    ROWS = "rows"
    LINKS = "links"
    BIDS = "bids"  # links, along the first axis
    HOUSEHOLDS = "households"
    NESTS = "nests"  # of households: the goods that each of them buys
    RUNS = "runs"  # one entry a run


RowFloats = Annotated[Floats, Along.ROWS]
LinkFloats = Annotated[Floats, Along.LINKS]
BidFloats = Annotated[Floats, Along.BIDS]
HouseholdFloats = Annotated[Floats, Along.HOUSEHOLDS]
NestFloats = Annotated[Floats, Along.NESTS]
RunFloats = Annotated[Floats, Along.RUNS]
RunFlags = Annotated[npt.NDArray[np.bool_], Along.RUNS]


@final
@dataclass(frozen=True)
class Places:
    """How the runs of a network are placed along each axis.

    final : links of households, which are the last ones
    """

    rows: Placement
    links: Placement
    plants: Placement
    households: Placement
    nests: Placement
    final: Placement

    @property
    def runs(self) -> int:
        """How many runs stand side by side, >= 1."""
        return self.rows.runs

    def along(self, axis: Along) -> Placement:
        """The placement along an axis."""
        if axis is Along.RUNS:
            return Placement((1,), self.runs)
        if axis is Along.BIDS:
            return self.links
        found: Placement = getattr(self, axis.value)
        return found

    def of_runs(self, runs: int) -> "Places":
        """The same for as many runs."""
        held = (getattr(self, f.name) for f in fields(self))
        return Places(*(Placement(place.lengths, runs) for place in held))
