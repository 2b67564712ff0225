"""Requests become rows: what is there already is taken, what is missing is run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, final

from catallax.experiments.execute.executor import Executor, Processes, Serial
from catallax.experiments.execute.jobs import is_light, jobs_of
from catallax.experiments.execute.journal import Journal, Progress
from catallax.experiments.execute.observing import Done, RunBatch, failed_rows, observe
from catallax.experiments.execute.request import RunRequest, code_of, keys_of, measure_digest
from catallax.experiments.execute.rows import FAILED, Row, Rows
from catallax.protocol import AbstractContract, Trace

if TYPE_CHECKING:
    from catallax.experiments.store import Store


@final
class Interrupted(KeyboardInterrupt):
    """Ctrl-C came while runs went on; the text says what is on disk and how to go on."""


@final
@dataclass(frozen=True, eq=False)
class Results:
    """What came of requests.

    rows   : one a request, in their order
    traces : one a request; None where none was wanted, and of a run that failed
    ran    : number of runs that were made
    stale  : number of runs that were there from other code, and were made anew
    """

    rows: tuple[Row, ...]
    traces: tuple[Trace | None, ...]
    ran: int
    stale: int

    @property
    def table(self) -> Rows:
        """The rows, each once, ordered by key."""
        return Rows.of(self.rows)


@final
@dataclass(frozen=True, eq=False)
class Keyed:
    """A request with its key."""

    key: str
    request: RunRequest
    needs: Mapping[str, str]

    def placed(self, found: Row) -> Row:
        """The row of a run with this key, as it stands for this request."""
        entry = self.request.mechanism
        point = dict(self.request.point)
        return replace(found, point=point, label=entry.label, mechanism=entry.text)


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

    Raises InputError for a store that cannot be written to, Interrupted for Ctrl-C with a store.
    """
    asked = _keyed(requests)
    with nullcontext() if store is None else store.writing():
        there = Rows(()) if store is None else store.rows()
        found = _known(asked, there, again=again)
        traces = _traces_of(store, found) if traced else {}
        lack = [a for a in asked if a.key not in found or (traced and a.key not in traces)]
        missing = _with_measures_of(there, lack)
        stale = _stale(missing, there, store)
        hands = executor or _hands(workers, missing)
        try:
            with Journal(store, len({a.key for a in missing}), progress) as journal:
                journal.add(_moved(asked, found, there), 0, "")
                for row, trace in _run(missing, hands, journal, strict=strict, traced=traced):
                    found[row.key] = row
                    if trace is not None:
                        traces[row.key] = trace
        except KeyboardInterrupt as e:
            raise e if store is None else _interrupted(store, asked) from e
        finally:
            if executor is None:
                hands.close()
    return Results(
        tuple(a.placed(found[a.key]) for a in asked),
        tuple(traces.get(a.key) for a in asked),
        len({a.key for a in missing}),
        stale,
    )


def _keyed(requests: Sequence[RunRequest]) -> list[Keyed]:
    """Every request with its key; those of one contract and mechanism are hashed together."""
    together: dict[tuple[int, int], list[int]] = {}
    for k, r in enumerate(requests):
        together.setdefault((id(r.contract), id(r.mechanism)), []).append(k)
    found: dict[int, Keyed] = {}
    for group in together.values():
        first = requests[group[0]]
        keys = keys_of(first.contract, first.mechanism, [requests[k].seed for k in group])
        for k, key in zip(group, keys, strict=True):
            needs = {m.name: measure_digest(m) for m in requests[k].wanted}
            found[k] = Keyed(key, requests[k], needs)
    return [found[k] for k in range(len(requests))]


def _known(asked: Sequence[Keyed], there: Rows, *, again: bool) -> dict[str, Row]:
    """Key -> row of the store, of those that have all that every request needs of them."""
    needs: dict[str, dict[str, str]] = {}
    for a in asked:
        needs.setdefault(a.key, {}).update(a.needs)
    rows = [r for r in there if r.key in needs and not (again and r.stop == FAILED)]
    return {r.key: r for r in rows if r.has(needs[r.key])}


