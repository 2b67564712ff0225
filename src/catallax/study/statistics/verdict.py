"""Who wins in each of many cells, or that it cannot be said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.study.statistics.holm import holm
from catallax.study.statistics.looks import cost
from catallax.study.statistics.paired import LEVEL, Estimate, estimate_mean


@final
@dataclass(frozen=True)
class Verdict:
    """Of one cell, among all that were judged with it.

    first, second : the two that are held against each other
    margin        : measure of the first less that of the second, with the interval at the level
                    that is left to this cell; it holds 0 unless the cell is decided
    decided       : whether the difference is beyond doubt
    """

    first: str
    second: str
    margin: Estimate
    decided: bool

    @property
    def winner(self) -> str | None:
        """The better of the two; None if it is undecided."""
        if not self.decided:
            return None
        return self.first if self.margin.mean > 0 else self.second


def verdicts(
    pairs: Sequence[tuple[str, str, Floats]], level: float = LEVEL, *, looked: bool = False
) -> list[Verdict]:
    """Verdicts on cells, each (first, second, differences (k,)), corrected by Holm over all.

    looked : whether seeds are added where it is undecided (`looks`), so that each look must pay
    """
    costs = np.array([cost(len(x)) if looked else 1 for _, _, x in pairs], dtype=np.float64)
    p = np.array([estimate_mean(x).p for _, _, x in pairs])
    found = holm(np.minimum(p * costs, 1.0), level)
    return [
        Verdict(first, second, estimate_mean(x, part), bool(decided))
        for (first, second, x), part, decided in zip(
            pairs, (found.levels / costs).tolist(), found.decided, strict=True
        )
    ]
