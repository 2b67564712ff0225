"""A domain in little: settings that are numbers and words, and one function that plays a run."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Any, final

import numpy as np
import numpy.typing as npt

from catallax.errors import unknown
from catallax.protocol.axes import Axis, Prior
from catallax.protocol.contract import AbstractContract, AbstractRun, RunInput
from catallax.protocol.domain import Domain, Experiment, identity_of
from catallax.protocol.inputs import (
    INPUTS,
    check_inputs,
    check_mechanisms,
    input_key,
    inputs_with,
    read_input,
    simulate_input,
)
from catallax.protocol.makers import Make
from catallax.protocol.measured import Measure
from catallax.protocol.plain_law import WEEKS, PlainLaw, Play, plain_law
from catallax.protocol.provenance import bytes_hash, versions
from catallax.protocol.trace import TraceLine
from catallax.protocol.tuned import Value
from catallax.protocol.userfile import source_of

NamedSeries = Mapping[str, npt.NDArray[np.float64]]


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
class PlainContract(AbstractContract):
    """A contract of a plain domain: its law, and values that are not the defaults.

    taken  : name -> series of another run; those of the law where it is left out
    series : name -> the series itself, (weeks, ...), where it is at hand; no part of the contract

    Raises InputError for an unknown key, a value out of range and a series that is too short.
    """

    law: PlainLaw
    values: Mapping[str, Value] = field(default_factory=dict)
    taken: Mapping[str, RunInput] = field(default_factory=dict)
    series: NamedSeries = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = {key: self.law.checked(key, value) for key, value in self.values.items()}
        object.__setattr__(self, "values", {**self.law.defaults, **given})
        object.__setattr__(self, "taken", {**self.law.inputs, **self.taken})
        check_inputs(self.taken, int(self.values[WEEKS]))
        if not self.series:  # else nobody is run for it, and a worker need not know the domain
            check_mechanisms(self.taken)
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

    @property
    def inputs(self) -> Mapping[str, RunInput]:
        """Series of other runs that `play` gets, by name."""
        return self.taken

    def with_series(self, series: NamedSeries) -> "PlainContract":
        """The contract with the series of its inputs at hand."""
        return replace(self, series=series)

    def to_dict(self) -> dict[str, Any]:
        """Domain, settings and, where there are any, inputs."""
        plain = {"domain": self.law.name, **self.values}
        taken = {name: given.to_dict() for name, given in self.taken.items()}
        return {**plain, INPUTS: taken} if taken else plain

    def setting(self, key: str) -> Value:
        """The value under a key."""
        if key.startswith(f"{INPUTS}."):
            name, own = input_key(key, self.taken)
            return self.taken[name].setting(own)
        if key not in self.values:
            raise unknown("key", key, self.values)
        return self.values[key]

    def with_setting(self, key: str, value: Value) -> "PlainContract":
        """The contract with another value under a key."""
        if key.startswith(f"{INPUTS}."):
            return replace(self, taken=inputs_with(self.taken, {key: value}), series={})
        return replace(self, values={**self.values, key: value})

    def calm(self) -> "PlainContract":
        """The same: nothing happens from outside."""
        return self

    def simulate(self, mechanism: Any, seed: int) -> "PlainRun":
        """One run."""
        began, series, stop, reason = time.perf_counter(), dict[str, Any](), Ended.COMPLETED, ""
        try:
            settings = {**self.values, **self._series_of_inputs(seed)}
            played = self.law.play(settings, mechanism, seed)
            series = {k: np.asarray(v, dtype=np.float64) for k, v in played.items()}
        except Broken as e:
            stop, reason = Ended.BAD_ACT, str(e)
        name, own = identity_of(mechanism)
        seconds = time.perf_counter() - began
        sees = isinstance(mechanism, self.law.oracles)
        return PlainRun(self, name, own, seed, stop, reason, series, oracle=sees, seconds=seconds)

    def _series_of_inputs(self, seed: int) -> NamedSeries:
        """The series of the inputs; those that are not at hand are run here."""
        return {
            name: self.series[name] if name in self.series else simulate_input(given, seed)
            for name, given in self.taken.items()
        }


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
    series: NamedSeries
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
    defaults: Mapping[str, Any],
    play: Play,
    mechanisms: Mapping[str, Make],
    measures: Sequence[Measure],
    *,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    axes: Sequence[Axis] = (),
    priors: Mapping[str, Prior] | None = None,
    oracles: Mapping[str, Make] | None = None,
    null: str | None = None,
    inputs: Mapping[str, RunInput] | None = None,
    abreast: int = 1,
    lines: Mapping[str, TraceLine] | None = None,
    caveats: Sequence[str] = (),
    page: Callable[[], Any] | None = None,
) -> Domain:
    """A domain of settings and one function: see docs/domains.md for one in 60 lines.

    defaults   : key -> value of every setting, or what `setting` makes of it with its meaning, unit
                 and range; `weeks` is added as 52 if it is not there
    play       : (settings, mechanism, seed) -> series by name, (weeks,) or longer each. It raises
                 `Broken` where a mechanism breaks a rule
    mechanisms : name -> function of settings that makes a mechanism, such as a frozen dataclass
                 with a class variable `name`
    ranges     : key -> lowest and highest value allowed, of settings that do not say it themselves
    measures   : the first is the one that studies judge by
    axes       : what can be varied, with a grid and, where a study should draw from other ends, a
                 range of its own
    priors     : key or axis -> how far it may plausibly be from what it is
    oracles    : as `mechanisms`, of those that see everything, which have types of their own
    null       : name of the mechanism that coordinates nothing; None where there is none
    inputs     : name -> series of another run that `play` finds among its settings
    abreast    : runs that go in one job: some hundred where a run takes a millisecond
    lines      : series -> its title and unit on a page
    caveats    : what not to conclude from its runs, a sentence or two each
    page       : gives a `catallax.show.DomainPage`; None for the page that every domain has

    Raises InputError for a name that is not an identifier and for a part that is missing.
    """
    law = plain_law(name, title, defaults, play, ranges or {}, inputs or {})
    law = replace(law, oracles=tuple(type(make()) for make in (oracles or {}).values()))
    taken = [f"{INPUTS}.{n}.mechanism" for n in law.inputs]
    makes = {**mechanisms, **(oracles or {})}
    experiment = Experiment(
        name,
        title,
        tuple(makes),
        partial(_build, law),
        law.setting_of,
        (*law.settings, *taken),
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
        null=null,
        axes={a.name: a for a in axes},
        priors=priors or {},
        abreast=partial(_abreast, abreast),
        outside=_code_of(play),
        lines=lines or {},
        caveats=(caveats,) if isinstance(caveats, str) else tuple(caveats),
        page=page,
    )


def _build(law: PlainLaw, settings: Mapping[str, Value], tell: Any = None) -> PlainContract:
    taken = {k: v for k, v in settings.items() if k.startswith(f"{INPUTS}.")}
    own = {k: v for k, v in settings.items() if k not in taken}
    return PlainContract(law, own, inputs_with(law.inputs, taken))


def _read(law: PlainLaw, plain: Mapping[str, Any]) -> PlainContract:
    own = {k: v for k, v in plain.items() if k not in ("domain", INPUTS)}
    taken = plain.get(INPUTS, {})
    return PlainContract(law, own, {name: read_input(v) for name, v in taken.items()})


def _abreast(count: int, contract: AbstractContract) -> int:
    return count


def _code_of(play: Play) -> str | None:
    """Hash of the source of `play`; None where there is none."""
    source = source_of(play)
    return None if source is None else bytes_hash([source])
