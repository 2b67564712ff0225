"""What came of it: a curve of welfare against bits for each kind of fact, and a ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, final

import numpy as np

from catallax.domains.production.knowledge import LineLaw
from catallax.domains.production.run import Contract
from catallax.domains.production.value_of_information.design import (
    COVERAGE,
    DOUBTS,
    KNOBS,
    RESOLUTION,
    RESOLUTIONS,
    SILENCE,
    SentCounter,
    find_own_value,
    list_values,
    make_cells,
    name_point,
)
from catallax.errors import InputError
from catallax.protocol import Value
from catallax.study.sweep import Gather, RunRows
from catallax.study.sweep.paired import (
    PairedDifference,
    check_graded,
    check_there,
    compare_places,
    fill_failed,
    measure_of,
    values_at,
)

KILO = 1000.0


@final
@dataclass(frozen=True, eq=False)
class LawPoint:
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
class FactValue:
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
    dots: Mapping[str, Sequence[LawPoint]]
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
class InformationValue:
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
    facts: Mapping[str, Sequence[FactValue]]
    runs: int
    seconds: float

    def ranked(self, mechanism: str) -> list[FactValue]:
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


TriedValues = Mapping[str, Sequence[Value]]


def value_information(
    contract: Contract,
    mechanisms: Sequence[str],
    seeds: Sequence[int],
    gather: Gather,
    sent: SentCounter,
    *,
    knobs: Sequence[str] = (RESOLUTION,),
    measure: str = "score",
) -> InformationValue:
    """What each kind of fact that an institution sends is worth to it, in `measure`.

    gather : runs cells on seeds
    sent   : says what is sent; `count_sent` in earnest
    knobs  : laws that are varied beside silence

    Silence takes all of a kind away (a directive is so late that it never comes), a coarser code
    some of its bits: the curve of welfare against bits is the economy of that kind of knowledge
    (Hayek 1945), its slope the marginal value of a bit. A run without a score counts as 0
    (`sweep.paired`). Kinds are varied one at a time, so two that say the same can both look
    worthless: worths do not add up (Howard 1966).

    Raises InputError for unknown laws and measures, and for a mechanism that sends nothing.
    """
    check_graded(measure)
    if not mechanisms or not seeds:
        raise InputError("value-of-information: give at least one mechanism and one seed")
    tried = choose_values(knobs)
    sends = {m: sent(contract, m) for m in mechanisms}
    rows = gather(list(make_cells(contract, sends, tried)), seeds)
    check_there(rows, measure)
    at = _RowReader(contract, rows, measure, tuple(seeds))
    facts = {m: [at.fact(m, kind, sends[m][kind], tried) for kind in sends[m]] for m in sends}
    level = {m: at.level(m) for m in sends}
    return InformationValue(contract, measure, tuple(seeds), level, facts, len(rows), rows.seconds)


def choose_values(knobs: Sequence[str]) -> TriedValues:
    """Law -> values to be tried; silence always. InputError for an unknown law."""
    for knob in knobs:
        if knob not in KNOBS:
            raise InputError(
                f"value-of-information: {knob!r} is no law of a message; known: {', '.join(KNOBS)}"
            )
    values = {RESOLUTION: RESOLUTIONS, **DOUBTS}
    chosen = {knob: values[knob] for knob in KNOBS if knob in knobs}
    return {SILENCE: (1,), **chosen}


class _RowReader:
    """Reads curves from rows."""

    def __init__(self, contract: Contract, rows: RunRows, measure: str, seeds: tuple[int, ...]):
        self.contract, self.rows, self.measure, self.seeds = contract, rows, measure, seeds

    def level(self, mechanism: str) -> float:
        """Mean of the measure under the contract as it is."""
        mine = values_at(self.rows, ({}, mechanism), self.measure, self.seeds)
        return float(np.nanmean(fill_failed(mine, measure_of(self.rows, self.measure))))

    def fact(self, mechanism: str, kind: str, scalars: float, tried: TriedValues) -> FactValue:
        """All that is known of one kind of fact."""
        dots = {
            knob: [
                self._dot(mechanism, kind, knob, value, scalars)
                for value in sorted(list_values(self.contract, kind, knob, values), key=float)
            ]
            for knob, values in tried.items()
        }
        (silent,) = dots.pop(SILENCE)
        own = {knob: find_own_value(self.contract, kind, knob) for knob in dots}
        bits = self._bits(
            kind, RESOLUTION, find_own_value(self.contract, kind, RESOLUTION), scalars
        )
        return FactValue(kind, scalars, silent.change, dots, own, bits)

    def _dot(self, mechanism: str, kind: str, knob: str, value: Value, scalars: float) -> LawPoint:
        there = name_point(kind, knob, value), mechanism
        change = compare_places(self.rows, there, ({}, mechanism), self.measure, self.seeds)
        return LawPoint(value, self._bits(kind, knob, value, scalars), change)

    def _bits(self, kind: str, knob: str, value: Value, scalars: float) -> float:
        """Bits of a kind in a week."""
        size = value if knob == RESOLUTION else find_own_value(self.contract, kind, RESOLUTION)
        share = {SILENCE: 0.0, COVERAGE: float(value)}.get(knob, 1.0)
        return scalars * share * LineLaw(resolution=int(size)).bits
