"""What the charts draw: means over seeds with 95 % bands, at the weeks that were sampled."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.study.statistics import half_width


@final
@dataclass(frozen=True, eq=False)
class Band:
    """A mean over seeds (k,) with the ends of its interval; None for one seed."""

    weeks: Floats
    mean: Floats
    low: Floats | None
    high: Floats | None

    def part(self, first: float, last: float) -> "Band":
        """The weeks from `first` to `last`."""
        keep = (self.weeks >= first) & (self.weeks <= last)
        low, high = (None if v is None else v[keep] for v in (self.low, self.high))
        return Band(self.weeks[keep], self.mean[keep], low, high)

    @property
    def values(self) -> Floats:
        """Every number drawn, in one row."""
        return np.concatenate([v for v in (self.mean, self.low, self.high) if v is not None])


def band(weeks: Floats, paths: Floats, *, logs: bool = False) -> Band:
    """Mean of (seeds, k) paths with Student's t interval; geometric where `logs`.

    A week in which one path has no finite number has no mean.
    """
    there = np.where(np.isfinite(paths), paths, np.nan)
    x = np.log(there) if logs else there
    back = np.exp if logs else np.asarray
    mean = x.mean(axis=0)
    if len(x) < 2:
        return Band(weeks, back(mean), None, None)
    half = half_width(x)
    return Band(weeks, back(mean), back(mean - half), back(mean + half))


def above_nought(paths: Floats) -> bool:
    """Whether every number that is there is above 0, so that it has a log."""
    return bool(np.all(paths[np.isfinite(paths)] > 0.0))
