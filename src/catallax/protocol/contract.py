"""What every domain holds equal, and what one run of it is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Self, final

import numpy as np
import numpy.typing as npt

from catallax.errors import InputError
from catallax.protocol.provenance import hash_of
from catallax.protocol.shocks import AbstractShock, Description
from catallax.protocol.tuned import Value

MECHANISM, SERIES, SEED = "mechanism", "series", "seed"  # keys of a run whose series is taken


class AbstractContract(ABC):
    """Everything but the institution: population, knowledge, lines, behaviour, shocks, horizon.

    A frozen value. Results are compared only within one contract, that is one `hash`.

    weeks  : length of a run in periods, >= 1
    shocks : what happens from outside
    """

    weeks: int
    shocks: Sequence[AbstractShock[Any, Any]]

    @property
    @abstractmethod
    def domain(self) -> str:
        """Name of the domain."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What happens in it, in a line without a full stop, for headings."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Whom it is about, in a word or two: the name of the economy, "12 plants"."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The contract as JSON-ready values; all that a run depends on, and nothing else.

        A domain other than the production economy has its name under "domain".
        """

    @abstractmethod
    def setting(self, key: str) -> Value:
        """The value under a dotted key; InputError names the known keys."""

    @abstractmethod
    def with_setting(self, key: str, value: Value) -> Self:
        """The contract with another value under a key; InputError if it has none or refuses it."""

    @abstractmethod
    def calm(self) -> Self:
        """The same without what happens from outside: the contract of a run's twin."""

    @abstractmethod
    def simulate(self, mechanism: Any, seed: int) -> "AbstractRun":
        """One run: a pure function of contract, mechanism, seed and the code's version."""

    @property
    def population(self) -> Any:
        """Whom shocks are told of and checked against; a contract without parts is that itself."""
        return self

    @property
    def descriptions(self) -> tuple[Description, ...]:
        """What happens from outside in words, one a shock, in the order of `shocks`."""
        return tuple(shock.describe(self.population) for shock in self.shocks)

    @property
    def inputs(self) -> "Mapping[str, RunInput]":
        """Series of other runs that it takes as given, by name; part of `to_dict`."""
        return {}

    def with_series(self, series: Mapping[str, npt.NDArray[np.float64]]) -> Self:
        """The contract with the series of its inputs at hand, by name; `hash` stays the same."""
        raise InputError(f"{self.domain}: takes no series of other runs; {len(series)} were given")

    @cached_property
    def hash(self) -> str:
        """Equal hashes are equal contracts, on every machine."""
        return hash_of(self.to_dict())


class AbstractRun(ABC):
    """One finished run.

    contract  : what was held equal
    mechanism : name of the institution
    settings  : its settings as plain values
    seed      : of all randomness
    oracle    : whether it saw everything
    stop      : why it ended; `COMPLETED` by name when all periods were run
    reason    : details of the stop; "" when completed
    series    : name -> (periods, ...)
    meter     : what was said, by kind; None where messages are counted otherwise or not at all
    versions  : of code and packages
    seconds   : time it took; no part of the result
    """

    contract: AbstractContract
    mechanism: str
    settings: Mapping[str, Any]
    seed: int
    oracle: bool
    stop: Enum
    reason: str
    series: Mapping[str, npt.NDArray[np.float64]]
    meter: Any
    versions: Mapping[str, str]
    seconds: float

    @property
    @abstractmethod
    def completed(self) -> bool:
        """Whether all periods were run."""

    @property
    @abstractmethod
    def bits(self) -> str:
        """Fingerprint of every recorded number, valid on one machine."""

    @property
    def hash(self) -> str:
        """Of all that the run is a function of: equal on every machine."""
        return run_hash(self.contract, self.mechanism, self.settings, self.seed, self.versions)


def run_hash(
    contract: AbstractContract,
    mechanism: str,
    settings: Mapping[str, Any],
    seed: int,
    versions: Mapping[str, str],
) -> str:
    """The hash that a run has, known before it is run."""
    return hash_of([contract.hash, mechanism, dict(settings), seed, dict(versions)])


@final
@dataclass(frozen=True, eq=False)
class RunInput:
    """A series of another run, which a contract takes as given.

    contract  : of the other run, of any domain
    mechanism : who is run there, by name, with settings if need be
    series    : name of the series, (weeks, ...)
    seed      : of the other run, >= 0; None for the seed of the run that takes it

    Raises InputError for a seed below 0. A contract that takes it refuses a mechanism that the
    domain does not know.
    """

    contract: AbstractContract
    mechanism: str
    series: str
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.seed is not None and (type(self.seed) is not int or self.seed < 0):
            raise InputError(f"{SEED}: {self.seed!r} is not a seed; give a whole number from 0 on")

    def __str__(self) -> str:
        seed = "the same seed" if self.seed is None else f"seed {self.seed}"
        return (
            f"the series {self.series} of {self.mechanism} on {self.contract.place} "
            f"({self.contract.domain}, contract {self.contract.hash}, {seed})"
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values, the other contract whole."""
        return {
            "contract": self.contract.to_dict(),
            MECHANISM: self.mechanism,
            SERIES: self.series,
            SEED: self.seed,
        }

    def seed_for(self, seed: int) -> int:
        """Seed of the other run for a run on `seed`."""
        return seed if self.seed is None else self.seed

    def setting(self, key: str) -> Value:
        """The value under a key, as for `with_setting`; InputError for an unknown one."""
        if key == SEED and self.seed is None:
            raise InputError(f"{SEED}: is that of the run that takes the series")
        if key in (MECHANISM, SERIES, SEED):
            found: Value = getattr(self, key)
            return found
        return self.contract.setting(key)
