"""Where the sign of a comparison changes over a map, in sentences."""

from collections.abc import Container, Sequence
from itertools import pairwise
from math import exp, log
from typing import Protocol

from catallax.protocol import Value
from catallax.study.claims.samples import Sample


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
