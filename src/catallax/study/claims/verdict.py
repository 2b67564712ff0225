"""Verdicts on directions, figures and limits: the declared rules applied to samples."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from scipy.special import stdtrit

from catallax.arrays import Floats
from catallax.protocol import Value
from catallax.study.claims.border import borders
from catallax.study.claims.declared import Part, Rules
from catallax.study.claims.samples import Sample

SUPPORTED, CONTRADICTED, DEPENDS = "supported", "contradicted", "depends"
INCONSISTENT, NOT_TESTABLE = "inconsistent", "not testable here"
VERDICTS = (SUPPORTED, CONTRADICTED, DEPENDS, INCONSISTENT, NOT_TESTABLE)
ROUNDING = 1e-9  # of weights that are added up

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
