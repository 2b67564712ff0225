"""Coupling: a contract that takes a series of another run as given, such as incomes or prices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError, unknown
from catallax.protocol.settings import Setting
from catallax.protocol.tuned import Value

if TYPE_CHECKING:
    from catallax.protocol.contract import AbstractContract, AbstractRun

INPUTS = "inputs"  # begins the keys of settings: inputs.NAME.mechanism
EXPERIMENT, MECHANISM, SERIES, SEED = "experiment", "mechanism", "series", "seed"
OWN = {
    EXPERIMENT: Setting(str, None, meaning="experiment with whose contract the other run begins"),
    MECHANISM: Setting(str, None, meaning="who is run there, by name, with settings if need be"),
    SERIES: Setting(str, None, meaning="name of the series of the other run that is taken"),
    SEED: Setting(
        int, None, meaning="seed of the other run; left out, that of the run that takes it", low=0
    ),
}
"""Keys of an input itself; all others are of the other run's contract."""


@final
@dataclass(frozen=True, eq=False)
class RunInput:
    """A series of another run, which a contract takes as given.

    contract  : of the other run, of any domain
    mechanism : who is run there, by name, with settings if need be
    series    : name of the series, (weeks, ...)
    seed      : of the other run, >= 0; None for the seed of the run that takes it

    Raises InputError for a mechanism that the domain does not know and for a seed below 0.
    """

    contract: "AbstractContract"
    mechanism: str
    series: str
    seed: int | None = None

    def __post_init__(self) -> None:
        from catallax.protocol.mechanism_names import mechanism_named
        from catallax.protocol.registry import domain_of

        mechanism_named(self.mechanism, domain_of(self.contract))
        if self.seed is not None and (type(self.seed) is not int or self.seed < 0):
            raise InputError(f"{SEED}: {self.seed!r} is no seed; give a whole number from 0 on")

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

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """The input that `to_dict` wrote. Raises InputError for anything else."""
        from catallax.protocol.registry import read_contract

        missing = [k for k in ("contract", MECHANISM, SERIES) if k not in plain]
        if missing:
            raise InputError(f"input: {missing[0]} is missing; give contract, mechanism and series")
        contract = read_contract(plain["contract"])
        return cls(contract, str(plain[MECHANISM]), str(plain[SERIES]), plain.get(SEED))

    def seed_for(self, seed: int) -> int:
        """Seed of the other run for a run on `seed`."""
        return seed if self.seed is None else self.seed

    def simulated(self, seed: int) -> Floats:
        """The series of the other run, which is run here, for a run on `seed`."""
        from catallax.protocol.mechanism_names import mechanism_named
        from catallax.protocol.registry import domain_of

        made = mechanism_named(self.mechanism, domain_of(self.contract))
        return series_of(self.contract.simulate(made, self.seed_for(seed)), self.series)

    def setting(self, key: str) -> Value:
        """The value under a key, as for `with_setting`; InputError for an unknown one."""
        if key == SEED and self.seed is None:
            raise InputError(f"{SEED}: is that of the run that takes the series")
        if key in (MECHANISM, SERIES, SEED):
            found: Value = getattr(self, key)
            return found
        return self.contract.setting(key)


def series_of(run: "AbstractRun", name: str) -> Floats:
    """A whole series of a run that ran all weeks; InputError says what is wrong otherwise."""
    if not run.completed:
        raise InputError(f"the run of {run.mechanism} ended early: {run.reason}")
    if name not in run.series:
        raise unknown(f"series of {run.mechanism}", name, run.series)
    return np.asarray(run.series[name], dtype=np.float64)


def check_inputs(inputs: Mapping[str, RunInput], weeks: int) -> None:
    """Raise InputError unless every input lasts as long as the run that takes it."""
    for name, given in inputs.items():
        if given.contract.weeks < weeks:
            raise InputError(
                f"{INPUTS}.{name}: its run has {given.contract.weeks} weeks, but {weeks} are "
                f"needed; write {INPUTS}.{name}.weeks={weeks}"
            )


def inputs_with(
    usual: Mapping[str, RunInput], settings: Mapping[str, Value]
) -> dict[str, RunInput]:
    """The inputs under settings by dotted key, `inputs.NAME.KEY`.

    `inputs.NAME.experiment` begins with the contract of that experiment, whose keys come beside
    it; else the usual input is changed. Raises InputError that begins with the key.
    """
    asked: dict[str, dict[str, Value]] = {}
    for key, value in settings.items():
        name, own = input_key(key, usual)
        asked.setdefault(name, {})[own] = value
    changed = {
        name: _change_input(f"{INPUTS}.{name}", usual[name], own) for name, own in asked.items()
    }
    return {**usual, **changed}


def input_key(key: str, known: Mapping[str, RunInput]) -> tuple[str, str]:
    """Name of the input and its own key, of `inputs.NAME.KEY`; InputError for an unknown name."""
    _, name, own = [*key.split(".", 2), "", ""][:3]
    if name not in known or not own:
        raise unknown("key", key, [f"{INPUTS}.{n}.{MECHANISM}" for n in known])
    return name, own


def setting_of_input(key: str, known: Mapping[str, RunInput]) -> Setting:
    """The setting under `inputs.NAME.KEY`, with the usual value for a default."""
    from catallax.protocol.registry import domain_of

    name, own = input_key(key, known)
    if own in OWN:
        return replace(OWN[own], default=getattr(known[name], own, None))
    experiments = domain_of(known[name].contract).experiments
    return next(iter(experiments.values())).setting_of(own)


def _change_input(where: str, usual: RunInput, own: Mapping[str, Value]) -> RunInput:
    """The input under its own settings at once: a mechanism may suit only the new contract."""
    changes: dict[str, Any] = {k: v for k, v in own.items() if k in (MECHANISM, SERIES, SEED)}
    keys = {k: v for k, v in own.items() if k not in (EXPERIMENT, *changes)}
    try:
        return replace(
            usual, contract=_change_contract(usual, own.get(EXPERIMENT), keys), **changes
        )
    except InputError as e:
        begins = any(str(e).startswith(f"{key}: ") for key in own)
        raise InputError(f"{where}.{e}" if begins else f"{where}: {e}") from e


def _change_contract(
    usual: RunInput, experiment: Value | None, keys: Mapping[str, Value]
) -> "AbstractContract":
    from catallax.protocol.registry import experiment_named

    if experiment is not None:
        return experiment_named(str(experiment)).build(keys)
    contract = usual.contract
    for key, value in keys.items():
        contract = contract.with_setting(key, value)
    return contract
