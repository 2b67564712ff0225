"""How sure a result is: means over seeds, paired differences, many cells at once, repeated looks.

Whoever adds seeds until an interval leaves out 0, and then stops, finds a difference where there
is none far more often than the interval says. Looks therefore stand at set numbers of seeds, each
twice the one before, and the k-th may err with a chance of level/(k (k+1)) only. These add up to
the level over however many looks, since 1/2 + 1/6 + 1/12 + ... = 1 (the union bound; alpha spending
in the sense of Lan & DeMets 1983). Each is a plain Student's interval, so with few seeds it is as
exact as that is: it takes differences that are independent and normal, and at most one look
between two powers. A confidence sequence by a mixture may be looked at at any time, but is much
wider at 4 or 8 seeds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.protocol import Measured
from catallax.renamed import hand_out_old_names

LEVEL = 0.05
HALF = 0.5
FIRST = 4  # seeds at the first look


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


def estimate_ratio(above: Floats, below: Floats) -> tuple[float, float] | None:
    """95 % interval of mean(above) / mean(below), pairs of (k,) with k >= 2; None for none.

    Those ratios r for which the mean of above - r below lies within Student's interval of 0, so
    that no ratio of single pairs is taken. They are bounded only where the mean of `below` differs
    from 0 by itself. Right if pairs are independent and normal.

    Source: Fieller (1954).
    """
    spread = np.cov(np.vstack([above, below])) / len(above)
    spread *= stdtrit(len(above) - 1, 1.0 - LEVEL / 2) ** 2
    mean = np.array([above.mean(), below.mean()])
    c, b, _, a = (np.outer(mean, mean) - spread).ravel().tolist()
    if a <= 0.0:
        return None
    half = math.sqrt(max(b * b - a * c, 0.0))
    return (b - half) / a, (b + half) / a


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
    Raises InputError for no differences and for a level that is not a share.
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


def look(seeds: int) -> int:
    """Number of the look at so many seeds: 1 up to 4 of them, 2 up to 8, 3 up to 16."""
    k, at = 1, FIRST
    while at < seeds:
        k, at = k + 1, 2 * at
    return k


def cost(seeds: int) -> int:
    """By what a look's level is divided, and its p-value multiplied."""
    return look(seeds) * (look(seeds) + 1)


def next_look(seeds: int, most: int) -> int:
    """Seeds at the look after the one at `seeds`, `most` at most."""
    at = FIRST
    while at <= seeds:
        at *= 2
    return min(at, most)


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


hand_out_old_names(__name__)
