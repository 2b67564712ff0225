"""What the charts draw: means over seeds with 95 % bands, at the weeks that were sampled."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.experiments import Comparison
from catallax.experiments.summary import half_width
from catallax.network import Floats


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
    """Mean of (seeds, k) paths with Student's t interval; geometric where `logs`."""
    x = np.log(paths) if logs else paths
    back = np.exp if logs else np.asarray
    mean = x.mean(axis=0)
    if len(x) < 2:
        return Band(weeks, back(mean), None, None)
    half = half_width(x)
    return Band(weeks, back(mean), back(mean - half), back(mean + half))


def efficiency(comparison: Comparison, mechanism: str) -> Band | None:
    """Efficiency over time of the completed runs; None if there is none."""
    paths = comparison.paths(mechanism, "efficiency")
    return band(comparison.weeks, paths) if len(paths) else None


def response(comparison: Comparison, mechanism: str) -> Band | None:
    """D = log(efficiency / twin's); None where a run stopped or fell to zero."""
    paths = comparison.paths(mechanism, "response")
    return band(comparison.weeks, paths) if len(paths) == len(comparison.seeds) else None


def price(comparison: Comparison, mechanism: str, resource: str) -> Band | None:
    """Price of `resource` over the wage in the completed runs; None if none is posted."""
    paths = comparison.paths(mechanism, f"price of {resource}")
    return band(comparison.weeks, paths, logs=True) if len(paths) else None


def yardstick(comparison: Comparison) -> str | None:
    """The mechanism whose optimum prices are shown: an oracle if one was run to its end."""
    done = [
        m
        for m, outcomes in comparison.outcomes.items()
        if any(o.trace.ending.completed for o in outcomes)
    ]
    oracles = [m for m in done if comparison.oracle(m)]
    return next(iter(oracles + done), None)


def best_price(comparison: Comparison, resource: str) -> Band | None:
    """The same price in the weekly optimum behind the yardstick's runs."""
    name = yardstick(comparison)
    if name is None:
        return None
    paths = comparison.paths(name, f"optimum's price of {resource}")
    return band(comparison.weeks, paths, logs=True) if len(paths) else None
