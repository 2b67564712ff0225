"""Coupling: a contract that takes a series of another run as given, such as incomes or prices."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError, about, unknown
from catallax.protocol.contract import (
    MECHANISM,
    SEED,
    SERIES,
    AbstractContract,
    AbstractRun,
    RunInput,
)
from catallax.protocol.mechanism_names import mechanism_named
from catallax.protocol.registry import domain_of, experiment_named, read_contract
from catallax.protocol.settings import Setting
from catallax.protocol.tuned import Value

INPUTS = "inputs"  # begins the keys of settings: inputs.NAME.mechanism
EXPERIMENT = "experiment"
OWN = {
    EXPERIMENT: Setting(str, None, meaning="experiment with whose contract the other run begins"),
    MECHANISM: Setting(str, None, meaning="who is run there, by name, with settings if need be"),
    SERIES: Setting(str, None, meaning="name of the series of the other run that is taken"),
    SEED: Setting(
        int, None, meaning="seed of the other run; left out, that of the run that takes it", low=0
    ),
}
"""Keys of an input itself; all others are of the other run's contract."""


def read_input(plain: Mapping[str, Any]) -> RunInput:
    """The input that `RunInput.to_dict` wrote. Raises InputError for anything else."""
    missing = [k for k in ("contract", MECHANISM, SERIES) if k not in plain]
    if missing:
        raise InputError(f"input: {missing[0]} is missing; give contract, mechanism and series")
    contract = read_contract(plain["contract"])
    return RunInput(contract, str(plain[MECHANISM]), str(plain[SERIES]), plain.get(SEED))


def simulate_input(taken: RunInput, seed: int) -> Floats:
    """The series of the other run, which is run here, for a run on `seed`."""
    made = mechanism_named(taken.mechanism, domain_of(taken.contract))
    return series_of(taken.contract.simulate(made, taken.seed_for(seed)), taken.series)


def series_of(run: AbstractRun, name: str) -> Floats:
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


def check_mechanisms(inputs: Mapping[str, RunInput]) -> None:
    """Raise InputError for an input whose mechanism its domain does not know."""
    for name, given in inputs.items():
        with about(f"{INPUTS}.{name}"):
            mechanism_named(given.mechanism, domain_of(given.contract))


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
        contract = _change_contract(usual, own.get(EXPERIMENT), keys)
        changed = replace(usual, contract=contract, **changes)
        mechanism_named(changed.mechanism, domain_of(contract))
        return changed
    except InputError as e:
        begins = any(str(e).startswith(f"{key}: ") for key in own)
        raise InputError(f"{where}.{e}" if begins else f"{where}: {e}") from e


def _change_contract(
    usual: RunInput, experiment: Value | None, keys: Mapping[str, Value]
) -> AbstractContract:
    if experiment is not None:
        return experiment_named(str(experiment)).build(keys)
    contract = usual.contract
    for key, value in keys.items():
        contract = contract.with_setting(key, value)
    return contract
