"""A measure over seeds: its mean and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from scipy.special import stdtrit

from catallax.arrays import Floats
from catallax.protocol import Measured


@final
@dataclass(frozen=True)
class Summary:
    """A measure over seeds: mean, 95 % interval (Student's t), or the reason for none."""

    mean: float | None
    ci95: tuple[float, float] | None
    unit: str
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain values; what is undefined is None and carries a reason."""
        plain: dict[str, Any] = {
            "mean": self.mean,
            "ci95": None if self.ci95 is None else list(self.ci95),
            "unit": self.unit,
        }
        return {**plain, "reason": self.reason} if self.reason else plain


def summarise(values: Sequence[Measured], unit: str) -> Summary:
    """Mean and 95 % interval of the values that are there; all must be there for a mean."""
    missing = [v.reason for v in values if v.value is None]
    if missing:
        return Summary(None, None, unit, f"{missing[0]} ({len(missing)} of {len(values)} seeds)")
    x = np.array([v.value for v in values], dtype=np.float64)
    mean = float(x.mean())
    if len(x) < 2:
        return Summary(mean, None, unit, "one seed has no interval")
    half = float(half_width(x))
    return Summary(mean, (mean - half, mean + half), unit)


def half_width(x: Floats) -> Floats:
    """Half of Student's 95 % interval of the mean over the first axis, at least two entries."""
    count = len(x)
    return np.asarray(stdtrit(count - 1, 0.975) * x.std(axis=0, ddof=1) / np.sqrt(count))
