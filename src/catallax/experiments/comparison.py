"""What came of a comparison: outcomes by mechanism and seed, and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from catallax.experiments.summary import Summary, summarise
from catallax.experiments.tuning import told
from catallax.measures import Measure, Measured, sample_weeks
from catallax.measures.adaptation import deviation
from catallax.measures.assess import TOL
from catallax.measures.scarcity import Cuts
from catallax.network import Floats
from catallax.protocol import AbstractRun, domain_of


@final
@dataclass(frozen=True, eq=False)
class BareRun:
    """A run of a domain that looks at nothing but the run itself."""

    run: AbstractRun


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """One mechanism on one seed: the shocked run, its twin and their measures.

    shocked, twin : as the domain looks at them: in the economy each an `Assessed`, else `BareRun`
    cuts          : of the economy's users of what became scarce
    """

    shocked: Any
    twin: Any
    measures: Mapping[str, Measured]
    cuts: Cuts | None

    @property
    def seed(self) -> int:
        """Seed of both runs."""
        return int(self.shocked.run.seed)

    @property
    def seconds(self) -> float:
        """Time of both simulations."""
        runs = {id(a.run): a.run for a in (self.shocked, self.twin)}
        return float(sum(run.seconds for run in runs.values()))


@final
@dataclass(frozen=True, eq=False)
class Comparison:
    """All outcomes of an experiment.

    name      : of the experiment
    contract  : an `AbstractContract`, with the shocks; of the economy a `Contract`
    seeds     : the same for every mechanism
    outcomes  : mechanism -> one outcome a seed, in order of seeds
    """

    name: str
    contract: Any
    seeds: tuple[int, ...]
    outcomes: Mapping[str, Sequence[Outcome]]

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Every measure of the domain by name."""
        return domain_of(self.contract).measures

    def __repr__(self) -> str:
        names = ", ".join(self.outcomes)
        where = self.contract.economy.name
        return f"Comparison({self.name} on {where}: {names}; {len(self.seeds)} seeds)"

    def oracle(self, mechanism: str) -> bool:
        """Whether `mechanism` saw everything."""
        return bool(self.outcomes[mechanism][0].shocked.run.oracle)

    def summary(self, mechanism: str, measure: str) -> Summary:
        """`measure` of `mechanism` over seeds."""
        values = [o.measures[measure] for o in self.outcomes[mechanism]]
        if measure == "adaptation_lag" and not self.detectable(mechanism):
            reason = "not detectable: the mean peak is 0 or under two standard errors over seeds"
            return Summary(None, None, self.measures[measure].unit, reason)
        return summarise(values, self.measures[measure].unit)

    @property
    def base(self) -> str:
        """The mechanism that the others are held against: the first that is no oracle."""
        plain = [m for m in self.outcomes if not self.oracle(m)]
        return next(iter([*plain, *self.outcomes]))

    @property
    def others(self) -> tuple[str, ...]:
        """All mechanisms but `base`, in their order."""
        return tuple(m for m in self.outcomes if m != self.base)

    def difference(self, mechanism: str, measure: str) -> Summary:
        """`measure` of `mechanism` less that of `base`, paired on seeds."""
        unit, both = self.measures[measure].unit, (self.base, mechanism)
        lacks = {n: s.reason for n in both if (s := self.summary(n, measure)).mean is None}
        if lacks:
            name, why = next(iter(lacks.items()))
            shared = set(lacks) == set(both) and len(set(lacks.values())) == 1
            return Summary(None, None, unit, why if shared else f"{name}: {why}")
        two, one = ([o.measures[measure].value or 0.0 for o in self.outcomes[m]] for m in both)
        return summarise([Measured(a - b) for a, b in zip(one, two, strict=True)], unit)

    def detectable(self, mechanism: str) -> bool:
        """Whether the mean response to the shock exceeds two standard errors at its peak.

        Less than the tolerance of efficiency is no response.
        """
        paths = self.responses(mechanism)
        if paths is None or not self.contract.shocks:
            return True
        after = self.weeks >= min((s.week for s in self.contract.shocks), default=0)
        mean, error = paths.mean(axis=0)[after], _error(paths)[after]
        peak = int(np.argmax(np.abs(mean)))
        return bool(abs(mean[peak]) >= max(2 * error[peak], TOL))

    @property
    def weeks(self) -> Floats:
        """(k,) weeks at which efficiency was sampled."""
        return np.array(sample_weeks(self.contract), dtype=np.float64)

    def efficiency(self, mechanism: str) -> Floats:
        """(seeds, k) efficiency paths of the completed runs."""
        done = [o.shocked for o in self.outcomes[mechanism] if o.shocked.run.completed]
        return np.array([a.efficiency for a in done]).reshape(len(done), len(self.weeks))

    def responses(self, mechanism: str) -> Floats | None:
        """(seeds, k) D = log(efficiency / twin's); None where a run stopped or fell to zero."""
        outcomes = self.outcomes[mechanism]
        if not all(o.shocked.run.completed and o.twin.run.completed for o in outcomes):
            return None
        if any(np.any(a.efficiency <= 0) for o in outcomes for a in (o.shocked, o.twin)):
            return None
        return np.array([deviation(o.shocked, o.twin)[1] for o in outcomes])

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON-ready values; never NaN."""
        mechanisms: dict[str, Any] = {}
        for name in self.outcomes:
            kind = "oracle" if self.oracle(name) else "mechanism"
            measures = {m: self.summary(name, m).to_dict() for m in self.measures}
            seconds = float(sum(o.seconds for o in self.outcomes[name]))
            runs = [o.shocked.run.hash for o in self.outcomes[name]]
            mechanisms[name] = {"kind": kind, **measures, "seconds": seconds, "runs": runs}
        return {
            "experiment": self.name,
            "contract": {**self.contract.to_dict(), "hash": self.contract.hash},
            "seeds": list(self.seeds),
            "tuning": told(self.outcomes, self.seeds, self.contract.domain),
            "versions": dict(next(iter(self.outcomes.values()))[0].shocked.run.versions),
            "mechanisms": mechanisms,
            "differences": {
                "from": self.base,
                "mechanisms": {
                    name: {m: self.difference(name, m).to_dict() for m in self.measures}
                    for name in self.others
                },
            },
        }


def _error(paths: Floats) -> Floats:
    """(k,) standard error over seeds; zero for one seed."""
    if len(paths) < 2:
        return np.zeros(paths.shape[1])
    return np.asarray(paths.std(axis=0, ddof=1) / np.sqrt(len(paths)))
