"""Runs of many cells: every mechanism of every cell on every seed, as requests."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from catallax.errors import InputError
from catallax.execute import Executor, Interrupted, RunRequest, RunRows, execute
from catallax.protocol import Progress
from catallax.study.sweep.cells import Cell

if TYPE_CHECKING:
    from catallax.execute.store import Store

MOST = 1_000_000  # runs at once

__all__ = ["Gather", "Interrupted", "gather", "requests_at"]


class Gather(Protocol):
    """Whatever answers for cells and seeds: the laboratory, or a law made up for a test."""

    def __call__(self, cells: Sequence[Cell], seeds: Sequence[int]) -> RunRows:
        """Every mechanism of every cell on every seed."""
        ...


def requests_at(cells: Sequence[Cell], seeds: Sequence[int]) -> list[RunRequest]:
    """Every mechanism of every cell on every seed. Raises InputError for more than a million."""
    count = sum(len(cell.mechanisms) for cell in cells) * len(seeds)
    if count > MOST:
        raise InputError(
            f"{count:,} runs are too many at once, at most {MOST:,}; give fewer points or seeds at "
            f"a time: they may share a store"
        )
    return [
        RunRequest(cell.contract, entry, seed, point=cell.point)
        for cell in cells
        for entry in cell.entries().values()
        for seed in seeds
    ]


def gather(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    *,
    store: "Store | None" = None,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    again: bool = False,
) -> RunRows:
    """Every mechanism of every cell on every seed, each run once, as `execute` does it.

    Raises InputError for a mechanism that cannot be made and a store that cannot be written to,
    Interrupted for Ctrl-C with a store.
    """
    found = execute(
        requests_at(cells, seeds),
        store=store,
        executor=executor,
        workers=workers,
        progress=progress,
        again=again,
    )
    return found.table
