"""Many cells at once: Holm's correction."""

from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.study.statistics.paired import LEVEL


@final
@dataclass(frozen=True, eq=False)
class Holm:
    """What is left of p-values once it is counted how many there are.

    decided : (m,) whether each is small enough
    levels  : (m,) level at which its interval shows the same: it holds 0 unless it is decided
    """

    decided: npt.NDArray[np.bool_]
    levels: Floats


def holm(p: Floats, level: float = LEVEL) -> Holm:
    """Holm's step-down procedure on (m,) p-values.

    The chance that any true null is called decided is `level` at most, however the p-values
    depend on each other: the smallest is held against level/m, the next against level/(m-1), until
    one is too large.

    Source: Holm (1979).
    """
    m = len(p)
    order = np.argsort(p, kind="stable")
    steps = level / np.arange(m, 0, -1)
    small = p[order] <= steps
    count = m if small.all() else int(np.argmin(small))
    steps[count:] = steps[count] if count < m else level
    decided, levels = np.zeros(m, dtype=np.bool_), np.empty(m)
    decided[order[:count]] = True
    levels[order] = steps
    return Holm(decided, levels)
