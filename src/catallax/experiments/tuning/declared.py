"""What is declared before anything is tuned: objective, contracts, seeds, budget and ranges.

The package's own declaration is `tuning.toml` beside this file. A file of the user's that says
less takes the rest from it, so that a mechanism of the user's is tuned with the same effort. One
that names an experiment is about the domain of that experiment.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, final

from catallax.errors import InputError, unknown
from catallax.experiments.registry import maker
from catallax.experiments.tuning.contracts import (
    TrainingContract,
    economy_contract,
    setting_contract,
)
from catallax.protocol import PRODUCTION, Experiment, domain_named, experiment_named, hash_of
from catallax.protocol.makers import settings_of
from catallax.protocol.settings import Setting
from catallax.protocol.specs import spec_of
from catallax.protocol.tuned import Tuned, TunedChoice, TunedSpan
from catallax.tomlfile import list_of, made_of, read_toml, table_of, typed_as

SHIPPED = Path(__file__).with_name("tuning.toml")
MOST = 1024  # settings tried of one mechanism
LIKE, WITHOUT = "like", "without"
KEYS = (
    "experiment", "objective", "failed", "budget", "search", "seeds", "contracts", "mechanisms",
)  # fmt: skip
SAME = ("budget", "search", "seeds")  # what a file leaves out is the package's in every domain

Made = TypeVar("Made")


@final
@dataclass(frozen=True)
class Declaration:
    """One effort for all.

    source    : the file, as the user knows it
    objective : measure of which the mean over contracts and seeds is to be high
    failed    : what a run counts for that stopped or whose objective is undefined
    budget    : settings tried of each mechanism that has any to tune, 1 to 1024
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
    search: int
    seeds: tuple[int, ...]
    contracts: tuple[TrainingContract, ...]
    ranges: Mapping[str, Mapping[str, Tuned]]
    experiment: str = ""
    domain: str = PRODUCTION

    def __post_init__(self) -> None:
        if not 1 <= self.budget <= MOST:
            raise InputError(f"budget: {self.budget} is out of range, expected 1 to {MOST}")
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

    def plain(self, mechanism: str) -> dict[str, Any]:
        """All that bears on tuning `mechanism`, as plain values."""
        common = ("objective", "failed", "budget", "search", "seeds", "contracts")
        found = {name: getattr(self, name) for name in common}
        found["contracts"] = [t.plain for t in self.contracts]
        found["ranges"] = {key: asdict(r) for key, r in self.ranges[mechanism].items()}
        if self.experiment:
            found |= {"experiment": self.experiment, "domain": self.domain}
        return json.loads(json.dumps(found))  # type: ignore[no-any-return]

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


def declared(file: Path | str = SHIPPED) -> Declaration:
    """The declaration in a file; what it does not say is as in the package's own.

    Where it names an experiment, its contracts are settings of that, and what it does not say of
    objective and contracts is as in the experiment and its domain.

    Raises InputError for what cannot be read, is unknown, missing, of the wrong type or out of
    range, in the names of the file.
    """
    name = "tuning.toml" if file == SHIPPED else str(file)
    return _told(name, lambda: _declaration(name, read_toml(file), Path(file).parent))


def _declaration(source: str, own: Mapping[str, Any], folder: Path) -> Declaration:
    for key in own:
        if key not in KEYS:
            raise unknown("key", key, KEYS)
    named = typed_as("experiment", str, own.get("experiment", ""))
    experiment = experiment_named(named, folder) if named else None
    said = {**_usual(own, experiment), **own}
    seeds = [typed_as("seeds", int, seed) for seed in list_of("seeds", said["seeds"])]
    mechanisms = table_of("mechanisms", said["mechanisms"])
    domain = PRODUCTION if experiment is None else experiment.domain
    given = {
        **said,
        "source": source,
        "domain": domain,
        "seeds": tuple(seeds),
        "contracts": _contracts(said, experiment),
        "ranges": {name: _ranges(name, mechanisms, domain) for name in mechanisms},
    }
    del given["mechanisms"]
    return made_of("", Declaration, given)


