"""Mechanisms side by side under one contract, on the same seeds, each with its twin."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from catallax.errors import InputError
from catallax.experiments.comparison import Comparison, Outcome
from catallax.experiments.dispatch import spread
from catallax.experiments.registry import mechanism_named
from catallax.experiments.summary import Summary, half_width, summarise
from catallax.measures import Assessed, assess, cuts, measure_all, sample_weeks
from catallax.measures.scarcity import scarce_goods
from catallax.run import Contract, Recording, simulate

__all__ = [
    "Comparison",
    "Outcome",
    "Progress",
    "Summary",
    "compare",
    "half_width",
    "outcome_of",
    "summarise",
]

Progress = Callable[[int, int, str], None]


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


def _results(
    jobs: Sequence[Job], workers: int | None, progress: Progress | None
) -> Iterable[tuple[tuple[str, int], Outcome]]:
    for count, (job, outcome) in enumerate(spread(outcome_of, jobs, workers), start=1):
        if progress is not None:
            progress(count, len(jobs), f"{job[1]}, seed {job[2]}")
        yield (job[1], job[2]), outcome
