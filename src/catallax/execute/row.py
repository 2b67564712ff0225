"""What came of one run and everything that says how it was made, in memory as on disk."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, final

from catallax.errors import unknown
from catallax.protocol import PRODUCTION, Value, hash_of, known_domain
from catallax.protocol.trace import COMPLETED

FAILED = "FAILED"  # the run raised an error, or its process died: there is no `Run`


@final
@dataclass(frozen=True)
class RunRow:
    """One run and everything that says how it was made.

    key       : hash of all that it is a function of: equal keys are equal runs
    point     : axis -> value, of the cell that it was first run for
    label     : of the mechanism in its cell
    mechanism : as `mechanism_named` takes it
    seed      : of all randomness
    contract  : the contract as plain values (`Contract.to_dict`)
    values    : measure -> value, None where there is none
    reasons   : measure -> why there is none
    stop      : name of the `Stop`, or FAILED
    reason    : details of the stop
    versions  : of code and packages
    seconds   : time it took, with its twin and its optima; no part of what is compared
    domain    : name of the domain
    run       : hash of the run itself (`AbstractRun.hash`)
    code      : hash of the code that decides the domain's numbers; "" before it was noted
    measures  : measure -> its unit, and the hash of its code if that is the user's, else ""
    oracle    : whether it saw everything
    imported  : name of the file, made by another program, that it was brought in from; else ""
    """

    key: str
    point: Mapping[str, Value]
    label: str
    mechanism: str
    seed: int
    contract: Mapping[str, Any]
    values: Mapping[str, float | None]
    reasons: Mapping[str, str] = field(default_factory=dict)
    stop: str = COMPLETED
    reason: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    domain: str = PRODUCTION
    run: str = ""
    code: str = ""
    measures: Mapping[str, Sequence[str]] = field(default_factory=dict)
    oracle: bool = False
    imported: str = ""

    @property
    def completed(self) -> bool:
        """Whether all weeks were run."""
        return self.stop == COMPLETED

    @property
    def slot(self) -> tuple[str, ...]:
        """What was run and where it stands, whichever code did it."""
        at = json.dumps(_plain_point(self.point))
        return self.domain, self.contract_hash, self.mechanism, str(self.seed), self.label, at

    @property
    def place(self) -> str:
        """Key, label and point as one text: what no two rows have in common."""
        return json.dumps([self.key, self.label, _plain_point(self.point)])

    @cached_property
    def contract_hash(self) -> str:
        """Hash of the contract (`AbstractContract.hash`)."""
        return hash_of(dict(self.contract))

    def has(self, measures: Mapping[str, str]) -> bool:
        """Whether it has all of the measures. measures : name -> hash of a user's own code."""
        return all(
            name in self.values and self._code_of(name) == code for name, code in measures.items()
        )

    def check_measure(self, name: str) -> None:
        """Raise InputError unless the row has the measure, or its domain knows it."""
        domain = known_domain(self.domain)
        known = {**self.values, **({} if domain is None else domain.measures)}
        if name not in known:
            raise unknown("measure", name, known)

    def _code_of(self, measure: str) -> str:
        return self.measures[measure][1] if measure in self.measures else ""

    @property
    def economy(self) -> str:
        """Name of the economy; "" if the contract says none."""
        found = self.contract.get("economy")
        return str(found.get("name", "")) if isinstance(found, Mapping) else ""


def key_of_point(point: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    """A point as a value that can be looked up: its axes in order."""
    return tuple(sorted(point.items()))


def _plain_point(point: Mapping[str, Value]) -> dict[str, Value]:
    """The point with its axes in order, and 1 and 1.0 the same."""
    return {
        k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in key_of_point(point)
    }
