"""Who does the runs that a command asks for, and the folder in which they are kept."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from catallax.apps.asked import PROCESS, Kept
from catallax.apps.options import workers_of
from catallax.apps.plugins import blaming
from catallax.apps.progress import Tell, interruptible, progress
from catallax.errors import InputError, unknown

if TYPE_CHECKING:
    from catallax.experiments.store import Store
    from catallax.experiments.sweep import Cell, Executor, Gather, Rows

DASK, RAY = "dask", "ray"
EXECUTORS = (PROCESS, DASK, RAY)


@final
@dataclass(frozen=True)
class Hands:
    """What the user asked for, checked.

    workers  : processes; 0 for this one, None for one a CPU
    store    : what it has is not run, and what is run is kept there; None to keep nothing
    executor : one of `EXECUTORS`
    address  : of a cluster that is running; None starts one here
    """

    workers: int | None
    store: "Store | None"
    executor: str
    address: str | None


def hands_of(workers: str | None, kept: Kept | None) -> Hands:
    """Check what the user wrote. Raises InputError that names the option."""
    kept = kept or Kept()
    if kept.executor not in EXECUTORS:
        raise InputError(f"--executor: {unknown('executor', kept.executor, EXECUTORS)}")
    if kept.address is not None and kept.executor == PROCESS:
        raise InputError(f"--address {kept.address}: is for --executor {DASK} or {RAY}")
    return Hands(workers_of(workers), _store(kept.store), kept.executor, kept.address)


def _store(folder: str | None) -> "Store | None":
    if folder is None:
        return None
    if not folder.strip():
        raise InputError(f"--store {folder!r}: no folder is named; give one for the runs")
    from catallax.experiments.store import Store

    return Store(folder)


@contextmanager
def executor(hands: Hands) -> Iterator["Executor"]:
    """Whoever does the runs, ready, and let go of in the end."""
    with closing(_executor(hands)) as ready:
        yield ready


def _executor(hands: Hands) -> "Executor":
    if hands.executor == DASK:
        from catallax.adapters.dask import Dask

        return Dask(hands.workers or None, hands.address)
    if hands.executor == RAY:
        from catallax.adapters.ray import Ray

        return Ray(hands.workers or None, hands.address)
    from catallax.experiments.execute.executor import Processes, Serial

    return Serial() if hands.workers == 0 else Processes(hands.workers)


@contextmanager
def gathering(
    hands: Hands,
    mechanisms: Sequence[str],
    *,
    total: int = 0,
    quiet: bool,
    loops: bool = True,
) -> Iterator["Gather"]:
    """What runs cells by these hands, which stay from one call to the next; Ctrl-C ends it.

    total : runs that are expected, for the bar; 0 where it is not known before
    loops : whether the runs use compiled loops
    """
    with (
        blaming(tuple(mechanisms)),
        interruptible(),
        progress(max(total, 1), quiet=quiet, loops=loops) as tell,
        executor(hands) as ready,
    ):
        yield _counting(hands, ready, total, tell)


def _counting(hands: Hands, ready: "Executor", total: int, tell: Tell | None) -> "Gather":
    """`gather`, telling how many runs there were in all calls together."""
    from catallax.experiments.sweep import gather

    done = 0

    def gathered(cells: "Sequence[Cell]", seeds: Sequence[int]) -> "Rows":
        nonlocal done
        before = done

        def step(count: int, missing: int, what: str) -> None:
            nonlocal done
            done = before + count
            if tell is not None:
                tell(done, max(total, before + missing), what)

        return gather(cells, seeds, store=hands.store, executor=ready, progress=step)

    return gathered
