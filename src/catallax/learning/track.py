"""What is believed of series."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, final

import numpy as np

from catallax.arrays import Floats


class Followed(Protocol):
    """What any rule makes of k series."""

    @property
    def level(self) -> Floats:
        """(k,) what is believed of today."""

    @property
    def count(self) -> Floats:
        """(k,) values heard since the start or the last break."""

    @property
    def error(self) -> Floats:
        """(k,) variance of the error of `level`; infinite while nothing was heard."""

    @property
    def told(self) -> bool:
        """Whether any series was ever heard."""


@final
@dataclass(frozen=True, eq=False)
class Track:
    """What is believed of k series.

    level  : (k,) of today
    slope  : (k,) change a period
    season : seasonal deviations (k,) of each period, the coming one's first; none without seasons
    count  : (k,) values heard since the start or the last break
    error  : (k,) variance of the error of `level`; infinite while nothing was heard
    anchor : (k,) a value heard at most SPAN periods ago
    since  : (k,) periods from then to the last one in which any series was heard
    idle   : periods since in which none was
    excess : sum over series and periods of since x (squared change since the anchor, less what
             noise explains)
    weight : sum of since^2
    """

    level: Floats
    slope: Floats
    season: tuple[Floats, ...]
    count: Floats
    error: Floats
    anchor: Floats
    since: Floats
    idle: int = 0
    excess: float = 0.0
    weight: float = 0.0

    @property
    def walk(self) -> float:
        """Variance of the true change a period, by least squares over all lags looked at."""
        return max(self.excess / self.weight, 0.0) if self.weight > 0 else 0.0

    @cached_property
    def told(self) -> bool:
        """Whether any series was ever heard."""
        return bool(self.count.any())

    @property
    def silent(self) -> "Track":
        """One period later, in which nothing was heard of series that stand still."""
        return replace(self, idle=self.idle + 1)

    @staticmethod
    def of(level: Floats, period: int = 0) -> "Track":
        """Nothing heard yet: `level` (k,) is believed."""
        zero = np.zeros_like(level)
        none = np.full_like(level, np.inf)
        return Track(level, zero, (zero,) * period, zero, none, level, zero)
