"""The places of a map: every combination of its contracts and axes, with its prior weight."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import final

from catallax.protocol import ANY, Experiment, Value, domain_named, experiment_named, is_file
from catallax.study.claims.declared import BaseContract, ClaimMap, Registry
from catallax.study.sweep import Base, Cell

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
