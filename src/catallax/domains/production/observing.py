"""Runs of the economy, looked at with their twins, and what their pages need of them.

Runs go side by side where that pays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures import Assessed, Measure, assess, find_cuts, sample_weeks
from catallax.domains.production.measures.dynamics import compute_deviation
from catallax.domains.production.measures.scarcity import (
    find_optimum_price,
    find_scarcity_price,
    list_scarce_goods,
    list_telling_prices,
)
from catallax.domains.production.mechanisms import Mechanism
from catallax.domains.production.run import (
    Contract,
    Oracle,
    Recording,
    Run,
    batch_size,
    simulate,
    simulate_many,
)
from catallax.domains.production.run.start import is_ours
from catallax.protocol import Observation, RunEnding, Trace, measure_run, traffic_of

EFFICIENCY, RESPONSE = "efficiency", "response"
PRICE, OPTIMUM = "price of {}", "optimum's price of {}"
USERS, SIGMA, CUT = "users", "sigma", "cut"


def trace_run(shocked: Assessed, twin: Assessed) -> Trace:
    """The trace of a run and its unshocked twin.

    lines   : `EFFICIENCY` of a completed run; `RESPONSE`, log efficiency over the twin's, where
              neither falls to zero; the `PRICE` of each scarce thing over the wage, if any price
              is posted, and its `OPTIMUM`
    vectors : rows of plants that use what became scarce, their elasticities, and their cuts in
              logs
    """
    run = shocked.run
    weeks = np.array(sample_weeks(run.contract), dtype=np.float64)
    return Trace(
        RunEnding.of(run),
        RunEnding.of(twin.run),
        run.settings,
        weeks,
        _trace_lines(shocked, twin) if run.completed else {},
        _trace_cuts(shocked, twin),
        traffic_of(run),
    )


def _trace_lines(shocked: Assessed, twin: Assessed) -> dict[str, Floats]:
    run, found = shocked.run, {EFFICIENCY: shocked.efficiency}
    if twin.run.completed and not any(np.any(a.efficiency <= 0) for a in (shocked, twin)):
        found[RESPONSE] = compute_deviation(shocked, twin)[1]
    # Where no optimum was found all its prices are left at 1: show a gap, not a number.
    missing = np.all(shocked.price == 1.0, axis=1)
    at, posts = shocked.weeks, bool(np.any(run.series["price"] != 1.0))
    for name in list_telling_prices(run.contract):
        found[OPTIMUM.format(name)] = np.where(missing, np.nan, find_optimum_price(shocked, name))
        if posts:
            found[PRICE.format(name)] = find_scarcity_price(run, name)[at]
    return found


def _trace_cuts(shocked: Assessed, twin: Assessed) -> dict[str, Floats]:
    """Who made do with less; nobody where nothing became scarce or a run stopped."""
    run = shocked.run
    if not (run.completed and twin.run.completed and list_scarce_goods(run.contract)):
        return {}
    found = find_cuts(run, twin.run)
    return {USERS: found.users.astype(np.float64), SIGMA: found.sigma, CUT: found.cut}


def observe(
    contract: Any,
    mechanism: Mechanism | Oracle,
    seeds: Sequence[int],
    measures: Sequence[Measure],
    traced: bool,
) -> list[Observation]:
    """One mechanism on some seeds, with its twin where a measure or a page asks for it.

    Measures of all goods need the series of every row. Beyond what `Recording` keeps these are
    given up once the run is measured, so that a process holds those of few runs at a time: of one
    where runs do not go side by side.
    """
    recording = Recording(goods=list_scarce_goods(contract))
    twins = bool(contract.shocks) and (traced or any(m.twin for m in measures))
    runs = _play_runs(contract, mechanism, seeds, recording, twins=twins)
    return [
        _observe_next(contract, recording, runs, measures, twins=twins, traced=traced)
        for _ in seeds
    ]


def _play_runs(
    contract: Contract,
    mechanism: Mechanism | Oracle,
    seeds: Sequence[int],
    recording: Recording,
    *,
    twins: bool,
) -> Iterator[Run]:
    """Each seed's run and, with twins, its twin: at once where that pays, else one by one."""
    whole = replace(recording, rows=contract.economy.network.n)
    calm = contract.calm()
    each = [(contract, whole), *[(calm, recording)] * twins]
    asked = [(held, seed, kept) for seed in seeds for held, kept in each]
    if batch_size(contract) == 1 or not is_ours(mechanism):
        yield from (simulate(held, mechanism, seed, recording=kept) for held, seed, kept in asked)
        return
    contracts, repeated, kept = zip(*asked, strict=True)
    yield from simulate_many(contracts, mechanism, repeated, recording=kept)


def _observe_next(
    contract: Contract,
    recording: Recording,
    runs: Iterator[Run],
    measures: Sequence[Measure],
    *,
    twins: bool,
    traced: bool,
) -> Observation:
    """What comes of the next run and, with twins, of the one after it."""
    weeks = sample_weeks(contract)
    whole = assess(next(runs), weeks)
    shocked = replace(whole, run=whole.run.only(recording.watched(contract.economy)))
    # Without a shock a run is its own twin.
    twin = assess(next(runs), weeks) if twins else None if contract.shocks else shocked
    found = measure_run(measures, whole.run, whole, twin)
    seconds = whole.run.seconds + (twin.run.seconds if twins and twin is not None else 0.0)
    beside = shocked if twin is None else twin
    return Observation(shocked.run, found, seconds, trace_run(shocked, beside) if traced else None)
