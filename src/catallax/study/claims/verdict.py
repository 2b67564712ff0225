"""Verdicts on directions, figures and limits, and where over a map the sign of a result changes."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from typing import Any, Protocol, final

import numpy as np
from scipy.special import stdtrit

from catallax.arrays import Floats
from catallax.protocol import Value
from catallax.study.claims.declared import Part, Rules
from catallax.study.claims.samples import Sample

SUPPORTED, CONTRADICTED, DEPENDS = "supported", "contradicted", "depends"
INCONSISTENT, NOT_TESTABLE = "inconsistent", "not testable here"
ROUNDING = 1e-9  # of weights that are added up


class Judged(Protocol):
    """A place that was judged."""

    @property
    def weight(self) -> float:
        """Prior."""
        ...

    @property
    def holds(self) -> int:
        """1 where the claim surely holds, -1 where it surely fails, else 0."""
        ...


def borders(
    samples: Sequence[Sample], spots: Sequence[Judged], in_logs: Container[str] = ()
) -> tuple[str, ...]:
    """One sentence for each axis over which the mean changes its sign, else what there is instead.

    in_logs : axes that are read in logs

    The mean at a value of an axis is weighted by the prior over all other axes.
    """
    axes = [name for name in samples[0].point if len(_values(samples, name)) > 1]
    found = [text for name in axes for text in _borders_along(name, samples, name in in_logs)]
    if found:
        return tuple(found)
    if {s.holds for s in spots} >= {1, -1}:
        return ("the sign differs between places, but on average over no single axis",)
    undecided = sum(s.weight for s in spots if s.holds == 0)
    return (f"none within the map, of which {100 * undecided:.0f} % is undecided",)


def _values(samples: Sequence[Sample], name: str) -> list[Value]:
    return list(dict.fromkeys(s.point[name] for s in samples))


def _borders_along(name: str, samples: Sequence[Sample], in_logs: bool) -> list[str]:
    """Sentences about one axis; none where the mean keeps its sign."""
    means = [
        (v, m) for v in _values(samples, name) if (m := _mean_at(samples, name, v)) is not None
    ]
    if any(isinstance(v, (str, bool)) for v, _ in means):
        return _describe_signs(name, means)
    ordered = sorted((float(v), m) for v, m in means)
    return [
        f"over {name} the mean changes from {_describe_sign(a[1])} to {_describe_sign(b[1])} "
        f"at {find_crossing(a, b, in_logs=in_logs):.3g}"
        for a, b in pairwise(ordered)
        if a[1] * b[1] < 0
    ]


def _mean_at(samples: Sequence[Sample], name: str, value: Value) -> float | None:
    there = [s for s in samples if s.point[name] == value and s.values]
    weight = sum(s.weight for s in there)
    if not weight:
        return None
    return sum(s.weight * sum(s.values.values()) / len(s.values) for s in there) / weight


def find_crossing(a: tuple[float, float], b: tuple[float, float], *, in_logs: bool) -> float:
    """Where the line from a to b, each (value, mean), meets 0; in logs where the axis is."""
    logs = in_logs and min(a[0], b[0]) > 0
    x, y = (log(a[0]), log(b[0])) if logs else (a[0], b[0])
    at = x + (y - x) * a[1] / (a[1] - b[1])
    return exp(at) if logs else at


def _describe_signs(name: str, means: Sequence[tuple[Value, float]]) -> list[str]:
    """What has which sign, where values have names."""
    over = [str(v) for v, m in means if m > 0]
    under = [str(v) for v, m in means if m < 0]
    if not over or not under:
        return []
    return [f"above 0 on average in {', '.join(over)}, below in {', '.join(under)}"]


def _describe_sign(mean: float) -> str:
    return "above 0" if mean > 0 else "below 0"


VERDICTS = (SUPPORTED, CONTRADICTED, DEPENDS, INCONSISTENT, NOT_TESTABLE)

Interval = tuple[float, float]


@final
@dataclass(frozen=True)
class Spot:
    """One place of the map: mean over seeds and its interval, or why there is none.

    holds : whether the claim surely holds there (1), surely fails (-1), or neither (0)
    seeds : with a number
    lost  : why other seeds have none
    """

    point: Mapping[str, Value]
    weight: float
    mean: float | None
    ci: Interval | None
    holds: int
    seeds: int
    lost: tuple[str, ...] = ()


@final
@dataclass(frozen=True)
class PartVerdict:
    """What a part comes to.

    estimate : prior-weighted mean over the map, mean over seeds
    ci       : its 95 % interval over seeds
    central  : central 80 % of our distribution, over map and seeds
    supports, against : prior-weighted shares of the map where the claim surely holds, surely fails
    verdict  : of the part by its own rule
    border   : of what depends: where the sign changes, in sentences, or that it does not
    spots    : every place of the map
    reason   : why there is no estimate; "" if there is one
    """

    title: str
    estimate: float | None
    ci: Interval | None
    central: Interval | None
    supports: float
    against: float
    verdict: str
    border: tuple[str, ...]
    spots: tuple[Spot, ...]
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values, never NaN."""
        plain = {k: getattr(self, k) for k in self.__dataclass_fields__ if k != "spots"}
        spots = [{k: getattr(s, k) for k in s.__dataclass_fields__} for s in self.spots]
        return {**plain, "spots": [{**s, "point": dict(s["point"])} for s in spots]}

    @staticmethod
    def from_dict(plain: Mapping[str, Any]) -> "PartVerdict":
        """The finding of `to_dict`, read back from JSON."""
        spots = tuple(
            Spot(**{**s, "ci": _read_interval(s["ci"]), "lost": tuple(s["lost"])})
            for s in plain["spots"]
        )
        given = {**plain, "spots": spots, "border": tuple(plain["border"])}
        return PartVerdict(
            **{
                **given,
                "ci": _read_interval(plain["ci"]),
                "central": _read_interval(plain["central"]),
            }
        )


