"""The places of a claim's map, and what runs and benches say there: one number a seed."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from itertools import product
from math import log
from typing import Any, final

import numpy as np

from catallax.errors import unknown
from catallax.protocol import (
    ANY,
    AbstractContract,
    Experiment,
    Measured,
    Value,
    domain_named,
    experiment_named,
    is_file,
)
from catallax.protocol.mechanism_names import spec_of, values_of
from catallax.study.claims.declared import BaseContract, Claim, ClaimMap, Part, Registry
from catallax.study.sweep import Base, Cell, RunRow, RunRows

CONTRACT = "contract"  # the axis of contracts, which have names


@final
@dataclass(frozen=True)
class MapPoint:
    """One point of a map.

    point  : axis -> value, the contract's name among them if there are several
    weight : prior; those of a map sum to 1
    basis  : name of the contract; "" where no economy is run
    axes   : axis -> value, without the contract
    """

    point: Mapping[str, Value]
    weight: float
    basis: str
    axes: Mapping[str, Value]


def map_points(plan: ClaimMap) -> list[MapPoint]:
    """Every point of the map with its weight."""
    whole = sum(plan.contracts.values())
    bases = {k: v / whole for k, v in plan.contracts.items()} or {"": 1.0}
    found = []
    for basis, weight in bases.items():
        named = {CONTRACT: basis} if len(bases) > 1 else {}
        for axes, share in _combine_axes(plan):
            found.append(MapPoint({**named, **axes}, weight * share, basis, axes))
    return found


def _combine_axes(plan: ClaimMap) -> Iterator[tuple[dict[str, Value], float]]:
    pairs = [list(zip(w.values, w.weights, strict=True)) for w in plan.axes.values()]
    for chosen in product(*pairs):
        weight = 1.0
        for _, w in chosen:
            weight *= w
        yield dict(zip(plan.axes, (v for v, _ in chosen), strict=True)), weight


def cell_at(registry: Registry, place: MapPoint, mechanisms: Sequence[str]) -> Cell:
    """The cell at a place; its point holds the contract's name.

    Raises InputError for values out of range.
    """
    basis = registry.contracts[place.basis]
    made = Base(experiment_of(basis), basis.settings, tuple(mechanisms)).at(place.axes)
    return Cell({CONTRACT: place.basis, **place.axes}, made.contract, made.mechanisms)


def experiment_of(basis: BaseContract) -> Experiment:
    """The experiment whose contract a basis starts from; its file was read with the registry."""
    if not basis.experiment:
        return experiment_named(ANY)
    if is_file(basis.experiment):
        return next(iter(domain_named(basis.domain).experiments.values()))
    return experiment_named(basis.experiment)


BenchFunction = Callable[[Mapping[str, Value], AbstractContract | None, int], Measured]
"""(axes of a place, its contract if it has one, seed) -> what was found."""

BENCHES: Mapping[str, str] = dict.fromkeys(
    ("training_time", "training_bits", "price_gap", "price_bits", "skill"), "catallax.labs.benches"
)
"""Name of a bench -> the module with its function, read when it is first tried."""


def bench_named(name: str) -> BenchFunction:
    """The bench called `name`; InputError lists the known ones."""
    check_bench(name)
    found: Any = getattr(import_module(BENCHES[name]), name)
    return found  # type: ignore[no-any-return]


def check_bench(name: str) -> None:
    """Raise InputError that lists the known ones for a name that no bench has."""
    if name not in BENCHES:
        raise unknown("bench", name, BENCHES)


@final
@dataclass(frozen=True)
class Sample:
    """One place of a map.

    point  : axis -> value
    weight : prior
    values : seed -> number, of the seeds that have one
    lost   : why other seeds have none, one reason each
    """

    point: Mapping[str, Value]
    weight: float
    values: Mapping[int, float]
    lost: tuple[str, ...] = ()


@final
@dataclass(frozen=True, eq=False)
class ClaimRuns:
    """All rows, by what they are a function of: which cell they came for does not matter.

    rows : (hash of the contract, mechanism, seed) -> row
    used : what was looked at -> seconds that it took
    """

    rows: Mapping[tuple[str, str, int], RunRow]
    used: dict[str, float] = field(default_factory=dict)

    @staticmethod
    def of(rows: RunRows) -> "ClaimRuns":
        """The rows by contract, mechanism and seed."""
        return ClaimRuns(
            {(r.contract_hash, mechanism_key(r.mechanism, r.domain), r.seed): r for r in rows}
        )

    def get(self, contract: AbstractContract, mechanism: str, seed: int) -> RunRow | None:
        """The row of a run, if it is there."""
        return self.rows.get((contract.hash, mechanism_key(mechanism, contract.domain), seed))


@lru_cache(maxsize=256)
def mechanism_key(mechanism: str, domain: str) -> str:
    """Equal for equal mechanisms of a domain, however they are written."""
    return json.dumps([spec_of(mechanism).name, sorted(values_of(mechanism, domain).items())])


def cells(registry: Registry, claims: Iterable[Claim]) -> list[Cell]:
    """What must be run for the claims: every contract once, with all that compete under it."""
    found: dict[str, Cell] = {}
    for claim in claims:
        for part in claim.parts:
            for place in map_points(registry.map_of(claim, part)):
                if part.form != "bench":
                    _add(found, cell_at(registry, place, part.mechanisms))
    return list(found.values())


def _add(found: dict[str, Cell], new: Cell) -> None:
    """Put the cell beside or into what is there; no run twice, however it is written."""
    old = found.get(new.contract.hash)
    texts = {} if old is None else dict(old.mechanisms)
    domain = new.contract.domain
    known = {mechanism_key(text, domain) for text in texts.values()}
    for text in new.mechanisms.values():
        if mechanism_key(text, domain) not in known:
            texts[text] = text
            known.add(mechanism_key(text, domain))
    point = new.point if old is None else old.point
    found[new.contract.hash] = Cell(point, new.contract, texts)


def samples(
    registry: Registry, claim: Claim, part: Part, found: ClaimRuns, seeds: Sequence[int]
) -> list[Sample]:
    """The part at every place of its map."""
    plan = registry.map_of(claim, part)
    every = [_take_sample(registry, part, place, found, seeds) for place in map_points(plan)]
    if not part.along:
        return every
    return _take_slopes(part.along, every, in_logs=part.along in registry.in_logs(plan))


def _take_sample(
    registry: Registry, part: Part, place: MapPoint, found: ClaimRuns, seeds: Sequence[int]
) -> Sample:
    made = cell_at(registry, place, part.mechanisms) if place.basis else None
    values, lost = {}, []
    for seed in seeds:
        if part.form == "bench":
            contract = None if made is None else made.contract
            got = _try_bench(part, place, contract, found, seed)
        else:
            got = _compare(part, made, found, seed) if made else Measured(None, "no contract")
        if got.value is None:
            lost.append(f"seed {seed}: {got.reason}")
        else:
            values[seed] = got.value
    return Sample(place.point, place.weight, values, tuple(lost))


def _try_bench(
    part: Part, place: MapPoint, contract: AbstractContract | None, found: ClaimRuns, seed: int
) -> Measured:
    """What a bench finds on one seed."""
    began = time.perf_counter()
    got = bench_named(part.bench)(place.axes, contract, seed)
    key = json.dumps([part.map, part.bench, dict(place.point), seed])
    found.used[key] = time.perf_counter() - began
    return got


def _compare(part: Part, made: Cell, found: ClaimRuns, seed: int) -> Measured:
    """What the part says of one seed under one contract."""
    got = []
    for label in part.mechanisms:
        row = found.get(made.contract, made.mechanisms[label], seed)
        one = Measured(None, "was not run") if row is None else _read_measure(part, row)
        if one.value is None:
            return Measured(None, f"{label}: {one.reason}")
        if row is not None:
            found.used[row.key] = row.seconds
        got.append(one.value)
    if part.form == "level":
        return Measured(got[0] - part.at)
    if part.form == "difference":
        return Measured(got[0] - got[1])
    return Measured(got[0] / got[1] - 1.0) if got[1] else Measured(None, f"{part.second}: is 0")


def _read_measure(part: Part, row: RunRow) -> Measured:
    """The measure of one run."""
    if not row.completed and part.failed is not None:
        return Measured(part.failed)
    got = []
    for name in part.measures:
        value = row.values.get(name)
        if value is None:
            return Measured(None, row.reasons.get(name) or row.reason or row.stop.lower())
        got.append(value)
    if len(got) == 1:
        return Measured(got[0])
    return Measured(got[0] / got[1]) if got[1] else Measured(None, f"{part.per} is 0")


def _take_slopes(along: str, every: Sequence[Sample], *, in_logs: bool) -> list[Sample]:
    """The slope over one axis at each point of the others, seed by seed."""
    groups: dict[str, list[Sample]] = {}
    for sample in every:
        rest = {k: v for k, v in sample.point.items() if k != along}
        groups.setdefault(json.dumps(rest, sort_keys=True), []).append(sample)
    return [_take_slope(along, group, in_logs=in_logs) for group in groups.values()]


def _take_slope(along: str, group: Sequence[Sample], *, in_logs: bool) -> Sample:
    """Least squares with the prior's weights; a seed needs a number at every value."""
    raw = [float(s.point[along]) for s in group]
    x = np.array([log(v) for v in raw] if in_logs else raw)
    w = np.array([s.weight for s in group])
    off = w * (x - w @ x / w.sum())
    whole = set.intersection(*(set(s.values) for s in group))
    values = {
        seed: float(off @ [s.values[seed] for s in group] / (off @ x)) for seed in sorted(whole)
    }
    rest = {k: v for k, v in group[0].point.items() if k != along}
    lost = dict.fromkeys(reason for s in group for reason in s.lost)
    return Sample(rest, float(w.sum()), values, tuple(lost))
