"""Mechanisms side by side under one contract, on the same seeds, each with its twin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.execute import Executor, RunRequest, entries_of, execute
from catallax.execute.row import RunRow
from catallax.protocol import AbstractContract, Measure, Measured, Progress, Trace, domain_of
from catallax.study.statistics import Summary, summarise
from catallax.study.tuning import tuning_report
from catallax.study.way import UNIT, explain_missing_end, find_share_of_way

if TYPE_CHECKING:
    from catallax.execute.store import Store

NOISE = 1e-7  # a response of less is none: the tolerance of what is measured


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """One mechanism on one seed.

    row   : what was measured of the run
    trace : what its page shows
    """

    row: RunRow
    trace: Trace

    @property
    def seed(self) -> int:
        """Seed of the run and of its unshocked twin."""
        return self.row.seed

    @property
    def seconds(self) -> float:
        """Time of both simulations."""
        return self.row.seconds

    @cached_property
    def measures(self) -> Mapping[str, Measured]:
        """Measure -> what it came to."""
        reasons = self.row.reasons
        return {name: Measured(v, reasons.get(name, "")) for name, v in self.row.values.items()}


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
        where = self.contract.place
        return f"Comparison({self.name} on {where}: {names}; {len(self.seeds)} seeds)"

    def oracle(self, mechanism: str) -> bool:
        """Whether `mechanism` saw everything."""
        return self.outcomes[mechanism][0].row.oracle

    @property
    def lost(self) -> Mapping[str, str]:
        """Mechanism -> why, of those of which no run came to its end: nothing is known of them."""
        rows = {name: [o.row for o in outcomes] for name, outcomes in self.outcomes.items()}
        none = {name: found for name, found in rows.items() if not any(r.completed for r in found)}
        return {name: found[0].reason or found[0].stop for name, found in none.items()}

    def summary(self, mechanism: str, measure: str) -> Summary:
        """`measure` of `mechanism` over seeds."""
        values = [o.measures[measure] for o in self.outcomes[mechanism]]
        known = self.measures[measure]
        if known.line and not self.detectable(mechanism, known.line):
            reason = "not detectable: the mean peak is 0 or under two standard errors over seeds"
            return Summary(None, None, known.unit, reason)
        return summarise(values, known.unit)

    @property
    def base(self) -> str:
        """The mechanism that the others are held against: the first that is not an oracle."""
        plain = [m for m in self.outcomes if not self.oracle(m)]
        return next(iter([*plain, *self.outcomes]))

    @property
    def others(self) -> tuple[str, ...]:
        """All mechanisms but `base`, in their order."""
        return tuple(m for m in self.outcomes if m != self.base)

    def difference(self, mechanism: str, measure: str, base: str = "") -> Summary:
        """`measure` of `mechanism` less that of another, of `base` by default, paired on seeds."""
        unit, both = self.measures[measure].unit, (base or self.base, mechanism)
        lacks = {n: s.reason for n in both if (s := self.summary(n, measure)).mean is None}
        if lacks:
            name, why = next(iter(lacks.items()))
            shared = set(lacks) == set(both) and len(set(lacks.values())) == 1
            return Summary(None, None, unit, why if shared else f"{name}: {why}")
        two, one = (self._values(m, measure) for m in both)
        return summarise([Measured(a - b) for a, b in zip(one, two, strict=True)], unit)

    @property
    def judged_by(self) -> str:
        """The measure by which the domain judges."""
        return domain_of(self.contract).judged_by

    @property
    def named_null(self) -> str | None:
        """The domain's null, compared or not."""
        return domain_of(self.contract).null

    @property
    def null(self) -> str | None:
        """The domain's null, if it was compared: what goes on with nobody to coordinate it."""
        return self.named_null if self.named_null in self.outcomes else None

    @property
    def optimum(self) -> str | None:
        """The first of the domain's oracles that was compared."""
        return next((m for m in domain_of(self.contract).oracles if m in self.outcomes), None)

    @property
    def no_way(self) -> str:
        """Why there is no way from the null to the optimum; "" if both were compared."""
        oracle = next(iter(domain_of(self.contract).oracles), None)
        ends = ((self.named_null, self.null), (oracle, self.optimum))
        lacks = [name for name, found in ends if name is not None and found is None]
        return explain_missing_end(self.named_null, oracle, lacks)

    def share_of_way(self, mechanism: str, measure: str = "") -> Summary:
        """How far `mechanism` gets from the null to the optimum, paired on seeds.

        measure : that says so; the one by which the domain judges where none is given
        """
        named = measure or self.judged_by
        if self.no_way or self.null is None or self.optimum is None:
            return Summary(None, None, UNIT, self.no_way)
        for name in (mechanism, self.null, self.optimum):
            found = self.summary(name, named)
            if found.mean is None:
                why = found.reason if name == mechanism else f"{name}: {found.reason}"
                return Summary(None, None, UNIT, why)
        three = (mechanism, self.null, self.optimum)
        gone, null, optimum = (self._values(name, named) for name in three)
        return find_share_of_way(gone, null, optimum, self.measures[named].better)

    def _values(self, mechanism: str, measure: str) -> list[float]:
        """A measure that is there on every seed, seed by seed."""
        return [o.measures[measure].value or 0.0 for o in self.outcomes[mechanism]]

    def detectable(self, mechanism: str, line: str) -> bool:
        """Whether the mean of a line, from the first shock on, exceeds two standard errors.

        It is looked at where it is largest. Runs without such a line, and contracts without a
        shock, leave nothing to doubt.
        """
        paths = self.paths(mechanism, line)
        if len(paths) < len(self.seeds) or not self.contract.shocks:
            return True
        after = self.weeks >= min(s.week for s in self.contract.shocks)
        mean, error = paths.mean(axis=0)[after], _standard_error(paths)[after]
        peak = int(np.argmax(np.abs(mean)))
        return bool(abs(mean[peak]) >= max(2 * error[peak], NOISE))

    @cached_property
    def weeks(self) -> Floats:
        """(k,) weeks at which lines were sampled."""
        every = (o.trace.weeks for outcomes in self.outcomes.values() for o in outcomes)
        return max(every, key=len)

    def paths(self, mechanism: str, line: str) -> Floats:
        """(runs, k) a line, of those runs of a mechanism that have it whole; (0, k) for none."""
        found = [o.trace.lines.get(line) for o in self.outcomes[mechanism]]
        whole = [path for path in found if path is not None and len(path) == len(self.weeks)]
        return np.array(whole).reshape(len(whole), len(self.weeks))

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON-ready values; never NaN."""
        mechanisms: dict[str, Any] = {}
        for name in self.outcomes:
            kind = "oracle" if self.oracle(name) else "mechanism"
            measures = {m: self.summary(name, m).to_dict() for m in self.measures}
            seconds = float(sum(o.seconds for o in self.outcomes[name]))
            runs = [o.row.run for o in self.outcomes[name]]
            mechanisms[name] = {"kind": kind, **measures, "seconds": seconds, "runs": runs}
        return {
            "experiment": self.name,
            "contract": {**self.contract.to_dict(), "hash": self.contract.hash},
            "seeds": list(self.seeds),
            "tuning": tuning_report(self.outcomes, self.seeds, self.contract.domain),
            "versions": dict(next(iter(self.outcomes.values()))[0].row.versions),
            "mechanisms": mechanisms,
            "way": {
                "from": self.null,
                "to": self.optimum,
                "measure": self.judged_by,
                "mechanisms": {name: self.share_of_way(name).to_dict() for name in self.outcomes},
            },
            "differences": {
                "from": self.base,
                "mechanisms": {
                    name: {m: self.difference(name, m).to_dict() for m in self.measures}
                    for name in self.others
                },
            },
        }


def _standard_error(paths: Floats) -> Floats:
    """(k,) standard error over seeds; zero for one seed."""
    if len(paths) < 2:
        return np.zeros(paths.shape[1])
    return np.asarray(paths.std(axis=0, ddof=1) / np.sqrt(len(paths)))


def compare(
    name: str,
    contract: AbstractContract,
    mechanisms: Sequence[Any],
    seeds: Iterable[int] | int,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    store: "Store | None" = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run every mechanism on every seed, with and without the shocks.

    name       : what the comparison is called
    mechanisms : names, or mechanisms as objects
    seeds      : the seeds, or how many: 4 is 0 to 3
    workers    : processes; 0 runs in this one. The bits are the same either way
    executor   : does the runs in place of processes of its own
    store      : what it has is not run; what is run is kept there, with what pages need
    progress   : called with (done, all, what was finished)

    Raises InputError for an empty selection and for what is not a mechanism, contract or seed.
    """
    domain_of(contract)
    asked = _read_seeds(seeds)
    entries = entries_of(mechanisms, contract.domain)
    if not entries or not asked:
        raise InputError("compare: give at least one mechanism and one seed")
    requests = [RunRequest(contract, entry, seed) for seed in asked for entry in entries]
    found = execute(
        requests, workers=workers, executor=executor, store=store, progress=progress, strict=True,
        traced=True,
    )  # fmt: skip
    outcomes: dict[str, list[Outcome]] = {entry.label: [] for entry in entries}
    for request, row, trace in zip(requests, found.rows, found.traces, strict=True):
        if trace is None:
            raise InputError(f"{request.mechanism.label}: {row.reason}")
        outcomes[request.mechanism.label].append(Outcome(row, trace))
    return Comparison(name, contract, asked, outcomes)


def _read_seeds(given: Iterable[int] | int) -> tuple[int, ...]:
    if isinstance(given, bool) or not (isinstance(given, int) or hasattr(given, "__iter__")):
        raise InputError(f"seeds: {given!r} are not seeds; give a number of them, or a list")
    if isinstance(given, str):
        raise InputError(f"seeds: {given!r} is text; give a number of them, or a list")
    found = tuple(range(given)) if isinstance(given, int) else tuple(given)
    if len(set(found)) < len(found):
        raise InputError("seeds: one is there twice; give each once")
    return found