def _read_interval(ends: Sequence[float] | None) -> Interval | None:
    return None if ends is None else (ends[0], ends[1])


def judge_part(
    part: Part,
    samples: Sequence[Sample],
    rules: Rules,
    value: float | None = None,
    in_logs: Container[str] = (),
) -> PartVerdict:
    """What the samples of a map say of a part.

    value   : the essay's figure, if that is what is to be judged
    in_logs : axes that are read in logs
    """
    spots = tuple(_judge_point(part, s, rules) for s in samples)
    estimate, ci = _estimate(samples, rules)
    central = _central(samples, rules)
    supports, against = (sum(s.weight for s in spots if s.holds == sign) for sign in (1, -1))
    verdict = _judge_direction(supports, against, rules)
    if value is not None and central is not None:
        verdict = SUPPORTED if central[0] <= value <= central[1] else CONTRADICTED
    reason = ""
    if estimate is None:
        verdict = NOT_TESTABLE
        reason = next((r for s in samples for r in s.lost), "there is no run")
    asked = bool(part.sign) and verdict == DEPENDS
    border = borders(samples, spots, in_logs) if asked else ()
    return PartVerdict(
        part.title, estimate, ci, central, supports, against, verdict, border, spots, reason
    )


def _judge_direction(supports: float, against: float, rules: Rules) -> str:
    if supports >= rules.share - ROUNDING:
        return SUPPORTED
    return CONTRADICTED if against >= rules.share - ROUNDING else DEPENDS


def _judge_point(part: Part, sample: Sample, rules: Rules) -> Spot:
    x = np.array(list(sample.values.values()))
    mean = float(x.mean()) if x.size else None
    ci = interval(x, rules.confidence)
    holds = 0 if ci is None or sample.lost else _side_of(part, ci)
    return Spot(sample.point, sample.weight, mean, ci, holds, len(x), sample.lost)


def _side_of(part: Part, ci: Interval) -> int:
    """Whether the interval lies on the claim's side (1), on the other (-1) or on neither (0)."""
    low, high = ci
    if part.tolerance is not None:
        if -part.tolerance <= low and high <= part.tolerance:
            return 1
        return -1 if low > part.tolerance or high < -part.tolerance else 0
    if low > 0:
        return part.sign
    return -part.sign if high < 0 else 0


def interval(x: Floats, confidence: float) -> Interval | None:
    """Student's interval of the mean of (k,); None for fewer than two."""
    if len(x) < 2:
        return None
    half = float(stdtrit(len(x) - 1, (1 + confidence) / 2) * x.std(ddof=1) / np.sqrt(len(x)))
    return float(x.mean()) - half, float(x.mean()) + half


def _estimate(samples: Sequence[Sample], rules: Rules) -> tuple[float | None, Interval | None]:
    """Prior-weighted mean over the places with numbers, and its interval over seeds."""
    there = [s for s in samples if s.values]
    if not there:
        return None, None
    w = np.array([s.weight for s in there]) / sum(s.weight for s in there)
    mean = float(w @ [float(np.mean(list(s.values.values()))) for s in there])
    whole = sorted(set.intersection(*(set(s.values) for s in there)))
    by_seed = np.array([float(w @ [s.values[seed] for s in there]) for seed in whole])
    return mean, interval(by_seed, rules.confidence)


def _central(samples: Sequence[Sample], rules: Rules) -> Interval | None:
    """Central part of the distribution over map and seeds, a seed's weight shared in its place."""
    pairs = sorted((v, s.weight / len(s.values)) for s in samples for v in s.values.values())
    if not pairs:
        return None
    x, w = np.array(pairs).T
    reached = np.cumsum(w) / w.sum()
    low, high = (1 - rules.central) / 2, (1 + rules.central) / 2
    ends = [int(np.searchsorted(reached, q - ROUNDING)) for q in (low, high)]
    return float(x[ends[0]]), float(x[min(ends[1], len(x) - 1)])
