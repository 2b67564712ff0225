"""Ten thousand runs of a small economy, spread over the cores, against one run at a time."""

import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from benchmarks.contracts import named
from benchmarks.figure import Figure, ratio
from benchmarks.session import Session, in_turn
from benchmarks.spec import Bench
from catallax import Contract, ai_planner, assess, market
from catallax.domains.production.run import batch_size, simulate_many
from catallax.execute import Processes, Serial

RUNS, WEEKS, EVERY = 10_000, 312, 4
MECHANISMS = {"market": market, "ai_planner": ai_planner}


def some(
    mechanism: str, seeds: tuple[int, ...], weeks: int, every: int, economy: str
) -> list[float]:
    """Runs under the default contract with their efficiency paths; the last value of each."""
    contract, made = Contract(named(economy), weeks=weeks), MECHANISMS[mechanism]()
    runs = simulate_many(contract, made, seeds)
    return [float(assess(run, range(0, weeks, every)).efficiency[-1]) for run in runs]


def sweep_seconds(runs: int, weeks: int, every: int, workers: int, economy: str) -> float:
    """Seconds of `runs` runs, half of each mechanism, side by side where that pays.

    workers : processes; 0 runs in this one, one run at a time
    """
    size = batch_size(Contract(named(economy), weeks=weeks)) if workers else 1
    seeds = range(runs // 2)
    parts = [tuple(seeds[k : k + size]) for k in range(0, len(seeds), size)]
    jobs = [(name, part, weeks, every, economy) for part in parts for name in MECHANISMS]
    began = time.perf_counter()
    with closing(Processes(workers) if workers else Serial()) as hands:
        done = [paths for _, paths in hands.run(some, jobs)]
    count = sum(0 if isinstance(paths, Exception) else len(paths) for paths in done)
    if count != 2 * len(seeds):
        raise AssertionError(f"{count} of {2 * len(seeds)} runs came back")
    return time.perf_counter() - began


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Both ways in turn; fewer runs than 10,000 are scaled up, as `how` says."""
    return [figure for size in sizes for figure in _at(RUNS if session.full else size, session)]


def _at(runs: int, session: Session) -> list[Figure]:
    weeks, economy = (56, "us15") if session.smoke else (WEEKS, "us71")
    alone = max(runs // 10, 2) if runs < RUNS else 40
    asked: dict[str, Any] = {"weeks": weeks, "every": EVERY, "economy": economy}
    found = in_turn(
        1,
        {
            "spread": lambda: session.child("sweep", runs=runs, workers=2, **asked),
            "alone": lambda: session.child("sweep", runs=alone, workers=0, **asked),
        },
    )
    rate = {
        "spread": runs / found["spread"][0]["seconds"],
        "alone": alone / found["alone"][0]["seconds"],
    }
    what = "10,000 runs, market and ai_planner half each"
    size = f"{economy}, {weeks} weeks, efficiency every {EVERY}th"
    both = Figure("runs a second", "two cores", size, rate["spread"], "1/s", f"{runs} runs")
    single = Figure("runs a second", "one at a time", size, rate["alone"], "1/s", f"{alone} runs")
    how = "all runs run" if runs >= RUNS else f"scaled up from {runs} runs, start-up included"
    return [
        Figure(
            what,
            "Catallax, two cores",
            size,
            RUNS / rate["spread"] / 60.0,
            "min",
            how,
            15.0,
            below=True,
        ),
        both,
        single,
        ratio("times as fast as one at a time", both, single),
    ]


BENCH = Bench("many_runs", "many small runs at once", (200,), (2,), measure)
