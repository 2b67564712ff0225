"""Mechanisms side by side under one contract, on the same seeds, each with its twin."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from catallax.errors import InputError
from catallax.experiments.comparison import Comparison, Outcome
from catallax.experiments.dispatch import spread
from catallax.experiments.registry import mechanism_named
from catallax.experiments.specs import spec_of
from catallax.experiments.summary import Summary, half_width, summarise
from catallax.measures import assess, cuts, measure_all, sample_weeks
from catallax.measures.scarcity import scarce_goods
from catallax.run import Contract, Recording, Run, abreast, simulate, simulate_many

__all__ = [
    "Comparison",
    "Outcome",
    "Progress",
    "Summary",
    "compare",
    "half_width",
    "outcomes_of",
    "summarise",
]

Progress = Callable[[int, int, str], None]

JOBS = 8  # jobs a worker at least, so that none waits long for another's last


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
    done = dict(_results(_jobs(contract, mechanisms, seeds, workers), workers, progress))
    outcomes = {m: [done[m, s] for s in seeds] for m in mechanisms}
    return Comparison(name, contract, seeds, outcomes)


Job = tuple[Contract, str, tuple[int, ...]]


def _jobs(
    contract: Contract, mechanisms: Sequence[str], seeds: Sequence[int], workers: int | None
) -> list[Job]:
    """Seeds of one mechanism go together as far as that pays and leaves every worker enough."""
    most = abreast(contract) // (2 if contract.shocks else 1)
    hands = max(workers or os.cpu_count() or 1, 1) if workers != 0 else 1
    fair = len(seeds) * len(mechanisms) // (JOBS * hands)
    size = max(min(most, fair), 1)
    parts = [tuple(seeds[k : k + size]) for k in range(0, len(seeds), size)]
    return [(contract, m, part) for part in parts for m in mechanisms]


def outcomes_of(contract: Contract, mechanism: str, seeds: Sequence[int]) -> list[Outcome]:
    """One mechanism on some seeds, with and without the shocks.

    Measures of all goods need the series of every row. Beyond what `Recording` keeps these are
    given up once the run is measured, so that a process holds those of few runs at a time: of one
    where runs do not go side by side.
    """
    keep = Recording(goods=scarce_goods(contract))
    whole, calm = replace(keep, rows=contract.economy.network.n), replace(contract, shocks=())
    # Without a shock a run is its own twin.
    twins = [(calm, keep)] if contract.shocks else []
    asked = [(held, seed, kept) for seed in seeds for held, kept in [(contract, whole), *twins]]
    runs = _runs(mechanism, asked)
    return [_outcome(contract, keep, runs) for _ in seeds]


Asked = tuple[Contract, int, Recording]


def _runs(mechanism: str, asked: Sequence[Asked]) -> Iterator[Run]:
    """The runs that are asked for, side by side if that pays, else each when it is called for.

    What is registered keeps to its own rows, as tests prove; a mechanism from a file may not.
    """
    made, contract = mechanism_named(mechanism), asked[0][0]
    if spec_of(mechanism).file or abreast(contract) == 1:
        yield from (simulate(held, made, seed, recording=kept) for held, seed, kept in asked)
        return
    contracts, seeds, kept = zip(*asked, strict=True)
    yield from simulate_many(contracts, made, seeds, recording=kept)


def _outcome(contract: Contract, keep: Recording, runs: Iterator[Run]) -> Outcome:
    """What comes of the next run and, if there are shocks, of its twin, the one after it."""
    weeks = sample_weeks(contract)
    whole = assess(next(runs), weeks)
    shocked = replace(whole, run=whole.run.only(keep.watched(contract.economy)))
    twin = assess(next(runs), weeks) if contract.shocks else shocked
    both = shocked.run.completed and twin.run.completed and bool(keep.goods)
    found = cuts(shocked.run, twin.run) if both else None
    return Outcome(shocked, twin, measure_all(whole, twin), found)


def _results(
    jobs: Sequence[Job], workers: int | None, progress: Progress | None
) -> Iterable[tuple[tuple[str, int], Outcome]]:
    count, total = 0, sum(len(seeds) for _, _, seeds in jobs)
    for (_, mechanism, seeds), outcomes in spread(outcomes_of, jobs, workers):
        for seed, outcome in zip(seeds, outcomes, strict=True):
            count += 1
            if progress is not None:
                progress(count, total, f"{mechanism}, seed {seed}")
            yield (mechanism, seed), outcome
