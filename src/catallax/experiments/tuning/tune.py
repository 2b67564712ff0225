"""Tuning: the same number of runs, objective, contracts and seeds for every mechanism."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, final

from catallax.errors import InputError
from catallax.experiments.dispatch import spread
from catallax.experiments.registry import mechanism_named
from catallax.experiments.tuning.declared import Declaration
from catallax.experiments.tuning.record import Record, Trial
from catallax.experiments.tuning.search import Settings, candidates, spelt
from catallax.measures import MEASURES, Measured, assess
from catallax.run import Contract, Run, abreast, simulate_many

Progress = Callable[[int, int, str], None]
Plan = Mapping[str, Sequence[Settings]]


@final
class Place(NamedTuple):
    """Where the result of a run goes: mechanism, trial, contract and position of the seed."""

    mechanism: str
    trial: int
    contract: int
    seed: int

    def at(self, seed: int) -> "Place":
        """The same with another position of the seed."""
        return self._replace(seed=seed)


Job = tuple[Place, Contract, str, tuple[int, ...], str]
Result = tuple[Measured, float]


def plan(declaration: Declaration) -> dict[str, list[Settings]]:
    """What will be tried, each made once to see that it can be; InputError if it cannot."""
    tried = {m: candidates(declaration, m) for m in declaration.ranges}
    for mechanism, all_settings in tried.items():
        for settings in all_settings:
            try:
                mechanism_named(spelt(mechanism, settings))
            except InputError as e:
                where = f"{declaration.source}: mechanisms.{mechanism}"
                raise InputError(f"{where}: its ranges allow what it refuses: {e}") from e
    return tried


def runs_of(declaration: Declaration, tried: Plan) -> int:
    """Number of runs that the plan takes."""
    return declaration.trials * sum(len(settings) for settings in tried.values())


def tune(
    declaration: Declaration,
    *,
    tried: Plan | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Record]:
    """Try settings of every mechanism of the declaration; one record each.

    tried    : `plan(declaration)`, where that was made before
    workers  : processes; 0 runs in this one. The records are the same either way
    progress : called with (done, all, what was finished)
    """
    tried = plan(declaration) if tried is None else tried
    jobs, found = _jobs(declaration, tried), dict[Place, Result]()
    total = sum(len(job[3]) for job in jobs)
    for job, results in spread(trials, jobs, workers):
        place = job[0]
        found |= {place.at(place.seed + k): result for k, result in enumerate(results)}
        if progress is not None:
            which = f"{place.mechanism}, {place.trial + 1} of {len(tried[place.mechanism])}"
            progress(len(found), total, which)
    return [_record(declaration, m, settings, found) for m, settings in tried.items()]


def trials(
    place: Place, contract: Contract, text: str, seeds: tuple[int, ...], objective: str
) -> list[Result]:
    """The objective of one run a seed, and its time in seconds."""
    runs = simulate_many(contract, mechanism_named(text), seeds)
    return [_judged(run, objective) for run in runs]


def _judged(run: Run, objective: str) -> Result:
    began = time.perf_counter()
    if run.completed:
        measured = MEASURES[objective].function(assess(run), None)
    else:
        measured = Measured(None, f"{run.stop.name.lower()}: {run.reason}")
    return measured, run.seconds + time.perf_counter() - began


def _jobs(declaration: Declaration, tried: Plan) -> list[Job]:
    """Every run, a mechanism's next to each other; seeds of one trial together where that pays."""
    jobs, seeds = list[Job](), declaration.seeds
    for m, all_settings in tried.items():
        for k, settings in enumerate(all_settings):
            for c, contract in enumerate(t.contract for t in declaration.contracts):
                size = abreast(contract)
                jobs += [
                    (Place(m, k, c, s), contract, spelt(m, settings), tuple(seeds[s : s + size]),
                     declaration.objective)
                    for s in range(0, len(seeds), size)
                ]  # fmt: skip
    return jobs


def _record(
    declaration: Declaration,
    mechanism: str,
    tried: Sequence[Settings],
    found: Mapping[Place, Result],
) -> Record:
    trials = [_trial(declaration, mechanism, k, s, found) for k, s in enumerate(tried)]
    return Record(
        mechanism,
        declaration.plain(mechanism),
        declaration.hash(mechanism),
        {t.name: t.contract.hash for t in declaration.contracts},
        trials,
        seconds=round(sum(r[1] for p, r in found.items() if p.mechanism == mechanism), 1),
    )


def _trial(
    declaration: Declaration,
    mechanism: str,
    number: int,
    settings: Settings,
    found: Mapping[Place, Result],
) -> Trial:
    scores, reasons = [], {}
    for c, training in enumerate(declaration.contracts):
        measured = [found[Place(mechanism, number, c, s)][0] for s in range(len(declaration.seeds))]
        scores.append([m.value for m in measured])
        for seed, m in zip(declaration.seeds, measured, strict=True):
            if m.value is None:
                reasons[f"{training.name}, seed {seed}"] = m.reason
    return Trial(dict(settings), scores, reasons)
