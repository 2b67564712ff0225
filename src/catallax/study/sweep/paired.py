"""Differences between runs on the same seeds, where a run that came to grief counts as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError, unknown
from catallax.execute.rows import RunRows
from catallax.protocol import PRODUCTION, Measure, Value, domain_named
from catallax.study.statistics import estimate_mean as estimate

PointAndLabel = tuple[Mapping[str, Value], str]


@final
@dataclass(frozen=True, eq=False)
class PairedDifference:
    """What one thing has over another on the same seeds.

    values : (k,) differences, one a seed
    failed : runs among both that stopped or have no such measure; each counts what the measure says
             of failed runs, or its seed is left out where that means nothing
    """

    values: Floats
    failed: int = 0

    @property
    def mean(self) -> float:
        """Mean difference."""
        return float(self.values.mean())

    @property
    def half(self) -> float | None:
        """Half of Student's 95 % interval; None for a single seed."""
        ends = self.ci95
        return None if ends is None else (ends[1] - ends[0]) / 2

    @property
    def ci95(self) -> tuple[float, float] | None:
        """Student's 95 % interval of the mean; None for a single seed."""
        found = estimate(self.values)
        return (found.low, found.high) if len(self.values) > 1 else None

    def beyond(self, level: float) -> float:
        """Upper end of the one-sided interval of this level, 0.5 to 1; infinite for one seed."""
        return estimate(self.values, 2 * (1 - level)).high

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        ci = self.ci95
        plain = {"mean": self.mean, "ci95": None if ci is None else list(ci)}
        return {**plain, "seeds": len(self.values), "failed": self.failed}


def compare_places(
    rows: RunRows, one: PointAndLabel, two: PointAndLabel, measure: str, seeds: Sequence[int]
) -> PairedDifference:
    """The measure at place `one` less that at place `two`, a place being a point and a label.

    Raises InputError where a run is missing.
    """
    a, b = (values_at(rows, place, measure, seeds) for place in (one, two))
    lost = int(np.isnan(a).sum() + np.isnan(b).sum())
    known = measure_of(rows, measure)
    change = fill_failed(a, known) - fill_failed(b, known)
    there = change[~np.isnan(change)]
    if not len(there):
        raise InputError(f"{measure}: no seed has it for both {one[1]} and {two[1]}")
    return PairedDifference(there, lost)


def values_at(rows: RunRows, place: PointAndLabel, measure: str, seeds: Sequence[int]) -> Floats:
    """(k,) the measure at a place on each seed; NaN where a run has none.

    Raises InputError where a run is missing.
    """
    there = rows.at(*place)
    missing = [seed for seed in seeds if seed not in there]
    if missing:
        raise InputError(f"{place[1]} at {dict(place[0])}: no run on seed {missing[0]}")
    values = [there[seed].values.get(measure) for seed in seeds]
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def measure_of(rows: RunRows, name: str) -> Measure:
    """The measure called `name` of the rows' domain; of the economy where there are none.

    Raises InputError for an unknown one.
    """
    domain = next((row.domain for row in rows), PRODUCTION)
    return domain_named(domain).measure(name)


def fill_failed(values: Floats, measure: Measure) -> Floats:
    """The values with what a failed run counts in place of NaN, where that means something."""
    if measure.failed is None:
        return values
    return np.nan_to_num(values, nan=measure.failed)


def check_graded(measure: str, domain: str = PRODUCTION) -> None:
    """Raise InputError unless more of the measure is better."""
    good = [name for name, m in domain_named(domain).measures.items() if m.better == "higher"]
    if measure not in good:
        raise unknown("measure of which more is better", measure, good)


def check_there(rows: RunRows, measure: str) -> None:
    """Raise InputError if no run at all has the measure: then it is the question that is wrong."""
    if not any(row.values.get(measure) is not None for row in rows):
        why = next((row.reasons.get(measure, row.reason) for row in rows), "there are no runs")
        raise InputError(f"{measure}: no run has it ({why})")