def _usual(own: Mapping[str, Any], experiment: Experiment | None) -> dict[str, Any]:
    """What holds where a file says nothing: the package's declaration, or the experiment's."""
    shipped = dict(read_toml(SHIPPED), mechanisms={})
    if experiment is None:
        return shipped
    domain = domain_named(experiment.domain)
    objective = own.get("objective", domain.judged_by)
    measure = domain.measures.get(objective) if isinstance(objective, str) else None
    failed = None if measure is None else measure.failed
    if measure is not None and failed is None and "failed" not in own:
        raise InputError(
            f"failed: is missing; say what a run counts that has no {objective}, such as "
            f"failed = 0.0"
        )
    usual = {"objective": objective, "failed": failed or 0.0, "mechanisms": {}}
    contracts = [{"name": experiment.name}]
    return {**{key: shipped[key] for key in SAME}, **usual, "contracts": contracts}


def _contracts(
    said: Mapping[str, Any], experiment: Experiment | None
) -> tuple[TrainingContract, ...]:
    """The training contracts, each longer than what the objective leaves out at the start."""
    domain = domain_named(PRODUCTION if experiment is None else experiment.domain)
    measure = domain.measures.get(str(said["objective"]))
    burn, found = 0 if measure is None else measure.burn, list[TrainingContract]()
    for k, table in enumerate(list_of("contracts", said["contracts"])):
        where = f"contracts[{k}]"
        if experiment is None:
            training = economy_contract(where, table_of(where, table))
        else:
            training = setting_contract(where, table_of(where, table), experiment)
        weeks = training.contract.weeks
        if weeks <= burn:
            raise InputError(f"{where}.weeks: {weeks} is too short, expected over {burn}")
        found.append(training)
    return tuple(found)


def _ranges(name: str, mechanisms: Mapping[str, Any], domain: str) -> dict[str, Tuned]:
    """The ranges of a mechanism, those that it shares with another among them."""
    where = f"mechanisms.{name}"
    table = dict(table_of(where, mechanisms[name]))
    like, without = table.pop(LIKE, None), table.pop(WITHOUT, [])
    shared = {} if like is None else _shared(f"{where}.{LIKE}", like, mechanisms)
    for key in [] if without == [] else list_of(f"{where}.{WITHOUT}", without):
        if typed_as(f"{where}.{WITHOUT}", str, key) not in shared:
            raise InputError(f"{where}.{WITHOUT}: {unknown('setting', key, shared)}")
        del shared[key]
    known = _told(where, lambda: settings_of(maker(spec_of(name), domain)))
    return {key: _range(f"{where}.{key}", key, r, known) for key, r in (shared | table).items()}


def _shared(where: str, like: Any, mechanisms: Mapping[str, Any]) -> dict[str, Any]:
    """The ranges that the table of the mechanism `like` has of its own."""
    if typed_as(where, str, like) not in mechanisms:
        raise InputError(f"{where}: {unknown('table mechanisms.', like, mechanisms)}")
    found = table_of(f"mechanisms.{like}", mechanisms[like])
    if LIKE in found:
        raise InputError(
            f"{where}: {like!r} has a {LIKE} itself; name a table that has ranges of its own"
        )
    return {k: v for k, v in found.items() if k != WITHOUT}


def _range(where: str, key: str, said: object, known: Mapping[str, Setting]) -> Tuned:
    if key not in known:
        raise InputError(f"{where}: {unknown('setting', key, known)}")
    table = dict(table_of(where, said))
    if "choices" in table:
        table["choices"] = tuple(list_of(f"{where}.choices", table["choices"]))
        made: Tuned = _told(where, lambda: made_of(where, TunedChoice, table))
    else:
        made = _told(where, lambda: made_of(where, TunedSpan, table))
    _told(where, lambda: made.check(known[key].kind))
    return made


def _told(where: str, make: Callable[[], Made]) -> Made:
    """What `make` makes; its complaints begin with `where`."""
    try:
        return make()
    except InputError as e:
        raise InputError(str(e) if str(e).startswith(where) else f"{where}: {e}") from e
