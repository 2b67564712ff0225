"""Contracts to train on: economies with default laws, or settings of any experiment."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, final

from catallax.economy import Shock
from catallax.errors import InputError, about
from catallax.protocol import AbstractContract, Experiment, Value
from catallax.run import Contract
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


@final
@dataclass(frozen=True)
class _Economy:
    """What a file says of an economy to train on, with default laws.

    name    : what it is called in the record
    economy : us15, us71 or made:SEED
    weeks   : of a run
    shocks  : what happens from outside
    why     : why this one; no part of what is declared
    """

    name: str
    economy: str
    weeks: int
    shocks: tuple[Shock, ...] = ()
    why: str = ""


def economy_contract(where: str, table: Mapping[str, Any]) -> TrainingContract:
    """The contract of a table with name, economy, weeks and shocks; its `why` stays in the file.

    where : the user's name for the table

    Raises InputError for what is missing or wrong, an unknown economy and a shock outside the run.
    """
    found: _Economy = read_as(where, _Economy, table)
    with about(where):
        contract = Contract(found.economy, shocks=found.shocks, weeks=found.weeks)
    plain = {key: value for key, value in asdict(found).items() if key != WHY}
    return TrainingContract(found.name, contract, plain)


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
        settings = {key: _typed(experiment, key, value) for key, value in said.items()}
        contract = experiment.build(settings)
    return TrainingContract(name, contract, {"name": name, "settings": settings})


def _typed(experiment: Experiment, key: str, value: Any) -> Value:
    """A value of the key's type; a whole number passes for a number."""
    found: Value = read_as(key, experiment.setting_of(key).kind, value)
    return found
