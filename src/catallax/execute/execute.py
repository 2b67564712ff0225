"""Requests become rows: what is there already is taken, what is missing is run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, final

from catallax.execute.coupling import Coupled, couple_runs
from catallax.execute.executor import Executor, Serial
from catallax.execute.jobs import is_light, jobs_of
from catallax.execute.journal import Journal
from catallax.execute.observing import Done, RunBatch, do_batch, failed_rows
from catallax.execute.request import KeyedRequest, RunRequest, code_of, key_requests
from catallax.execute.row import FAILED, RunRow
from catallax.execute.rows import Results, RunRows
from catallax.processes import Processes
from catallax.protocol import AbstractContract, Progress, Trace

if TYPE_CHECKING:
    from catallax.execute.store import Store


@final
class Interrupted(KeyboardInterrupt):
    """Ctrl-C came while runs went on; the text says what is on disk and how to go on."""


@final
@dataclass(frozen=True)
class ExecutionTerms:
    """How runs are done: the arguments of `execute`."""

    store: "Store | None"
    executor: Executor | None
    workers: int | None
    progress: Progress | None
    strict: bool
    traced: bool
    again: bool


def execute(
    requests: Sequence[RunRequest],
    *,
    store: "Store | None" = None,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    strict: bool = False,
    traced: bool = False,
    again: bool = False,
) -> Results:
    """What every request comes to, each run made once.

    store    : what it has is not run; what is run is written to it as it is finished
    executor : does the runs and is left open; None takes processes, or this one for a single run
    workers  : processes where there is no executor; 0 for this one, None for one a CPU
    progress : called with (done, all, what was finished), of the runs that were not there; with
               a store only of runs that are on disk
    strict   : raise the first error; else a run that raises or loses its process is a row with
               its reason
    traced   : give back the trace of every run too; a row of the store counts only with its trace
    again    : run anew what the store has as failed, as when a process was killed

    A row of the store counts only if it has every measure that is asked for and today's code made
    it; what other code made is run anew, and a note of the store says so. Whoever is interrupted
    gives the same call again: with a store, it goes on where it was.

    Runs whose series a contract takes are run first, unless the store has them. Where such a series
    cannot be had, the run that takes it is a row with the reason.

    Raises InputError for a store that cannot be written to, Interrupted for Ctrl-C with a store.
    """
    terms = ExecutionTerms(store, executor, workers, progress, strict, traced, again)
    with nullcontext() if store is None else store.writing():
        return _run_missing(key_requests(requests), terms)


def _run_missing(asked: Sequence[KeyedRequest], terms: ExecutionTerms) -> Results:
    """The same by whoever may write to the store."""
    store = terms.store
    there = RunRows(()) if store is None else store.rows()
    found = _rows_at_hand(asked, there, again=terms.again)
    traces = {} if store is None or not terms.traced else store.traces(found.keys())
    lack = [a for a in asked if a.key not in found or (terms.traced and a.lacks(traces))]
    held = {row.key: row for row in there}
    missing = [a.widened(held.get(a.key), traces.get(a.key)) for a in lack]
    stale = _count_stale(missing, there, store)
    try:
        coupled = couple_runs(
            missing, lambda sources: _run_missing(sources, replace(terms, traced=True))
        )
        with Journal(store, len({a.key for a in missing}), terms.progress) as journal:
            journal.add(_rows_to_copy(asked, found, there), 0, "")
            for row, trace in _run_coupled(coupled, journal, terms):
                found[row.key] = row
                if trace is not None:
                    traces[row.key] = trace
    except KeyboardInterrupt as e:
        raise e if store is None else _interrupt(store, asked) from e
    return Results(
        tuple(a.placed(found[a.key]) for a in asked),
        tuple(traces.get(a.key) for a in asked),
        len({a.key for a in missing}) + coupled.ran,
        stale,
    )


def _rows_at_hand(
    asked: Sequence[KeyedRequest], there: RunRows, *, again: bool
) -> dict[str, RunRow]:
    """Key -> row of the store, of those that have all that every request needs of them."""
    needs: dict[str, dict[str, str]] = {}
    for a in asked:
        needs.setdefault(a.key, {}).update(a.needs)
    rows = [r for r in there if r.key in needs and not (again and r.stop == FAILED)]
    return {r.key: r for r in rows if r.has(needs[r.key])}


def _choose_executor(workers: int | None, places: Mapping[str, Sequence[KeyedRequest]]) -> Executor:
    runs = [asked[0].request for asked in places.values()]
    here = workers == 0 or len(runs) < 2 or (workers is None and is_light(runs))
    return Serial() if here else Processes(workers)


def _count_stale(missing: Sequence[KeyedRequest], there: RunRows, store: "Store | None") -> int:
    """Number of runs that the store has from other code; a note of the store says so."""
    if store is None or not missing:
        return 0
    now = code_of(missing[0].request.domain)
    old = {(r.contract_hash, r.mechanism, r.seed) for r in there if r.code != now}
    if not old:
        return 0
    found = {a.key for a in missing if _identity_of(a.request) in old}
    if found:
        store.notes.append(
            f"{store.folder}: {len(found)} of its runs were made by other code than today's "
            f"({now}); they are run anew"
        )
    return len(found)


def _identity_of(request: RunRequest) -> tuple[str, str, int]:
    return request.contract.hash, request.mechanism.text, request.seed


def _rows_to_copy(
    asked: Sequence[KeyedRequest], known: Mapping[str, RunRow], there: RunRows
) -> list[RunRow]:
    """Rows of runs that are there, for places of the map where they do not stand yet."""
    places = {row.place for row in there}
    rows = [a.placed(known[a.key]) for a in asked if a.key in known]
    return [row for row in rows if row.place not in places]


def _run_coupled(
    coupled: Coupled, journal: Journal, terms: ExecutionTerms
) -> Iterator[tuple[RunRow, Trace | None]]:
    """Row and trace of every run; each goes to the journal as it is finished."""
    places: dict[str, list[KeyedRequest]] = {}
    for a in coupled.ready:
        places.setdefault(a.key, []).append(a)
    storable = {key for key, found in places.items() if _is_storable(found[0].request)}
    yield from coupled.failed_rows(strict=terms.strict)
    for done in _run_jobs(places, terms):
        yield from done
        rows = [row for row, _ in done]
        last = places[rows[-1].key][0].request
        placed = [a.placed(row) for row in rows if row.key in storable for a in places[row.key]]
        traces = {row.key: t for row, t in done if t is not None and row.key in storable}
        journal.add(placed, len(rows), f"{last.mechanism.label}, seed {last.seed}", traces)


def _run_jobs(
    places: Mapping[str, Sequence[KeyedRequest]], terms: ExecutionTerms
) -> Iterator[Done]:
    """The rows of each job, by the executor that was given or by one of its own."""
    hands = terms.executor or _choose_executor(terms.workers, places)
    try:
        jobs = jobs_of(places, hands.hands, traced=terms.traced)
        yield from _collect(hands, jobs, strict=terms.strict)
    finally:
        if terms.executor is None:
            hands.close()


def _is_storable(request: RunRequest) -> bool:
    """Whether all its code has a source, so that a change of it would be noticed."""
    return request.mechanism.outside is not None and request.domain.outside is not None


def _collect(hands: Executor, jobs: Sequence[RunBatch], *, strict: bool) -> Iterator[Done]:
    """The rows of each job; one that came to nothing is done again run by run."""
    broken = list[RunBatch]()
    with closing(hands.run(do_batch, [(job,) for job in jobs])) as results:
        for k, came in results:
            if not isinstance(came, Exception):
                yield came
            elif strict:
                raise came
            elif len(jobs[k]) > 1:
                broken += [RunBatch([one]) for p in jobs[k].parts for one in p.singly()]
            else:
                yield failed_rows(jobs[k].parts[0], came)
    if broken:
        yield from _collect(hands, broken, strict=strict)


def _interrupt(store: "Store", asked: Sequence[KeyedRequest]) -> Interrupted:
    keys = {a.key for a in asked}
    done = len(keys & {row.key for row in store.rows()})
    far = f"interrupted: {done} of {len(keys)} runs are in {store.folder}"
    return Interrupted(f"{far}; the same command goes on from there")


def requests_of(
    contract: AbstractContract,
    mechanisms: Sequence[Any],
    seeds: Sequence[int],
    measures: Sequence[str] | None = None,
) -> list[RunRequest]:
    """Every mechanism on every seed under one contract.

    mechanisms : names, objects or `Entry`

    Raises InputError for an empty selection and for what is not a mechanism of the domain.
    """
    from catallax.execute.entry import entries_of

    named = None if measures is None else tuple(measures)
    entries = entries_of(mechanisms, contract.domain)
    return [RunRequest(contract, e, seed, named) for seed in seeds for e in entries]
