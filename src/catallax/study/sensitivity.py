"""Which axes a result depends on: ranges, Sobol's indices and Morris's elementary effects."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError, unknown
from catallax.protocol import Axis, Experiment, NumberRange, TunedSpan, Value, domain_named
from catallax.protocol.makers import settings_of
from catallax.protocol.mechanism_names import maker_of, spec_of
from catallax.renamed import hand_out_old_names
from catallax.study.sweep import Base, Gather, RunRows, axis
from catallax.study.sweep.axes import is_whole
from catallax.study.sweep.paired import (
    check_graded,
    check_there,
    fill_failed,
    measure_of,
    values_at,
)

Indices = Mapping[str, tuple[Floats, Floats]]
"""Name of an index -> (d,) its values and half their 95 % intervals, NaN where there is none."""
STILL = 1e-12  # spread of answers below which nothing varies


class SensitivityMethod(Protocol):
    """Chooses points of the unit cube, and reads indices from what came of them."""

    @property
    def name(self) -> str:
        """Of the method, for people."""
        ...

    def points(self, dimensions: int) -> Floats:
        """(k, d) points in the unit cube."""
        ...

    def indices(self, points: Floats, answers: Floats) -> Indices:
        """Indices from the answers (k,) at the points."""
        ...


@final
@dataclass(frozen=True)
class SensitivityIndex:
    """One index of one axis, with half its 95 % interval where the method gives one."""

    value: float | None
    half: float | None

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {"value": self.value, "half": self.half}


@final
@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What a result hangs on.

    method  : its name
    ranges  : axis -> its range
    what    : mechanisms: one whose measure is taken, or two whose difference is
    measure : its name
    indices : axis -> name of the index -> its value; empty where nothing varied
    answers : (k,) the result at every point, mean over seeds
    failed  : runs that have no such measure; each counted as 0
    runs    : how many were made
    seconds : that they took
    seeds   : of every run
    reason  : why there are no indices
    """

    method: str
    ranges: Mapping[str, NumberRange]
    what: tuple[str, ...]
    measure: str
    indices: Mapping[str, Mapping[str, SensitivityIndex]]
    answers: Floats
    failed: int
    runs: int
    seconds: float
    seeds: tuple[int, ...]
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "method": self.method,
            "axes": {
                name: {"low": r.low, "high": r.high, "log": r.log}
                for name, r in self.ranges.items()
            },
            "mechanisms": list(self.what),
            "measure": self.measure,
            "indices": {
                name: {index: i.to_dict() for index, i in found.items()}
                for name, found in self.indices.items()
            },
            "mean": float(self.answers.mean()),
            "sd": float(self.answers.std()),
            "points": len(self.answers),
            "failed": self.failed,
            "runs": self.runs,
            "seconds": self.seconds,
            "seeds": list(self.seeds),
            "reason": self.reason,
        }


def measure_sensitivity(
    base: Base,
    ranges: Mapping[str, NumberRange],
    seeds: Sequence[int],
    gather: Gather,
    method: SensitivityMethod,
    *,
    measure: str = "score",
) -> Sensitivity:
    """What the margin between two mechanisms, or the measure of one, hangs on.

    base   : the contract, and the one or two mechanisms; of two the first less the second counts
    ranges : axis -> its range, all others as they are; every value in a range is equally likely
    method : chooses points and reads indices

    All points meet the same seeds, so what is left of noise is one draw of it for the whole map.
    A run without the measure counts what the measure says of failed runs, or its seed is left out.

    Raises InputError for other than one or two mechanisms, fewer than two axes, values out of
    range, and a point at which no run has the measure.
    """
    check_graded(measure, base.domain)
    what = tuple(base.mechanisms)
    if len(what) not in (1, 2) or not seeds:
        raise InputError("sensitivity: give one or two mechanisms, and at least one seed")
    if len(ranges) < 2:
        raise InputError("sensitivity: give at least two axes")
    points = method.points(len(ranges))
    at = [_scale_point(ranges, p) for p in points]
    once = {tuple(p.values()): p for p in at}
    rows = gather([base.at(p) for p in once.values()], seeds)
    check_there(rows, measure)
    read = {key: _answer_at(rows, p, what, measure, seeds) for key, p in once.items()}
    answers = np.array([read[tuple(p.values())][0] for p in at])
    failed = sum(lost for _, lost in read.values())
    still = float(answers.std()) < STILL
    indices = {} if still else _name_indices(ranges, method.indices(points, answers))
    return Sensitivity(
        method.name, dict(ranges), what, measure, indices, answers, failed, len(rows),
        rows.seconds, tuple(seeds), "the result is the same at every point" if still else "",
    )  # fmt: skip


