"""Runs of many cells: what is asked for, minus what is already there."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from catallax.experiments.compare import Outcome, outcomes_of
from catallax.experiments.dispatch import spread
from catallax.experiments.settings import Value
from catallax.experiments.sweep.cells import Cell
from catallax.experiments.sweep.rows import Row, Rows

Progress = Callable[[int, int, str], None]


class Gather(Protocol):
    """Whatever answers for cells and seeds: the laboratory, or a law made up for a test."""

    def __call__(self, cells: Sequence[Cell], seeds: Sequence[int]) -> Rows:
        """Every mechanism of every cell on every seed."""
        ...


def gather(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Rows:
    """Every mechanism of every cell on every seed."""
    jobs = [(c.contract, text, label, c.point, tuple(seeds))
            for c in cells for label, text in c.mechanisms.items()]  # fmt: skip
    found: list[Row] = []
    for _, rows in spread(measured, jobs, workers):
        found += rows
        if progress is not None:
            progress(len(found), len(jobs) * len(seeds), rows[-1].label)
    return Rows.of(found)


def measured(contract: Any, text: str, label: str, point: Any, seeds: tuple[int, ...]) -> list[Row]:
    """One mechanism under one contract, measured."""
    return [_row(o, text, label, point) for o in outcomes_of(contract, text, seeds)]


def _row(outcome: Outcome, text: str, label: str, point: dict[str, Value]) -> Row:
    run = outcome.shocked.run
    return Row(
        run.hash,
        point,
        label,
        text,
        run.seed,
        run.contract.to_dict(),
        {name: m.value for name, m in outcome.measures.items()},
        {name: m.reason for name, m in outcome.measures.items() if m.value is None},
        run.stop.name,
        run.reason,
        dict(run.versions),
        outcome.seconds,
    )
