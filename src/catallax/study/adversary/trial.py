"""Contracts that were tried, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.protocol import Value
from catallax.study.adversary.priors import CentredPrior
from catallax.study.sweep import Base, Gather
from catallax.study.sweep.paired import PairedDifference, check_there, compare_places

SURE = 0.975  # one-sided level at which a margin counts as one
WALL = 1e4  # loss of a contract that does not turn the result, beyond any squared distance


@final
@dataclass(frozen=True, eq=False)
class ContractTrial:
    """One contract that was tried.

    point    : name of what is changed -> its value; what stays as it is by default is left out
    distance : from the default, in prior s.d.
    margin   : of the one that should lose over the one that should win
    """

    point: Mapping[str, Value]
    distance: float
    margin: PairedDifference

    @property
    def turned(self) -> bool:
        """Whether the one that should win does, on these seeds."""
        return self.margin.beyond(SURE) < 0

    @property
    def loss(self) -> float:
        """Squared distance if the result is turned; else behind a wall, by how far it is not."""
        return self.distance**2 if self.turned else WALL + self.margin.beyond(SURE)

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "point": dict(self.point),
            "distance": self.distance,
            "margin": self.margin.to_dict(),
        }


@final
@dataclass(frozen=True, eq=False)
class ContractTrials:
    """Tries contracts on fixed seeds, each once.

    base    : the contract as it is, and who competes
    priors  : of what may be changed
    loser, winner : who should lose, and who should win
    seeds   : of every run
    gather  : runs cells
    measure : what is compared, more being better
    done    : every trial so far
    """

    base: Base
    priors: Sequence[CentredPrior]
    loser: str
    winner: str
    seeds: tuple[int, ...]
    gather: Gather
    measure: str
    done: dict[tuple[Value, ...], ContractTrial] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        """How many were made."""
        return 2 * len(self.seeds) * len(self.done)

    def at(self, points: Sequence[Floats]) -> list[ContractTrial]:
        """The trials at points (d,) in prior s.d. from the default."""
        values = [self._values_at(z) for z in points]
        new = list(dict.fromkeys(v for v in values if v not in self.done))
        if new:
            cells = [self.base.at(self._point_of(v)) for v in new]
            rows = self.gather(cells, self.seeds)
            check_there(rows, self.measure)
            for v in new:
                point = self._point_of(v)
                pair = (point, self.loser), (point, self.winner)
                margin = compare_places(rows, *pair, self.measure, self.seeds)
                self.done[v] = ContractTrial(point, self._distance_of(v), margin)
        return [self.done[v] for v in values]

    def anew(self, seeds: Sequence[int]) -> "ContractTrials":
        """The same on other seeds, with nothing tried yet."""
        return ContractTrials(
            self.base,
            self.priors,
            self.loser,
            self.winner,
            tuple(seeds),
            self.gather,
            self.measure,
        )

    def place(self, trial: ContractTrial) -> Floats:
        """(d,) where a trial stands, in prior s.d. from the default."""
        found = [p.distance(trial.point.get(p.name, p.centre)) for p in self.priors]
        return np.array(found, dtype=np.float64)

    def _values_at(self, z: Floats) -> tuple[Value, ...]:
        return tuple(p.value(float(x)) for p, x in zip(self.priors, z, strict=True))

    def _point_of(self, values: Sequence[Value]) -> dict[str, Value]:
        pairs = zip(self.priors, values, strict=True)
        return {p.name: v for p, v in pairs if v != p.centre}

    def _distance_of(self, values: Sequence[Value]) -> float:
        pairs = zip(self.priors, values, strict=True)
        return float(np.hypot.reduce([p.distance(v) for p, v in pairs]))
