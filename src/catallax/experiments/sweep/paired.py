"""Differences between runs on the same seeds, where a run that came to grief counts as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from catallax.errors import InputError, unknown
from catallax.experiments.settings import Value
from catallax.experiments.statistics import paired as estimate
from catallax.experiments.sweep.rows import Rows
from catallax.measures import MEASURES
from catallax.network import Floats

LOST = 0.0  # what a run counts whose measure is undefined, as in tuning

Place = tuple[Mapping[str, Value], str]


@final
@dataclass(frozen=True, eq=False)
class Paired:
    """What one thing has over another on the same seeds.

    values : (k,) differences, one a seed
    failed : runs among both that stopped or have no such measure; each counted as 0
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


def paired(rows: Rows, one: Place, two: Place, measure: str, seeds: Sequence[int]) -> Paired:
    """The measure at place `one` less that at place `two`, a place being a point and a label.

    Raises InputError where a run is missing.
    """
    a, b = (found(rows, place, measure, seeds) for place in (one, two))
    lost = int(np.isnan(a).sum() + np.isnan(b).sum())
    return Paired(np.nan_to_num(a, nan=LOST) - np.nan_to_num(b, nan=LOST), lost)


def found(rows: Rows, place: Place, measure: str, seeds: Sequence[int]) -> Floats:
    """(k,) the measure at a place on each seed; NaN where a run has none.

    Raises InputError where a run is missing.
    """
    there = rows.at(*place)
    missing = [seed for seed in seeds if seed not in there]
    if missing:
        raise InputError(f"{place[1]} at {dict(place[0])}: no run on seed {missing[0]}")
    values = [there[seed].values.get(measure) for seed in seeds]
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def check_graded(measure: str) -> None:
    """Raise InputError unless more of the measure is better, so that a failed run can count 0."""
    good = [name for name, m in MEASURES.items() if m.better == "higher"]
    if measure not in good:
        raise unknown("measure of which more is better", measure, good)


def check_there(rows: Rows, measure: str) -> None:
    """Raise InputError if no run at all has the measure: then it is the question that is wrong."""
    if not any(row.values.get(measure) is not None for row in rows):
        why = next((row.reasons.get(measure, row.reason) for row in rows), "there are no runs")
        raise InputError(f"{measure}: no run has it ({why})")