def _traces_of(store: "Store | None", rows: Mapping[str, Row]) -> dict[str, Trace]:
    """Key -> trace, of the rows whose trace the store has."""
    return {} if store is None else store.traces(rows.keys())


def _with_measures_of(there: Rows, missing: Sequence[Keyed]) -> list[Keyed]:
    """Requests for what the store has of their runs too: the new row takes the old one's place."""
    held = {row.key: row.values for row in there}
    return [replace(a, request=_wider(a.request, held.get(a.key, {}))) for a in missing]


def _wider(request: RunRequest, names: Iterable[str]) -> RunRequest:
    """The request for these measures too, as far as the domain still knows them."""
    wanted = [m.name for m in request.wanted]
    more = [n for n in names if n in request.domain.measures and n not in wanted]
    return replace(request, measures=(*wanted, *more)) if more else request


def _hands(workers: int | None, missing: Sequence[Keyed]) -> Executor:
    runs = list({a.key: a.request for a in missing}.values())
    here = workers == 0 or len(runs) < 2 or (workers is None and is_light(runs))
    return Serial() if here else Processes(workers)


def _stale(missing: Sequence[Keyed], there: Rows, store: "Store | None") -> int:
    """Number of runs that the store has from other code; a note of the store says so."""
    if store is None or not missing:
        return 0
    now = code_of(missing[0].request.domain)
    old = {(r.contract_hash, r.mechanism, r.seed) for r in there if r.code != now}
    if not old:
        return 0
    found = {a.key for a in missing if _what(a.request) in old}
    if found:
        store.notes.append(
            f"{store.folder}: {len(found)} of its runs were made by other code than today's "
            f"({now}); they are run anew"
        )
    return len(found)


def _what(request: RunRequest) -> tuple[str, str, int]:
    return request.contract.hash, request.mechanism.text, request.seed


def _moved(asked: Sequence[Keyed], known: Mapping[str, Row], there: Rows) -> list[Row]:
    """Rows of runs that are there, for places of the map where they do not stand yet."""
    places = {row.place for row in there}
    rows = [a.placed(known[a.key]) for a in asked if a.key in known]
    return [row for row in rows if row.place not in places]


def _run(
    missing: Sequence[Keyed], hands: Executor, journal: Journal, *, strict: bool, traced: bool
) -> Iterator[tuple[Row, Trace | None]]:
    """Row and trace of every run; each goes to the journal as it is finished."""
    places: dict[str, list[Keyed]] = {}
    for a in missing:
        places.setdefault(a.key, []).append(a)
    storable = {key for key, found in places.items() if _is_storable(found[0].request)}
    for done in _results(hands, jobs_of(places, hands.hands, traced=traced), strict=strict):
        yield from done
        rows = [row for row, _ in done]
        last = places[rows[-1].key][0].request
        placed = [a.placed(row) for row in rows if row.key in storable for a in places[row.key]]
        traces = {row.key: t for row, t in done if t is not None and row.key in storable}
        journal.add(placed, len(rows), f"{last.mechanism.label}, seed {last.seed}", traces)


def _is_storable(request: RunRequest) -> bool:
    """Whether all its code has a source, so that a change of it would be noticed."""
    return request.mechanism.outside is not None and request.domain.outside is not None


def _results(hands: Executor, jobs: Sequence[RunBatch], *, strict: bool) -> Iterator[Done]:
    """The rows of each job; one that came to nothing is done again run by run."""
    broken = list[RunBatch]()
    with closing(hands.run(observe, [(job,) for job in jobs])) as results:
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
        yield from _results(hands, broken, strict=strict)


def _interrupted(store: "Store", asked: Sequence[Keyed]) -> Interrupted:
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

    Raises InputError for an empty selection and for what is no mechanism of the domain.
    """
    from catallax.experiments.execute.entry import entries_of

    named = None if measures is None else tuple(measures)
    entries = entries_of(mechanisms, contract.domain)
    return [RunRequest(contract, e, seed, named) for seed in seeds for e in entries]
