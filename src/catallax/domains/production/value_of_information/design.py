"""What is varied: one law of one kind of fact, everything else held equal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from catallax.domains.production.knowledge import KINDS
from catallax.domains.production.run import Contract
from catallax.errors import InputError, unknown
from catallax.protocol import Value
from catallax.study.sweep import Cell
from catallax.study.sweep.axes import with_key

LINE = "quotes and asks"
DIRECTIVES = "directives"
RESOLUTION = "resolution"
COVERAGE = "coverage"
SILENCE = "silence"  # nothing of the kind ever arrives
NEVER = 520.0  # weeks of delay at most: a directive that is so late arrives after the end

RESOLUTIONS: tuple[Value, ...] = (1, 4, 6, 8, 10)
"""Bits a value beside those of the contract. At 1 all that is heard is the public value."""

DOUBTS: Mapping[str, tuple[Value, ...]] = {
    "delay": (0.0, 2.0, 4.0, 8.0),
    "noise": (0.0, 0.1, 0.2, 0.4),
    "coverage": (0.5, 0.75),
}
"""Other laws that can be varied, with values beside those of the contract."""

KNOBS = (RESOLUTION, *DOUBTS)

Place = Mapping[str, Value]


def under_law(
    contract: Contract, kind: str, knob: str, value: Value, kinds: Iterable[str]
) -> Contract:
    """The contract with one law of one kind of fact at `value`.

    kind  : of `knowledge.KINDS`, or "directives", or "quotes and asks"
    knob  : of `KNOBS`, or "silence", at which the value does not matter
    kinds : all kinds that the mechanism sends: where directives alone are to change, reports keep
            the old law as a law of their own

    Raises InputError for values out of range and unknown kinds.
    """
    if knob == SILENCE:
        return _silenced(contract, kind, kinds)
    if knob not in KNOBS:
        raise unknown("law", knob, KNOBS)
    if kind == LINE:
        return with_key(contract, f"channel.line.{knob}", value)
    if kind in KINDS:
        return with_key(contract, f"channel.kinds.{kind}.{knob}", value)
    if kind != DIRECTIVES:
        raise unknown("kind of fact", kind, [LINE, DIRECTIVES, *KINDS])
    for other in kinds:
        if other in KINDS and other not in contract.channel.own:
            delay = contract.channel.centre.delay
            contract = with_key(contract, f"channel.kinds.{other}.delay", delay)
    return with_key(contract, f"channel.centre.{knob}", value)


def _silenced(contract: Contract, kind: str, kinds: Iterable[str]) -> Contract:
    """Nobody speaks; a centre, which is no row and always covered, is never heard in time."""
    if kind != DIRECTIVES:
        return under_law(contract, kind, COVERAGE, 0.0, kinds)
    return under_law(contract, kind, "delay", min(float(contract.weeks), NEVER), kinds)


def values_of(contract: Contract, kind: str, knob: str, values: Sequence[Value]) -> list[Value]:
    """The values to be tried: those given other than the contract's own.

    A centre is always covered.
    """
    if knob == SILENCE or (knob == COVERAGE and kind == DIRECTIVES):
        return [1] if knob == SILENCE else []
    own = now(contract, kind, knob)
    return [v for v in values if v != own]


def now(contract: Contract, kind: str, knob: str) -> Value:
    """The contract's own value of a law of one kind of fact."""
    channel = contract.channel
    law = channel.line if kind == LINE else channel.own.get(kind, channel.centre)
    return float(value) if isinstance(value := getattr(law, knob), float) else int(value)


def place(kind: str, knob: str, value: Value) -> Place:
    """The point at which one law of one kind stands at `value`."""
    return {f"{kind}: {knob}": value}


def cells(
    contract: Contract,
    sends: Mapping[str, Mapping[str, float]],
    tried: Mapping[str, Sequence[Value]],
) -> Iterator[Cell]:
    """The contract as it is, and with one law of one kind of fact changed, for all that is sent.

    sends : mechanism -> kind -> numbers a week
    tried : law -> values
    """
    for mechanism, kinds in sends.items():
        if not kinds:
            raise InputError(f"{mechanism}: sends nothing, so there is nothing to be valued")
        yield Cell({}, contract, {mechanism: mechanism})
        for kind in kinds:
            for knob, values in tried.items():
                for value in values_of(contract, kind, knob, values):
                    law = under_law(contract, kind, knob, value, kinds)
                    yield Cell(place(kind, knob, value), law, {mechanism: mechanism})
