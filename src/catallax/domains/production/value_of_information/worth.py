"""Value of information: each kind of fact made rarer, later or vaguer, all else held equal."""

from collections.abc import Mapping, Sequence

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
    cells,
    now,
    place,
    values_of,
)
from catallax.domains.production.value_of_information.result import Dot, Fact, Worth
from catallax.domains.production.value_of_information.sent import Sent
from catallax.errors import InputError
from catallax.protocol import Value
from catallax.study.sweep import Gather, RunRows
from catallax.study.sweep.paired import (
    check_graded,
    check_there,
    compare_places,
    fill_failed,
    measure_of,
    values_at,
)

Tried = Mapping[str, Sequence[Value]]


def worth(
    contract: Contract,
    mechanisms: Sequence[str],
    seeds: Sequence[int],
    gather: Gather,
    sent: Sent,
    *,
    knobs: Sequence[str] = (RESOLUTION,),
    measure: str = "score",
) -> Worth:
    """What each kind of fact that an institution sends is worth to it, in `measure`.

    gather : runs cells on seeds
    sent   : says what is sent; `worth.sent` in earnest
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
    tried = tried_of(knobs)
    sends = {m: sent(contract, m) for m in mechanisms}
    rows = gather(list(cells(contract, sends, tried)), seeds)
    check_there(rows, measure)
    at = _Reader(contract, rows, measure, tuple(seeds))
    facts = {m: [at.fact(m, kind, sends[m][kind], tried) for kind in sends[m]] for m in sends}
    level = {m: at.level(m) for m in sends}
    return Worth(contract, measure, tuple(seeds), level, facts, len(rows), rows.seconds)


def tried_of(knobs: Sequence[str]) -> Tried:
    """Law -> values to be tried; silence always. InputError for an unknown law."""
    for knob in knobs:
        if knob not in KNOBS:
            raise InputError(
                f"value-of-information: {knob!r} is no law of a message; known: {', '.join(KNOBS)}"
            )
    values = {RESOLUTION: RESOLUTIONS, **DOUBTS}
    chosen = {knob: values[knob] for knob in KNOBS if knob in knobs}
    return {SILENCE: (1,), **chosen}


class _Reader:
    """Reads curves from rows."""

    def __init__(self, contract: Contract, rows: RunRows, measure: str, seeds: tuple[int, ...]):
        self.contract, self.rows, self.measure, self.seeds = contract, rows, measure, seeds

    def level(self, mechanism: str) -> float:
        """Mean of the measure under the contract as it is."""
        mine = values_at(self.rows, ({}, mechanism), self.measure, self.seeds)
        return float(np.nanmean(fill_failed(mine, measure_of(self.rows, self.measure))))

    def fact(self, mechanism: str, kind: str, scalars: float, tried: Tried) -> Fact:
        """All that is known of one kind of fact."""
        dots = {
            knob: [
                self._dot(mechanism, kind, knob, value, scalars)
                for value in sorted(values_of(self.contract, kind, knob, values), key=float)
            ]
            for knob, values in tried.items()
        }
        (silent,) = dots.pop(SILENCE)
        own = {knob: now(self.contract, kind, knob) for knob in dots}
        bits = self._bits(kind, RESOLUTION, now(self.contract, kind, RESOLUTION), scalars)
        return Fact(kind, scalars, silent.change, dots, own, bits)

    def _dot(self, mechanism: str, kind: str, knob: str, value: Value, scalars: float) -> Dot:
        there = place(kind, knob, value), mechanism
        change = compare_places(self.rows, there, ({}, mechanism), self.measure, self.seeds)
        return Dot(value, self._bits(kind, knob, value, scalars), change)

    def _bits(self, kind: str, knob: str, value: Value, scalars: float) -> float:
        """Bits of a kind in a week."""
        size = value if knob == RESOLUTION else now(self.contract, kind, RESOLUTION)
        share = {SILENCE: 0.0, COVERAGE: float(value)}.get(knob, 1.0)
        return scalars * share * LineLaw(resolution=int(size)).bits
