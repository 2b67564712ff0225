"""How plausible a contract is, and contracts that were tried, each once.

The penalty of a contract is the squared distance from what it is by default, in prior standard
deviations: minus twice the log of the prior density, but for a constant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError, unknown
from catallax.protocol import AbstractContract, Prior, Value, domain_of
from catallax.study.sweep import Base, Gather, axis
from catallax.study.sweep.paired import PairedDifference, check_there, compare_places

FAR = 4.0  # prior s.d. beyond which no value is tried
SURE = 0.975  # one-sided level at which a margin counts as one
WALL = 1e4  # loss of a contract that does not turn the result, beyond any squared distance


@final
@dataclass(frozen=True)
class CentredPrior:
    """What is believed of one number of a contract.

    name   : of an axis or key, as `sweep.axis` takes it
    prior  : of the domain; a centre at an end of its range has a half-normal one
    centre : the value by default
    """

    name: str
    prior: Prior
    centre: float

    def value(self, z: float) -> Value:
        """The value at `z` prior s.d. from the centre, in range, and whole if it must be.

        At an end of the range the prior is one-sided, and the sign of `z` means nothing.
        """
        prior = self.prior
        if z == 0:
            return round(self.centre) if prior.whole else self.centre
        side = {prior.low: 1.0, prior.high: -1.0}.get(self.centre)
        step = prior.spread * (z if side is None else side * abs(z))
        found = prior.back(prior.there(self.centre) + step)
        found = min(max(found, prior.low), prior.high)
        return round(found) if prior.whole else float(f"{found:.3g}")

    def distance(self, value: Value) -> float:
        """How many prior s.d. a value is away from the centre."""
        prior = self.prior
        return (prior.there(float(value)) - prior.there(self.centre)) / prior.spread


def priors_of(
    contract: AbstractContract, names: Sequence[str] | None = None
) -> tuple[CentredPrior, ...]:
    """The priors of the contract's domain called `names`, or all, about what the contract has.

    Raises InputError for a domain without priors, an unknown name, and where a prior cannot be
    about the contract's value.
    """
    known = domain_of(contract).priors
    if not known:
        raise InputError(
            f"{contract.domain}: the domain says of no number how far it may plausibly be; give it "
            f"priors, such as priors={{'growth': Prior('log', 0.5, 'assumption', 0.01, 2)}}"
        )
    for name in names or ():
        if name not in known:
            raise unknown("number with a prior", name, known)
    return tuple(_centre_prior(contract, name, known[name]) for name in names or known)


def _centre_prior(contract: AbstractContract, name: str, prior: Prior) -> CentredPrior:
    centre = float(contract.setting(axis(name, contract.domain).keys[0]))
    if not (prior.low <= centre <= prior.high and np.isfinite(prior.there(centre))):
        raise InputError(
            f"{name}: is {centre:g} in the contract, but its prior is about values from "
            f"{prior.low:g} to {prior.high:g}; leave it out of the keys"
        )
    return CentredPrior(name, prior, centre)


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
    def is_turned(self) -> bool:
        """Whether the one that should win does, on these seeds."""
        return self.margin.beyond(SURE) < 0

    @property
    def loss(self) -> float:
        """Squared distance if the result is turned; else behind a wall, by how far it is not."""
        return self.distance**2 if self.is_turned else WALL + self.margin.beyond(SURE)

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