def _scale_point(ranges: Mapping[str, NumberRange], place: Floats) -> dict[str, Value]:
    shares = zip(ranges.items(), place, strict=True)
    return {name: r.value(float(x)) for (name, r), x in shares}


def _answer_at(
    rows: RunRows,
    point: Mapping[str, Value],
    what: Sequence[str],
    measure: str,
    seeds: Sequence[int],
) -> tuple[float, int]:
    """The result at a point, mean over seeds, and how many runs have none."""
    each = [values_at(rows, (point, m), measure, seeds) for m in what]
    lost = sum(int(np.isnan(x).sum()) for x in each)
    known = measure_of(rows, measure)
    one, *two = [fill_failed(x, known) for x in each]
    change = one - two[0] if two else one
    if np.isnan(change).all():
        raise InputError(f"{measure}: no run at {dict(point)} has it")
    return float(np.nanmean(change)), lost


def _name_indices(
    names: Iterable[str], found: Mapping[str, tuple[Floats, Floats]]
) -> dict[str, dict[str, SensitivityIndex]]:
    """Axis -> index -> value."""
    return {
        name: {
            index: SensitivityIndex(_or_none(values[k]), _or_none(halves[k]))
            for index, (values, halves) in found.items()
        }
        for k, name in enumerate(names)
    }


def _or_none(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None


TEXT = re.compile(r"(?P<name>[^=]+)=(?P<low>[^=]+?)\.\.(?P<high>[^=]+)")


def ranges_of(texts: Sequence[str], experiment: Experiment) -> dict[str, NumberRange]:
    """Axis -> its range, from texts as `range_of` takes them. InputError for one given twice."""
    found = dict[str, NumberRange]()
    for text in texts:
        name, numbers = range_of(text, experiment)
        if name in found:
            raise InputError(f"--axes: {name} is there twice; give each axis once")
        found[name] = numbers
    return found


def usual_ranges(experiment: Experiment) -> dict[str, NumberRange]:
    """The ranges of the axes that the experiment's domain says a study varies by default."""
    domain = domain_named(experiment.domain)
    about = [name for name, a in domain.axes.items() if a.keys and a.numbers is not None]
    return ranges_of(domain.usual_axes or about, experiment)


def range_of(text: str, experiment: Experiment) -> tuple[str, NumberRange]:
    """Name and range from `NAME=LOW..HIGH`, or from the name of an axis that has numbers.

    A mechanism's setting by its name alone has the range over which it is tuned.

    Raises InputError for unknown axes, axes without numbers, and ranges that are none.
    """
    match = TEXT.fullmatch(text.strip())
    name = match["name"].strip() if match is not None else text.strip()
    if "=" in name:
        raise InputError(f"--axes {text!r}: expected NAME or NAME=LOW..HIGH, such as delay=0..4")
    found = replace(axis(name, experiment.domain), whole=is_whole(name, experiment))
    if match is not None:
        return found.name, found.between(
            _read_number(text, match["low"]), _read_number(text, match["high"])
        )
    found = _take_tuned_range(found, experiment)
    if found.numbers is None:
        raise InputError(f"{name}: has no range of its own; write {name}=LOW..HIGH")
    return found.name, found.numbers


def _take_tuned_range(found: Axis, experiment: Experiment) -> Axis:
    """The axis with the range over which a mechanism's setting is tuned, and on that scale."""
    mechanism, colon, key = found.name.rpartition(":")
    if not colon:
        return found
    tuned = settings_of(maker_of(spec_of(mechanism), experiment.domain))[key].tuned
    if not isinstance(tuned, TunedSpan):
        return found
    ends = (float(tuned.low), float(tuned.high))
    return replace(found, range=ends, log=tuned.scale == "log")


def _read_number(text: str, end: str) -> float:
    try:
        return float(end)
    except ValueError as e:
        raise InputError(f"--axes {text!r}: {end.strip()!r} is not a number") from e


def _make_sobol(count: int, seed: int) -> SensitivityMethod:
    from catallax.adapters.salib import Sobol

    return Sobol(count, seed)


def _make_morris(count: int, seed: int) -> SensitivityMethod:
    from catallax.adapters.salib import Morris

    return Morris(count, seed)


METHODS: Mapping[str, Callable[[int, int], SensitivityMethod]] = {
    "sobol": _make_sobol,
    "morris": _make_morris,
}


def method_named(name: str, count: int, seed: int) -> SensitivityMethod:
    """The method called `name`. InputError lists the known ones; MissingExtra without SALib."""
    if name not in METHODS:
        raise unknown("method", name, METHODS)
    return METHODS[name](count, seed)


hand_out_old_names(__name__)
