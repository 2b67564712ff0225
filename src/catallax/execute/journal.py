"""Rows on their way into a store."""

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self, final

from catallax.errors import InputError
from catallax.execute.row import RunRow
from catallax.protocol import Progress, Trace

if TYPE_CHECKING:
    from catallax.execute.store import Store

EVERY = 2.0  # seconds between two files at least


@final
class Journal:
    """Collects rows and traces and writes them every now and then; leaving it writes the rest.

    store    : None keeps them in memory alone
    runs     : number of runs that are to come
    progress : is told of runs once they are on disk, at once where there is no store
    """

    def __init__(self, store: "Store | None", runs: int, progress: Progress | None) -> None:
        self.store, self.runs, self.progress = store, runs, progress
        self.done = 0
        self._waiting: list[RunRow] = []
        self._traces: dict[str, Trace] = {}
        self._finished, self._last = 0, ""
        self._wrote = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if not isinstance(error, Full):
            self.flush()

    def add(
        self,
        rows: Sequence[RunRow],
        runs: int,
        what: str,
        traces: Mapping[str, Trace] | None = None,
    ) -> None:
        """Take in rows of `runs` runs that are finished, `what` the last of them.

        traces : key -> trace, of those that have one
        """
        self._waiting += rows
        self._traces |= traces or {}
        self._finished, self._last = self._finished + runs, what
        if self.store is None or time.monotonic() - self._wrote >= EVERY:
            self.flush()

    def flush(self) -> None:
        """Write what is there; raises Full, with how far things are, when there is no room."""
        if self.store is not None and self._waiting:
            try:
                # Traces first: a row whose trace is missing is run again.
                self.store.write_traces(self._traces)
                self.store.write(self._waiting)
            except OSError as e:
                far = f"{self.done} of {self.runs} runs are in it"
                raise Full(f"{self.store.full(e)}. {far}; the same command goes on") from e
        self._waiting, self._traces, self._wrote = [], {}, time.monotonic()
        new, self.done = self._finished > self.done, self._finished
        if new and self.progress is not None:
            self.progress(self.done, self.runs, self._last)


@final
class Full(InputError):
    """The store's disk takes no more."""
