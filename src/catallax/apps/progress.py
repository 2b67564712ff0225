"""What the user sees while runs go on, always on standard error."""

import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from types import FrameType
from typing import TYPE_CHECKING, Any

from catallax.errors import OldNameWarning

if TYPE_CHECKING:
    from catallax.protocol import Progress

EVERY = 10.0  # seconds between plain lines


def print_note(text: object) -> None:
    """Tell people something that is no result."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def old_names_told() -> Iterator[None]:
    """Say once of everything that is given by an old name what it is called now."""
    said = set[str]()

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if not issubclass(category, OldNameWarning):
            usual(message, category, *place, **more)
        elif str(message) not in said:
            said.add(str(message))
            print_note(f"catallax: {message}")

    with warnings.catch_warnings():
        warnings.simplefilter("always", OldNameWarning)
        usual, warnings.showwarning = warnings.showwarning, show
        yield


@contextmanager
def show_progress(total: int, *, quiet: bool, loops: bool = True) -> Iterator["Progress | None"]:
    """A function to be told (done, all, what was finished): a bar on a terminal, else lines.

    Before the first run on a machine loops are compiled, once, with a bar or lines of their own.

    loops : whether the runs use compiled loops
    """
    if loops:
        _compile_loops(quiet=quiet)
    with _choose_display(total, quiet=quiet) as tell:
        yield tell


def _compile_loops(*, quiet: bool) -> None:
    """Compile the loops, unless that was done before."""
    from catallax.kernels.ready import cold, prepare

    if not cold():
        return
    if not quiet:
        print_note("Compiling loops for this machine: once, half a minute or so.")
    with _choose_display(1, quiet=quiet) as tell:
        prepare(tell or (lambda *_: None))


@contextmanager
def _choose_display(total: int, *, quiet: bool) -> Iterator["Progress | None"]:
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _show_bar(total) as tell:
            yield tell
    else:
        yield ProgressLines()


@contextmanager
def _show_bar(total: int) -> Iterator["Progress"]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.progress import TimeRemainingColumn as Left

    rate = TextColumn("{task.fields[rate]}")
    columns = (BarColumn(), MofNCompleteColumn(), rate, Left(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task, began = bar.add_task("", total=total, rate=""), time.monotonic()

        def tell(done: int, total: int, what: str) -> None:
            rate = f"{60 * done / max(time.monotonic() - began, 1e-9):.3g} a minute,"
            bar.update(task, completed=done, total=total, description=what, rate=rate)

        yield tell


class ProgressLines:
    """Writes a line at the first and last that is finished, and now and then between."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.began = clock()
        self.told = -EVERY

    def __call__(self, done: int, total: int, what: str) -> None:
        """Be told that `done` of `total` are finished, `what` the last of them."""
        now = self.clock() - self.began
        if done == total or now - self.told >= EVERY:
            self.told = now
            left = now / done * (total - done)
            print_note(f"{done} of {total} done ({what}), {now:.0f} s, about {left:.0f} s left")


@contextmanager
def stdout_spared() -> Iterator[None]:
    """Whatever is printed meanwhile, as by a user's mechanism or in a worker, goes to stderr."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C also ends the worker processes, which do not hear it (see `apps.cli`)."""

    def stop(number: int, frame: FrameType | None) -> None:
        for child in multiprocessing.active_children():
            child.terminate()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
