"""What is declared before anything is tuned: objective, contracts, seeds, budget and ranges.

The package's own declaration is `tuning.toml` beside this file. A file of the user's that says
less takes the rest from it, so that a mechanism of the user's is tuned with the same effort. One
that names an experiment is about the domain of that experiment.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, final

from catallax.errors import InputError, about, unknown
from catallax.protocol import PRODUCTION, Experiment, domain_named, experiment_named, hash_of
from catallax.protocol.hash_names import accept_name, accept_names, by_hash_name
from catallax.protocol.makers import settings_of
from catallax.protocol.mechanism_names import maker_of, spec_of
from catallax.protocol.settings import Setting
from catallax.protocol.tuned import Tuned, TunedChoice, TunedSpan
from catallax.study.tuning.contracts import (
    TrainingContract,
    own_contract,
    setting_contract,
)
from catallax.tomlfile import filled, read_as, read_toml

SHIPPED = Path(__file__).with_name("tuning.toml")
MOST = 1024  # settings tried of one mechanism
LIKE, WITHOUT = "like", "without"
OWN = True  # in place of a range: the one that stands on the setting
SAME = (
    "budget",
    "near",
    "search",
    "seeds",
)  # what a file leaves out is the package's in every domain


@final
@dataclass(frozen=True)
class Declaration:
    """One effort for all.

    source    : the file, as the user knows it
    objective : measure of which the mean over contracts and seeds is to be high
    failed    : what a run counts for that stopped or whose objective is undefined
    budget    : settings tried of each mechanism that has any to tune, 1 to 1024
    near      : share of them that is tried near the best of the others, 0 up to 1
    search    : seed of the sequence of settings
    seeds     : of the training runs
    contracts : of the training runs
    ranges    : mechanism -> setting -> range
    experiment : whose settings the contracts are, as the file names it; "" for economies
    domain    : of all of it
    """

    source: str
    objective: str
    failed: float
    budget: int
    near: float
    search: int
    seeds: tuple[int, ...]
    contracts: tuple[TrainingContract, ...]
    ranges: Mapping[str, Mapping[str, Tuned]]
    experiment: str = ""
    domain: str = PRODUCTION

    def __post_init__(self) -> None:
        if not 1 <= self.budget <= MOST:
            raise InputError(f"budget: {self.budget} is out of range, expected 1 to {MOST}")
        if not 0.0 <= self.near < 1.0:
            raise InputError(
                f"near: {self.near} is out of range, expected 0 up to, not including, 1"
            )
        if domain_named(self.domain).measure(self.objective).better != "higher":
            raise InputError(f"objective: {self.objective} is not a measure that is better high")
        if len({t.name for t in self.contracts}) < len(self.contracts):
            raise InputError("contracts: two have the same name; give each its own")
        if len(set(self.seeds)) < len(self.seeds) or min(self.seeds) < 0 or self.search < 0:
            raise InputError("seeds: give whole numbers from 0 on, each once")

    @property
    def trials(self) -> int:
        """Runs of each setting that is tried."""
        return len(self.contracts) * len(self.seeds)

    @property
    def closer(self) -> int:
        """How many settings of a mechanism are tried near the best of the others."""
        return int(self.budget * self.near)

    def plain(self, mechanism: str) -> dict[str, Any]:
        """All that bears on tuning `mechanism`, as plain values; settings by their hash names."""
        common = ("objective", "failed", "budget", "near", "search", "seeds", "contracts")
        found = {name: getattr(self, name) for name in common}
        found["contracts"] = [t.plain for t in self.contracts]
        ranges = by_hash_name(self.ranges[mechanism], self.settings_of(mechanism))
        found["ranges"] = {key: asdict(r) for key, r in ranges.items()}
        if self.experiment:
            found |= {"experiment": self.experiment, "domain": self.domain}
        return json.loads(json.dumps(found))  # type: ignore[no-any-return]

    def settings_of(self, mechanism: str) -> Mapping[str, Setting]:
        """All settings of a mechanism, by name."""
        return settings_of(maker_of(spec_of(mechanism), self.domain))

    def hash(self, mechanism: str) -> str:
        """Of the name and `plain`: equal for equal efforts."""
        return hash_of([mechanism, self.plain(mechanism)])

    def chosen(self, names: Sequence[str], budget: int | None = None) -> "Declaration":
        """The same for some of the mechanisms, none for all, and with another budget if given."""
        for name in names:
            if name not in self.ranges:
                raise InputError(
                    f"{self.source}: {unknown('table mechanisms.', name, self.ranges)} Ranges of a "
                    f"mechanism are declared in a file that is given with --file."
                )
        ranges = {name: self.ranges[name] for name in names or self.ranges}
        return replace(self, ranges=ranges, budget=self.budget if budget is None else budget)


def read_declaration(file: Path | str = SHIPPED) -> Declaration:
    """The declaration in a file; what it does not say is as in the package's own.

    Where it names an experiment, its contracts are settings of that, and what it does not say of
    objective and contracts is as in the experiment and its domain.

    Raises InputError for what cannot be read, is unknown, missing, of the wrong type or out of
    range, in the names of the file.
    """
    name = "tuning.toml" if file == SHIPPED else str(file)
    with about(name):
        return _make_declaration(name, read_as("", _TuningFile, read_toml(file)), Path(file).parent)


@final
@dataclass(frozen=True)
class _TuningFile:
    """A file, as it stands there; what it leaves out is None."""

    experiment: str = ""
    objective: str | None = None
    failed: int | float | None = None
    budget: int | None = None
    near: int | float | None = None
    search: int | None = None
    seeds: tuple[int, ...] | None = None
    contracts: tuple[Mapping[str, Any], ...] | None = None
    mechanisms: Mapping[str, tuple[str, ...] | Mapping[str, Any]] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, Any]:
        """What it says, but for the mechanisms."""
        every = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "mechanisms"}
        return {name: value for name, value in every.items() if value is not None}


def _make_declaration(source: str, file: _TuningFile, folder: Path) -> Declaration:
    experiment = experiment_named(file.experiment, folder) if file.experiment else None
    domain = PRODUCTION if experiment is None else experiment.domain
    said = {**_defaults_for(file, experiment), **file.said}
    given = {
        **said,
        "source": source,
        "domain": domain,
        "seeds": filled("seeds", said["seeds"]),
        "contracts": _read_contracts(said, experiment),
        "ranges": {name: _read_ranges(name, file.mechanisms, domain) for name in file.mechanisms},
    }
    return Declaration(**given)


def _defaults_for(file: _TuningFile, experiment: Experiment | None) -> dict[str, Any]:
    """What holds where a file says nothing: the package's declaration, or the experiment's."""
    shipped = _read_shipped().said
    if experiment is None:
        return shipped
    domain = domain_named(experiment.domain)
    objective = file.objective or domain.judged_by
    measure = domain.measures.get(objective)
    failed = None if measure is None else measure.failed
    if measure is not None and failed is None and file.failed is None:
        raise InputError(
            f"failed: is missing; say what a run counts that has no {objective}, such as "
            f"failed = 0.0"
        )
    usual = {"objective": objective, "failed": failed or 0.0}
    contracts = ({"name": experiment.name},)
    return {**{key: shipped[key] for key in SAME}, **usual, "contracts": contracts}


@cache
def _read_shipped() -> _TuningFile:
    found: _TuningFile = read_as("", _TuningFile, read_toml(SHIPPED))
    return found


def _read_contracts(
    said: Mapping[str, Any], experiment: Experiment | None
) -> tuple[TrainingContract, ...]:
    """The training contracts, each longer than what the objective leaves out at the start."""
    domain = domain_named(PRODUCTION if experiment is None else experiment.domain)
    measure = domain.measures.get(str(said["objective"]))
    burn, found = 0 if measure is None else measure.burn, list[TrainingContract]()
    for k, table in enumerate(filled("contracts", said["contracts"])):
        where = f"contracts[{k}]"
        if experiment is None:
            training = own_contract(where, table, domain)
        else:
            training = setting_contract(where, table, experiment)
        weeks = training.contract.weeks
        if weeks <= burn:
            raise InputError(f"{where}.weeks: {weeks} is too short, expected over {burn}")
        found.append(training)
    return tuple(found)


def _read_ranges(
    name: str, mechanisms: Mapping[str, tuple[str, ...] | Mapping[str, Any]], domain: str
) -> dict[str, Tuned]:
    """The ranges of a mechanism, those that it shares with another among them."""
    where = f"mechanisms.{name}"
    table = _read_table(where, mechanisms[name])
    like, without = table.pop(LIKE, None), table.pop(WITHOUT, None)
    shared = {} if like is None else _read_shared(f"{where}.{LIKE}", like, mechanisms)
    with about(where):
        known = settings_of(maker_of(spec_of(name), domain))
    shared = accept_names(shared, known, where)
    for left in () if without is None else read_as(f"{where}.{WITHOUT}", tuple[str, ...], without):
        key = accept_name(left, known, f"{where}.{WITHOUT}")
        if key not in shared:
            raise InputError(f"{where}.{WITHOUT}: {unknown('setting', key, shared)}")
        del shared[key]
    ranges = shared | accept_names(table, known, where)
    return {key: _read_range(f"{where}.{key}", key, r, known) for key, r in ranges.items()}


def _read_table(where: str, said: tuple[str, ...] | Mapping[str, Any]) -> dict[str, Any]:
    """Setting -> range; a list of settings stands for the ranges that these have of their own."""
    if not isinstance(said, tuple):
        return dict(said)
    if len(set(filled(where, said))) < len(said):
        raise InputError(f"{where}: names a setting twice; give each once")
    return dict.fromkeys(said, OWN)


def _read_shared(
    where: str, like: Any, mechanisms: Mapping[str, tuple[str, ...] | Mapping[str, Any]]
) -> dict[str, Any]:
    """The ranges that the table of the mechanism `like` has of its own."""
    if read_as(where, str, like) not in mechanisms:
        raise InputError(f"{where}: {unknown('table mechanisms.', like, mechanisms)}")
    found = _read_table(f"mechanisms.{like}", mechanisms[like])
    if LIKE in found:
        raise InputError(
            f"{where}: {like!r} has a {LIKE} itself; name a table that has ranges of its own"
        )
    return {k: v for k, v in found.items() if k != WITHOUT}


def _read_range(where: str, key: str, said: object, known: Mapping[str, Setting]) -> Tuned:
    if key not in known:
        raise InputError(f"{where}: {unknown('setting', key, known)}")
    made = _own_range(where, known[key]) if said is OWN else _read_given_range(where, said)
    with about(where):
        made.check(known[key].kind)
    return made


def _own_range(where: str, known: Setting) -> Tuned:
    """The range that stands on the setting."""
    if known.tuned is None:
        raise InputError(
            f"{where}: has no range of its own; write {{ low = ..., high = ..., start = ..., why = "
            f'"..." }}'
        )
    return known.tuned


def _read_given_range(where: str, said: object) -> Tuned:
    """The range that the file gives."""
    listed = isinstance(said, Mapping) and "choices" in said
    found: Tuned = read_as(where, TunedChoice if listed else TunedSpan, said)
    return found
