"""What came of it: a curve of welfare against bits for each kind of fact, and a ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, final

from catallax.domains.production.run import Contract
from catallax.protocol import Value
from catallax.study.sweep.paired import PairedDifference

KILO = 1000.0


@final
@dataclass(frozen=True, eq=False)
class Dot:
    """One law of one kind of fact at one value.

    value  : of the law
    bits   : of that kind in a week at this value: numbers times bits a number, addresses apart
    change : of the measure against the contract as it is, paired on seeds
    """

    value: Value
    bits: float
    change: PairedDifference

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {"value": self.value, "bits": self.bits, "change": self.change.to_dict()}


@final
@dataclass(frozen=True, eq=False)
class Fact:
    """What one kind of fact is worth to one institution.

    kind    : of fact
    scalars : numbers of the kind in a week
    silence : the measure when nothing of the kind is said, against the contract as it is
    dots    : law -> its values, ascending, without the contract's own
    own     : law -> the contract's own value
    own_bits : bits of the kind in a week under the contract as it is
    """

    kind: str
    scalars: float
    silence: PairedDifference
    dots: Mapping[str, Sequence[Dot]]
    own: Mapping[str, Value]
    own_bits: float

    @property
    def value(self) -> float:
        """What is lost, in the measure, when the kind falls silent."""
        return -self.silence.mean

    @property
    def unused(self) -> bool:
        """Whether nothing hung on the kind: whatever its law, no seed's measure lost a bit.

        Two runs that both failed are alike too, and tell nothing.
        """
        tried = [self.silence, *(dot.change for dots in self.dots.values() for dot in dots)]
        return not any(change.failed or change.values.any() for change in tried)

    @property
    def per_kilobit(self) -> float:
        """Mean worth of a thousand bits a week, in the measure."""
        return self.value / self.own_bits * KILO

    @property
    def curve(self) -> list[tuple[float, float]]:
        """(bits a week, change of the measure) from silence to the finest code, ascending."""
        points = [(0.0, self.silence.mean), (self.own_bits, 0.0)]
        points += [(dot.bits, dot.change.mean) for dot in self.dots.get("resolution", ())]
        return sorted(points)

    @property
    def marginal(self) -> list[tuple[float, float]]:
        """(bits a week, worth of a thousand more from there to the next point of the curve)."""
        at = self.curve
        steps = pairwise(at)
        return [(a, (v - u) / (b - a) * KILO) for (a, u), (b, v) in steps if b > a]

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "kind": self.kind,
            "scalars_a_week": self.scalars,
            "bits_a_week": self.own_bits,
            "silence": self.silence.to_dict(),
            "unused": self.unused,
            "per_kilobit": self.per_kilobit,
            "own": dict(self.own),
            "laws": {knob: [dot.to_dict() for dot in dots] for knob, dots in self.dots.items()},
            "marginal": [{"bits": b, "per_kilobit": v} for b, v in self.marginal],
        }


@final
@dataclass(frozen=True, eq=False)
class Worth:
    """What each kind of fact is worth under each institution.

    contract : as it is, before anything is varied
    measure  : that worth is counted in
    seeds    : of every run
    level    : mechanism -> mean of the measure under the contract as it is
    facts    : mechanism -> kinds of fact that it sends
    runs     : how many were made
    seconds  : that they took
    """

    contract: Contract
    measure: str
    seeds: tuple[int, ...]
    level: Mapping[str, float]
    facts: Mapping[str, Sequence[Fact]]
    runs: int
    seconds: float

    def ranked(self, mechanism: str) -> list[Fact]:
        """Kinds of fact by what a bit of them is worth, the dearest first."""
        return sorted(self.facts[mechanism], key=lambda fact: -fact.per_kilobit)

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "contract": self.contract.to_dict(),
            "contract_hash": self.contract.hash,
            "measure": self.measure,
            "seeds": list(self.seeds),
            "runs": self.runs,
            "seconds": self.seconds,
            "mechanisms": {
                m: {"level": self.level[m], "facts": [f.to_dict() for f in self.ranked(m)]}
                for m in self.facts
            },
        }
