"""Runs of the production economy, looked at: side by side where that pays, with their twins."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from catallax.domains.production.measures import Measure, assess, sample_weeks
from catallax.domains.production.measures.measured import measure_run
from catallax.domains.production.measures.scarcity import scarce_goods
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
from catallax.domains.production.tracing import trace_of
from catallax.protocol import Observation
from catallax.protocol.makers import parts


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
    recording = Recording(goods=scarce_goods(contract))
    twins = bool(contract.shocks) and (traced or any(m.twin for m in measures))
    runs = _runs(contract, mechanism, seeds, recording, twins=twins)
    return [
        _observed(contract, recording, runs, measures, twins=twins, traced=traced) for _ in seeds
    ]


def _runs(
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
    if batch_size(contract) == 1 or not _is_ours(mechanism):
        yield from (simulate(held, mechanism, seed, recording=kept) for held, seed, kept in asked)
        return
    contracts, repeated, kept = zip(*asked, strict=True)
    yield from simulate_many(contracts, mechanism, repeated, recording=kept)


def _is_ours(mechanism: Mechanism | Oracle) -> bool:
    """Whether all its parts are the package's, which tests prove to keep to their own rows."""
    return all(type(part).__module__.startswith("catallax.") for part in parts(mechanism))


def _observed(
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
    return Observation(shocked.run, found, seconds, trace_of(shocked, beside) if traced else None)
