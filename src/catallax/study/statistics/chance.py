"""How many winners there would be by chance alone, were nothing corrected for."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.study.statistics.paired import LEVEL

HALF = 0.5


@final
@dataclass(frozen=True)
class Chance:
    """Winners at the uncorrected level, and how many of them chance would make.

    winners  : cells whose p-value is at most the level
    expected : of them by chance, if as many cells are without difference as their p-values say
    """

    winners: int
    expected: float

    @property
    def share(self) -> float:
        """Share of the winners that chance would make, 0 to 1; 0 where nobody wins."""
        return min(1.0, self.expected / self.winners) if self.winners else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {"winners": self.winners, "expected_by_chance": self.expected, "share": self.share}


def count_by_chance(p: Floats, level: float = LEVEL) -> Chance:
    """Of (m,) p-values.

    Without a difference p-values are uniform, so that those above one half tell how many cells
    have none.

    Source: Storey (2002), with lambda = 1/2.
    """
    still = min(float(len(p)), float(np.sum(p > HALF)) / (1.0 - HALF))
    return Chance(int(np.sum(p <= level)), level * still)
