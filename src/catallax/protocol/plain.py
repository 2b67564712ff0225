"""A domain in little: settings that are numbers and words, and one function that plays a run."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.errors import InputError, unknown
from catallax.protocol.axes import Axis
from catallax.protocol.contract import AbstractContract, AbstractRun, Value
from catallax.protocol.domain import Domain, Experiment, Make, identity_of
from catallax.protocol.hashes import bytes_hash
from catallax.protocol.measured import Measure
from catallax.protocol.priors import Prior
from catallax.protocol.userfile import source_of
from catallax.protocol.versions import versions

WEEKS = "weeks"
Series = Mapping[str, npt.NDArray[np.float64]]
Play = Callable[[Any, Any, int], Mapping[str, Any]]


@final
class Ended(Enum):
    """Why a run of a plain domain ended."""

    COMPLETED = "all weeks were run"
    BAD_ACT = "the mechanism broke a rule"


@final
class Broken(Exception):
    """Raised by a `play` where a mechanism breaks a rule; it makes the run a recorded result."""


@final
@dataclass(frozen=True, eq=False)
class PlainLaw:
    """What all contracts of a plain domain have in common.

    name     : of the domain
    title    : what it asks, in a line
    defaults : key -> value of every setting, `weeks` among them
    play     : (settings, mechanism, seed) -> series, each with weeks along the first axis
    ranges   : key -> lowest and highest value allowed
    """

    name: str
    title: str
    defaults: Mapping[str, Value]
    play: Play
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def checked(self, key: str, value: Value) -> Value:
        """The value of a key; InputError for an unknown key, another type or out of range."""
        if key not in self.defaults:
            raise unknown("key", key, self.defaults)
        kind = type(self.defaults[key])
        right = (int, float) if kind is float else kind
        if isinstance(value, bool) != (kind is bool) or not isinstance(value, right):
            raise InputError(f"{key}: {value!r} is of another type than {self.defaults[key]!r}")
        low, high = self.ranges.get(key, (-np.inf, np.inf))
        if not isinstance(value, str) and not low <= value <= high:
            raise InputError(f"{key}: {value} is out of range, expected {low:g} to {high:g}")
        return float(value) if kind is float else value


@final
@dataclass(frozen=True, eq=False)
class PlainContract(AbstractContract):
    """A contract of a plain domain: its law, and values that are not the defaults.

    Raises InputError for an unknown key and a value out of range.
    """

    law: PlainLaw
    values: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = {key: self.law.checked(key, value) for key, value in self.values.items()}
        object.__setattr__(self, "values", {**self.law.defaults, **given})
        object.__setattr__(self, "weeks", self.values[WEEKS])
        object.__setattr__(self, "shocks", ())

    @property
    def domain(self) -> str:
        """Name of the domain."""
        return self.law.name

    @property
    def title(self) -> str:
        """What it asks."""
        return self.law.title

    @property
    def place(self) -> str:
        """Name of the domain, as people read it."""
        return self.law.name.replace("_", " ")

    def to_dict(self) -> dict[str, Any]:
        """Domain and settings."""
        return {"domain": self.law.name, **self.values}

    def setting(self, key: str) -> Value:
        """The value under a key."""
        if key not in self.values:
            raise unknown("key", key, self.values)
        return self.values[key]

    def with_setting(self, key: str, value: Value) -> "PlainContract":
        """The contract with another value under a key."""
        return PlainContract(self.law, {**self.values, key: value})

    def calm(self) -> "PlainContract":
        """The same: nothing happens from outside."""
        return self

    def simulate(self, mechanism: Any, seed: int) -> "PlainRun":
        """One run."""
        began, series, stop, reason = time.perf_counter(), dict[str, Any](), Ended.COMPLETED, ""
        try:
            played = self.law.play(self.values, mechanism, seed)
            series = {k: np.asarray(v, dtype=np.float64) for k, v in played.items()}
        except Broken as e:
            stop, reason = Ended.BAD_ACT, str(e)
        name, settings = identity_of(mechanism)
        seconds = time.perf_counter() - began
        return PlainRun(self, name, settings, seed, stop, reason, series, seconds=seconds)


@final
@dataclass(frozen=True, eq=False)
class PlainRun(AbstractRun):
    """A run of a plain domain, as `AbstractRun` says."""

    contract: PlainContract
    mechanism: str
    settings: Mapping[str, Any]
    seed: int
    stop: Enum
    reason: str
    series: Series
    meter: None = None
    oracle: bool = False
    versions: Mapping[str, str] = field(default_factory=versions)
    seconds: float = 0.0

    @property
    def completed(self) -> bool:
        """Whether all weeks were run."""
        return self.stop is Ended.COMPLETED

    @property
    def bits(self) -> str:
        """Fingerprint of the series, valid on one machine."""
        return bytes_hash(
            part for k in sorted(self.series) for part in (k.encode(), self.series[k].tobytes())
        )


def plain_domain(
    name: str,
    title: str,
    defaults: Mapping[str, Value],
    play: Play,
    mechanisms: Mapping[str, Make],
    measures: Sequence[Measure],
    *,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    axes: Sequence[Axis] = (),
    priors: Mapping[str, Prior] | None = None,
    oracles: Mapping[str, Make] | None = None,
    abreast: int = 1,
) -> Domain:
    """A domain of settings and one function: see docs/domains.md for one in 60 lines.

    defaults   : key -> value of every setting; `weeks` is added as 52 if it is not there
    play       : (settings, mechanism, seed) -> series by name, (weeks,) or longer each. It raises
                 `Broken` where a mechanism breaks a rule
    mechanisms : name -> function of settings that makes a mechanism, such as a frozen dataclass
                 with a class variable `name`
    measures   : the first is the one that studies judge by
    ranges     : key -> lowest and highest value that a contract may have
    axes       : what can be varied, with a grid and, where a study should draw from other ends, a
                 range of its own
    priors     : key or axis -> how far it may plausibly be from what it is
    oracles    : as `mechanisms`, of those that see everything
    abreast    : runs that go in one job: some hundred where a run takes a millisecond

    Raises InputError for a name that is no identifier and for a part that is missing.
    """
    law = PlainLaw(name, title, {WEEKS: 52, **defaults}, play, ranges or {})
    makes = {**mechanisms, **(oracles or {})}
    experiment = Experiment(
        name,
        title,
        tuple(makes),
        partial(_build, law),
        partial(_kind_of, law),
        tuple(law.defaults),
        name,
        partial(PlainContract, law),
    )
    return Domain(
        name=name,
        title=title,
        kinds=tuple(dict.fromkeys(type(make()) for make in makes.values())),
        mechanisms=mechanisms,
        experiments={name: experiment},
        measures={m.name: m for m in measures},
        read=partial(_read, law),
        sources=("catallax.protocol",),
        oracles=oracles or {},
        axes={a.name: a for a in axes},
        priors=priors or {},
        abreast=partial(_abreast, abreast),
        outside=_code_of(play),
    )


def _build(law: PlainLaw, settings: Mapping[str, Value], tell: Any = None) -> PlainContract:
    return PlainContract(law, settings)


def _kind_of(law: PlainLaw, key: str) -> type:
    if key not in law.defaults:
        raise unknown("key", key, law.defaults)
    return type(law.defaults[key])


def _read(law: PlainLaw, plain: Mapping[str, Any]) -> PlainContract:
    return PlainContract(law, {k: v for k, v in plain.items() if k != "domain"})


def _abreast(count: int, contract: AbstractContract) -> int:
    return count


def _code_of(play: Play) -> str | None:
    """Hash of the source of `play`; None where there is none."""
    source = source_of(play)
    return None if source is None else bytes_hash([source])
