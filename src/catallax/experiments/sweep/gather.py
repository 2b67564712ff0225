"""Runs of many cells: what is asked for, minus what is already there."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Protocol, final

from catallax.experiments.sweep.cells import Cell
from catallax.experiments.sweep.executor import Executor, Processes, Serial
from catallax.experiments.sweep.journal import Journal, Progress
from catallax.experiments.sweep.measured import failed, measured
from catallax.experiments.sweep.plan import Asked, Job, asked_of, jobs_of, singly
from catallax.experiments.sweep.rows import FAILED, Row, Rows

if TYPE_CHECKING:
    from catallax.experiments.store import Store


class Gather(Protocol):
    """Whatever answers for cells and seeds: the laboratory, or a law made up for a test."""

    def __call__(self, cells: Sequence[Cell], seeds: Sequence[int]) -> Rows:
        """Every mechanism of every cell on every seed."""
        ...


@final
class Interrupted(KeyboardInterrupt):
    """Ctrl-C came while runs went on; the text says what is on disk and how to go on."""


def gather(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    *,
    store: "Store | None" = None,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    again: bool = False,
) -> Rows:
    """Every mechanism of every cell on every seed, each run once.

    store    : what it has is not run; what is run is written to it as it is finished
    executor : does the runs and is left open; None takes processes, or this one for a single job
    workers  : processes where there is no executor; 0 for this one, None for one a CPU
    progress : called with (done, all, what was finished), of the runs that were not there; with
               a store only of runs that are on disk
    again    : run anew what the store has as failed, as when a process was killed

    A run that stops, raises or loses its process is a row with its reason. Whoever is interrupted
    gives the same call again: with a store, it goes on where it was.

    Raises InputError for a mechanism that cannot be made and a store that cannot be written to,
    Interrupted for Ctrl-C with a store.
    """
    asked = asked_of(cells, seeds)
    with nullcontext() if store is None else store.writing():
        there = Rows(()) if store is None else store.rows()
        known = {row.key: row for row in there if not (again and row.stop == FAILED)}
        missing = [a for a in asked if a.key not in known]
        hands = executor or _hands(workers, missing)
        try:
            with Journal(store, len({a.key for a in missing}), progress) as journal:
                journal.add(_moved(asked, known, there), 0, "")
                known |= _run(missing, hands, journal)
        except KeyboardInterrupt as e:
            raise e if store is None else _interrupted(store, asked) from e
        finally:
            if executor is None:
                hands.close()
    return Rows.of(a.row(known[a.key]) for a in asked)


def _hands(workers: int | None, missing: Sequence[Asked]) -> Executor:
    here = workers == 0 or len({a.key for a in missing}) < 2
    return Serial() if here else Processes(workers)


def _moved(asked: Sequence[Asked], known: Mapping[str, Row], there: Rows) -> list[Row]:
    """Rows of runs that are there, for places of the map where they do not stand yet."""
    places = {row.place for row in there}
    rows = [a.row(known[a.key]) for a in asked if a.key in known]
    return [row for row in rows if row.place not in places]


def _run(missing: Sequence[Asked], hands: Executor, journal: Journal) -> dict[str, Row]:
    """Key -> row of every run that is missing; each goes to the journal as it is finished."""
    places: dict[str, list[Asked]] = {}
    for a in missing:
        places.setdefault(a.key, []).append(a)
    found: dict[str, Row] = {}
    for rows in _results(hands, jobs_of(missing, hands.hands)):
        found |= {row.key: row for row in rows}
        last = places[rows[-1].key][0]
        placed = [a.row(row) for row in rows for a in places[row.key]]
        journal.add(placed, len(rows), f"{last.label}, seed {last.seed}")
    return found


def _results(hands: Executor, jobs: Sequence[Job]) -> Iterator[list[Row]]:
    """The rows of each job; one that came to nothing is done again seed by seed."""
    broken = list[Job]()
    with closing(hands.run(measured, jobs)) as results:
        for k, came in results:
            if not isinstance(came, Exception):
                yield came
            elif len(jobs[k][2]) > 1:
                broken += singly(jobs[k])
            else:
                yield failed(*jobs[k], came)
    if broken:
        yield from _results(hands, broken)


def _interrupted(store: "Store", asked: Sequence[Asked]) -> Interrupted:
    keys = {a.key for a in asked}
    done = len(keys & {row.key for row in store.rows()})
    far = f"interrupted: {done} of {len(keys)} runs are in {store.folder}"
    return Interrupted(f"{far}; the same command goes on from there")
