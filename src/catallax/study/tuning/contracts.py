"""Contracts to train on: as a domain reads them, or settings of any experiment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from catallax.errors import InputError, about
from catallax.protocol import AbstractContract, Domain, Experiment, Value
from catallax.tomlfile import dotted, read_as

NAME, WHY = "name", "why"


@final
@dataclass(frozen=True)
class TrainingContract:
    """A contract to train on; two are equal if they were declared alike.

    name     : what it is called in the record
    contract : what is held equal
    plain    : what was declared of it, name and all, as plain values
    """

    name: str
    contract: AbstractContract = field(compare=False)
    plain: Mapping[str, Any]


def own_contract(where: str, table: Mapping[str, Any], domain: Domain) -> TrainingContract:
    """The contract of a table in the domain's own words; its `why` stays in the file.

    where : the user's name for the table

    Raises InputError for what is missing or wrong.
    """
    if domain.training is None:
        raise InputError(f"{where}: {domain.name} reads contracts as settings of an experiment")
    contract, plain = domain.training(where, table)
    return TrainingContract(plain[NAME], contract, {k: v for k, v in plain.items() if k != WHY})


def setting_contract(
    where: str, table: Mapping[str, Any], experiment: Experiment
) -> TrainingContract:
    """The contract of a table with a name and settings of the experiment by dotted key.

    where : the user's name for the table

    Raises InputError for a table without a name, unknown keys and values that are refused.
    """
    if NAME not in table:
        raise InputError(f"{where}: name is missing; give each contract a name for the record")
    name = read_as(f"{where}.{NAME}", str, table[NAME])
    said = {key: v for key, v in dotted(table) if key not in (NAME, WHY) and v != {}}
    with about(where):
        settings = {key: _read_value(experiment, key, value) for key, value in said.items()}
        contract = experiment.build(settings)
    return TrainingContract(name, contract, {"name": name, "settings": settings})


def _read_value(experiment: Experiment, key: str, value: Any) -> Value:
    """A value of the key's type; a whole number passes for a number."""
    found: Value = read_as(key, experiment.setting_of(key).kind, value)
    return found
