"""Economies to train on, with default laws, as a file of tuning says them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, final

from catallax.domains.production.economy import Shock
from catallax.domains.production.economy.origin import name_in_hashes
from catallax.domains.production.run import Contract
from catallax.errors import about
from catallax.tomlfile import read_as


@final
@dataclass(frozen=True)
class _Economy:
    """What a file says of an economy to train on, with default laws.

    name    : what it is called in the record
    economy : us15, us71 or synthetic:SEED
    weeks   : of a run
    shocks  : what happens from outside
    why     : why this one; no part of what is declared
    """

    name: str
    economy: str
    weeks: int
    shocks: tuple[Shock, ...] = ()
    why: str = ""


def training_contract(where: str, table: Mapping[str, Any]) -> tuple[Contract, dict[str, Any]]:
    """The contract of a table with name, economy, weeks and shocks, and all that it says.

    where : the user's name for the table

    Raises InputError for what is missing or wrong, an unknown economy and a shock outside the run.
    """
    found: _Economy = read_as(where, _Economy, table)
    with about(where):
        contract = Contract(found.economy, shocks=found.shocks, weeks=found.weeks)
    return contract, {**asdict(found), "economy": name_in_hashes(found.economy)}
