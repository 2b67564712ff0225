"""Files whose bytes nothing vouches for, read in a process that may die of them."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from catallax.errors import WorkerLost
from catallax.execute.store.parquet import Columns, columns_in
from catallax.processes import Processes
from catallax.whole import Unreadable, read_whole

SECONDS = 30  # a file may take
FOREIGN = (
    "was not written by Catallax; `catallax results FOLDER --bring-in FILE` takes in what others "
    "made of its files"
)
MEMORY = 8 << 30  # bytes of addresses that the process may have


def read_apart(paths: Sequence[Path], *, ours: bool) -> Iterator[tuple[Path, Columns | Unreadable]]:
    """Each file's columns, or why there are none.

    ours : whether only what Catallax wrote is taken, by the hash of all values that it holds
    """
    with Processes(1, tries=1) as process:
        jobs = [(str(path), ours) for path in paths]
        for k, came in process.run(columns_here, jobs):
            yield paths[k], _told(came)


def columns_here(path: str, ours: bool) -> Columns:
    """The columns of one file, within bounds on time and memory; raises Unreadable."""
    _bound()
    try:
        columns, vouched = columns_in(read_whole(Path(path)))
    finally:
        _unbound()
    if ours and not vouched:
        raise Unreadable(FOREIGN)
    return columns


def _told(came: Columns | Exception) -> Columns | Unreadable:
    if isinstance(came, WorkerLost):
        return Unreadable("is damaged: whoever reads it crashes or takes too long")
    if isinstance(came, FileNotFoundError):
        return Unreadable("is gone")
    if isinstance(came, Exception):
        return came if isinstance(came, Unreadable) else Unreadable(f"is damaged ({came})")
    return came


def _bound() -> None:
    """End this process if it takes too long or too much, and let the reader panic in silence."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)


def _unbound() -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(0)
