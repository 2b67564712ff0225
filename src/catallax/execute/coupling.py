"""Runs that take a series of another run: the other one is run first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from catallax.arrays import Floats
from catallax.errors import InputError, unknown
from catallax.execute.jobs import jobs_of
from catallax.execute.observing import failed_rows
from catallax.execute.request import KeyedRequest, RunRequest, key_requests, request_of
from catallax.execute.row import RunRow
from catallax.execute.rows import Results
from catallax.protocol import RunInput, Trace
from catallax.protocol.inputs import INPUTS

RowAndTrace = tuple[RunRow, Trace | None]
InputSeed = tuple[int, int]  # which input, which seed of its run


@final
@dataclass(frozen=True, eq=False)
class Coupled:
    """Runs that are missing, with the series that they take.

    ready  : those whose series are there, or that take none
    failed : the others, each with the reason
    ran    : number of other runs that were made for them
    """

    ready: Sequence[KeyedRequest]
    failed: Sequence[tuple[KeyedRequest, InputError]] = ()
    ran: int = 0

    def failed_rows(self, *, strict: bool) -> Iterator[RowAndTrace]:
        """A row with its reason for each run that failed; the first reason is raised if strict."""
        for asked, why in self.failed:
            if strict:
                raise why
            (batch,) = jobs_of({asked.key: [asked]}, 1, traced=False)
            yield from failed_rows(batch.parts[0], why)


def couple_runs(
    missing: Sequence[KeyedRequest], run: Callable[[Sequence[KeyedRequest]], Results]
) -> Coupled:
    """Run what the missing runs take series from, and give each its own.

    run : does keyed requests and gives their rows and traces
    """
    takers = [a for a in missing if a.request.contract.inputs]
    if not takers:
        return Coupled(missing)
    sources = _find_sources(takers)
    results = run(key_requests(list(sources.values())))
    found = dict(zip(sources, zip(results.rows, results.traces, strict=True), strict=True))
    ready = [a for a in missing if not a.request.contract.inputs]
    failed = list[tuple[KeyedRequest, InputError]]()
    for a in takers:
        try:
            ready.append(replace(a, given=_series_for(a, found)))
        except InputError as e:
            failed.append((a, e))
    return Coupled(ready, failed, results.ran)


def _find_sources(takers: Sequence[KeyedRequest]) -> dict[InputSeed, RunRequest]:
    """The runs that series are from, each once."""
    found: dict[InputSeed, RunRequest] = {}
    first: dict[int, RunRequest] = {}
    for a in takers:
        for taken in a.request.contract.inputs.values():
            seed = taken.seed_for(a.request.seed)
            if id(taken) not in first:
                first[id(taken)] = request_of(taken, seed)
            found.setdefault((id(taken), seed), replace(first[id(taken)], seed=seed))
    return found


def _series_for(asked: KeyedRequest, found: Mapping[InputSeed, RowAndTrace]) -> dict[str, Floats]:
    """Name -> series of what a run takes; InputError says which cannot be had and why."""
    return {
        name: _read_series(name, taken, found[(id(taken), taken.seed_for(asked.request.seed))])
        for name, taken in asked.request.contract.inputs.items()
    }


def _read_series(name: str, taken: RunInput, found: RowAndTrace) -> Floats:
    row, trace = found
    where = f"{INPUTS}.{name}: {taken}"
    if not row.completed or trace is None:
        raise InputError(f"{where}: its run ended early: {row.reason}")
    if taken.series not in trace.series:
        raise InputError(f"{where}: {unknown('series', taken.series, trace.series)}")
    return trace.series[taken.series]
