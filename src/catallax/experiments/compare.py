"""Mechanisms side by side under one contract, on the same seeds, each with its twin."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
from scipy.special import stdtrit

from catallax.errors import InputError
from catallax.experiments.dispatch import spread
from catallax.experiments.registry import mechanism_named
from catallax.experiments.tuning import told
from catallax.measures import (
    MEASURES,
    Assessed,
    Measured,
    assess,
    cuts,
    measure_all,
    sample_weeks,
)
from catallax.measures.adaptation import deviation
from catallax.measures.assess import TOL
from catallax.measures.scarcity import Cuts, scarce_goods
from catallax.network import Floats
from catallax.run import Contract, Recording, simulate

Progress = Callable[[int, int, str], None]


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """One mechanism on one seed: the shocked run, its twin and their measures."""

    shocked: Assessed
    twin: Assessed
    measures: Mapping[str, Measured]
    cuts: Cuts | None

    @property
    def seed(self) -> int:
        """Seed of both runs."""
        return self.shocked.run.seed

    @property
    def seconds(self) -> float:
        """Time of both simulations."""
        runs = {id(a.run): a.run for a in (self.shocked, self.twin)}
        return sum(run.seconds for run in runs.values())


@final
@dataclass(frozen=True)
class Summary:
    """A measure over seeds: mean, 95 % interval (Student's t), or the reason for none."""

    mean: float | None
    ci95: tuple[float, float] | None
    unit: str
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain values; what is undefined is None and carries a reason."""
        plain: dict[str, Any] = {
            "mean": self.mean,
            "ci95": None if self.ci95 is None else list(self.ci95),
            "unit": self.unit,
        }
        return {**plain, "reason": self.reason} if self.reason else plain


@final
@dataclass(frozen=True, eq=False)
class Comparison:
    """All outcomes of an experiment.

    name      : of the experiment
    contract  : with the shocks
    seeds     : the same for every mechanism
    outcomes  : mechanism -> one outcome a seed, in order of seeds
    """

    name: str
    contract: Contract
    seeds: tuple[int, ...]
    outcomes: Mapping[str, Sequence[Outcome]]

    def __repr__(self) -> str:
        names = ", ".join(self.outcomes)
        where = self.contract.economy.name
        return f"Comparison({self.name} on {where}: {names}; {len(self.seeds)} seeds)"

    def oracle(self, mechanism: str) -> bool:
        """Whether `mechanism` saw everything."""
        return self.outcomes[mechanism][0].shocked.run.oracle

    def summary(self, mechanism: str, measure: str) -> Summary:
        """`measure` of `mechanism` over seeds."""
        values = [o.measures[measure] for o in self.outcomes[mechanism]]
        if measure == "adaptation_lag" and not self.detectable(mechanism):
            reason = "not detectable: the mean peak is 0 or under two standard errors over seeds"
            return Summary(None, None, MEASURES[measure].unit, reason)
        return summarise(values, MEASURES[measure].unit)

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
        unit, both = MEASURES[measure].unit, (self.base, mechanism)
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
            measures = {m: self.summary(name, m).to_dict() for m in MEASURES}
            seconds = float(sum(o.seconds for o in self.outcomes[name]))
            runs = [o.shocked.run.hash for o in self.outcomes[name]]
            mechanisms[name] = {"kind": kind, **measures, "seconds": seconds, "runs": runs}
        return {
            "experiment": self.name,
            "contract": {**self.contract.to_dict(), "hash": self.contract.hash},
            "seeds": list(self.seeds),
            "tuning": told(self.outcomes, self.seeds),
            "versions": dict(next(iter(self.outcomes.values()))[0].shocked.run.versions),
            "mechanisms": mechanisms,
            "differences": {
                "from": self.base,
                "mechanisms": {
                    name: {m: self.difference(name, m).to_dict() for m in MEASURES}
                    for name in self.others
                },
            },
        }


def summarise(values: Sequence[Measured], unit: str) -> Summary:
    """Mean and 95 % interval of the values that are there; all must be there for a mean."""
    missing = [v.reason for v in values if v.value is None]
    if missing:
        return Summary(None, None, unit, f"{missing[0]} ({len(missing)} of {len(values)} seeds)")
    x = np.array([v.value for v in values], dtype=np.float64)
    mean = float(x.mean())
    if len(x) < 2:
        return Summary(mean, None, unit, "one seed has no interval")
    half = float(half_width(x))
    return Summary(mean, (mean - half, mean + half), unit)


def half_width(x: Floats) -> Floats:
    """Half of Student's 95 % interval of the mean over the first axis, at least two entries."""
    count = len(x)
    return np.asarray(stdtrit(count - 1, 0.975) * x.std(axis=0, ddof=1) / np.sqrt(count))


def compare(
    name: str,
    contract: Contract,
    mechanisms: Sequence[str],
    seeds: Iterable[int],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run every mechanism on every seed, with and without the shocks.

    workers  : processes; 0 runs in this one. The bits are the same either way.
    progress : called with (done, all, what was finished)

    Raises InputError for an empty selection or an unknown mechanism.
    """
    seeds = tuple(seeds)
    if not mechanisms or not seeds:
        raise InputError("compare: give at least one mechanism and one seed")
    for mechanism in mechanisms:
        mechanism_named(mechanism)
    jobs = [(contract, m, s) for s in seeds for m in mechanisms]
    done = dict(_results(jobs, workers, progress))
    outcomes = {m: [done[m, s] for s in seeds] for m in mechanisms}
    return Comparison(name, contract, seeds, outcomes)


Job = tuple[Contract, str, int]


def _results(
    jobs: Sequence[Job], workers: int | None, progress: Progress | None
) -> Iterable[tuple[tuple[str, int], Outcome]]:
    for count, (job, outcome) in enumerate(spread(outcome_of, jobs, workers), start=1):
        if progress is not None:
            progress(count, len(jobs), f"{job[1]}, seed {job[2]}")
        yield (job[1], job[2]), outcome


def outcome_of(contract: Contract, mechanism: str, seed: int) -> Outcome:
    """One mechanism on one seed, with and without the shocks.

    Measures of all goods need the series of every row. Beyond what `Recording` keeps these are
    given up once the run is measured, so that a process holds those of one run at a time.
    """
    weeks, economy = sample_weeks(contract), contract.economy
    goods = scarce_goods(contract)
    recording = Recording(goods=goods)

    def assessed(held: Contract, keep: Recording) -> Assessed:
        made = mechanism_named(mechanism)
        return assess(simulate(held, made, seed, recording=keep), weeks)

    whole = assessed(contract, replace(recording, rows=economy.network.n))
    shocked = replace(whole, run=whole.run.only(recording.watched(economy)))
    # Without a shock a run is its own twin.
    calm = replace(contract, shocks=())
    twin = assessed(calm, recording) if contract.shocks else shocked
    both = shocked.run.completed and twin.run.completed and bool(goods)
    found = cuts(shocked.run, twin.run) if both else None
    return Outcome(shocked, twin, measure_all(whole, twin), found)


def _error(paths: Floats) -> Floats:
    """(k,) standard error over seeds; zero for one seed."""
    if len(paths) < 2:
        return np.zeros(paths.shape[1])
    return np.asarray(paths.std(axis=0, ddof=1) / np.sqrt(len(paths)))
