"""The mean of paired differences, its interval and how likely such a mean is by chance."""

import math
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from scipy.special import stdtr, stdtrit

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.study.summary import half_width

LEVEL = 0.05


@final
@dataclass(frozen=True)
class Estimate:
    """A mean and its interval.

    mean      : of the differences
    low, high : ends of the interval; infinite for one seed, which has none
    p         : chance of a mean at least as far from 0 if the true one is 0, 0 to 1
    count     : of seeds
    level     : chance that the interval misses the true mean, 0 to 1
    """

    mean: float
    low: float
    high: float
    p: float
    count: int
    level: float = LEVEL

    @property
    def holds_zero(self) -> bool:
        """Whether the interval holds 0."""
        return self.low <= 0.0 <= self.high

    def to_dict(self) -> dict[str, Any]:
        """As plain values; the ends are None where there is no interval."""
        ends = [self.low, self.high] if math.isfinite(self.low) else None
        return {"mean": self.mean, "interval": ends, "p": self.p, "seeds": self.count,
                "level": self.level}  # fmt: skip


def estimate_mean(differences: Floats, level: float = LEVEL) -> Estimate:
    """Student's interval of the mean of (k,) differences, which leaves out `level`.

    Right if differences are independent and normal. Without any spread the interval is a point.
    Raises InputError for no differences and for a level that is no share.
    """
    count = len(differences)
    if not count or not 0.0 < level < 1.0:
        raise InputError(f"paired: {count} differences at level {level:g}; expected 1 or more, at "
                         f"a level between 0 and 1")  # fmt: skip
    mean = float(np.mean(differences))
    if count == 1:
        return Estimate(mean, -math.inf, math.inf, 1.0, 1, level)
    plain = float(half_width(differences))
    error = plain / stdtrit(count - 1, 1.0 - LEVEL / 2)
    half = error * stdtrit(count - 1, 1.0 - level / 2)
    return Estimate(mean, mean - half, mean + half, _p_value(mean, error, count - 1), count, level)


def _p_value(mean: float, error: float, freedom: int) -> float:
    if error <= 1e-15 * max(abs(mean), 1e-15):
        return float(mean == 0.0)
    return float(2.0 * stdtr(freedom, -abs(mean / error)))
