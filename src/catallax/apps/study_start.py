"""What studies have in common that vary one contract: where they start, and how they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from catallax.apps.contract_options import ContractOptions
from catallax.apps.contracts import Given, contract_of, read_settings
from catallax.errors import InputError

if TYPE_CHECKING:
    from catallax.domains.production.run import Contract
    from catallax.protocol import AbstractContract, Domain, Experiment
    from catallax.study.sweep import Base

WEEKS = 156  # three years of an economy: scores count from the second one on


@final
@dataclass(frozen=True)
class StudyStart:
    """The contract before anything is varied.

    experiment : whose contract it is
    contract   : as the user wants it
    given      : what the user said of it, by dotted key
    """

    experiment: "Experiment"
    contract: "AbstractContract"
    given: Mapping[str, Given]

    @property
    def domain(self) -> "Domain":
        """The domain of the contract."""
        from catallax.protocol import domain_of

        return domain_of(self.contract)

    @property
    def rivals(self) -> tuple[str, ...]:
        """The mechanisms of the experiment that can be ranked: all but oracles."""
        return tuple(m for m in self.experiment.mechanisms if m not in self.domain.oracles)

    def base(self, mechanisms: Sequence[str]) -> "Base":
        """The same as a start of cells."""
        from catallax.study.sweep import Base

        values = {key: s.value for key, s in self.given.items()}
        return Base(self.experiment, values, tuple(mechanisms))

    def judged_by(self, measure: str | None) -> str:
        """The measure to compare by, by default the domain's. InputError if more is not better."""
        from catallax.study.sweep.paired import check_graded

        judged = measure or self.domain.judged_by
        check_graded(judged, self.domain.name)
        return judged

    def behind(self, mechanisms: Sequence[str]) -> tuple[str, ...]:
        """Mechanisms and the file of the domain, whichever may be to blame for an error."""
        return (*mechanisms, *([self.domain.file] if self.domain.file else []))


def start_study(options: ContractOptions, experiment: str | None) -> StudyStart:
    """The contract that the user asked for.

    experiment : whose contract is varied, of any domain; None for any contract of the economy, of
                 three years if the user says nothing of its length
    """
    from catallax.domains.production.experiments import FREE
    from catallax.protocol import experiment_named

    known = FREE if experiment is None else experiment_named(experiment)
    given = read_settings(options, known, {"weeks": WEEKS} if experiment is None else None)
    return StudyStart(known, contract_of(known, given), given)


def economy_of(begun: StudyStart, what: str) -> "Contract":
    """The contract, of the production economy.

    what : why only that will do, in a sentence that begins with the command or option

    Raises InputError for a contract of another domain.
    """
    from catallax.domains.production.run import Contract

    if not isinstance(begun.contract, Contract):
        raise InputError(
            f"--experiment {begun.experiment.name}: is of the domain {begun.domain.name}; {what}"
        )
    return begun.contract


def describe_runs(
    contract: "AbstractContract", seeds: Sequence[int], runs: int, seconds: float
) -> str:
    """What was run, in a line."""
    from catallax.show.words import counted, number

    return (
        f"{contract.place}, {counted(contract.weeks, 'week')}, "
        f"{counted(len(seeds), 'seed')}, contract {contract.hash}; {counted(runs, 'run')}, "
        f"{number(seconds, 3)} s"
    )


def describe_failed_runs(measure: str, domain: "Domain", failed: int) -> str:
    """What became of runs without the measure, in a sentence; "" if there are none."""
    from catallax.show.words import counted, number

    if not failed:
        return ""
    counts = domain.measure(measure).failed
    fate = "their seeds are left out" if counts is None else f"counted as {number(counts)}"
    return f"{counted(failed, 'run')} without a {measure} {fate}"
