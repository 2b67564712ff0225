"""What studies have in common that vary one contract: where they start, and how they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from catallax.apps.contract_options import ContractOptions
from catallax.apps.contracts import economy_contract, settings

if TYPE_CHECKING:
    from catallax.experiments.sweep import Base
    from catallax.protocol import Experiment, Value
    from catallax.run import Contract

WEEKS = 156  # three years: scores count from the second one on


@final
@dataclass(frozen=True)
class Start:
    """The contract before anything is varied.

    contract : as the user wants it
    settings : what the user said of it, by dotted key
    """

    experiment: "Experiment"
    contract: "Contract"
    settings: "Mapping[str, Value]"

    def base(self, mechanisms: Sequence[str]) -> "Base":
        """The same as a start of cells."""
        from catallax.experiments.sweep import Base

        return Base(self.experiment, self.settings, tuple(mechanisms))


def start(options: ContractOptions, experiment: str | None = None) -> Start:
    """The contract that the user asked for.

    experiment : whose; None for any of the economy, then of three years if nothing else is said
    """
    from catallax.experiments import FREE
    from catallax.protocol import experiment_named

    known = FREE if experiment is None else experiment_named(experiment)
    given = settings(options, known, {"weeks": WEEKS} if experiment is None else None)
    values = {key: setting.value for key, setting in given.items()}
    return Start(known, economy_contract(known, given), values)


def where(contract: "Contract", seeds: Sequence[int], runs: int, seconds: float) -> str:
    """What was run, in a line."""
    from catallax.report.words import counted, number

    return (
        f"{contract.economy.name}, {counted(contract.weeks, 'week')}, "
        f"{counted(len(seeds), 'seed')}, contract {contract.hash}; {counted(runs, 'run')}, "
        f"{number(seconds, 3)} s"
    )
