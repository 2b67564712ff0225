"""What every mechanism made of the cells of a map, and who schedules runs that are missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.execute.row import FAILED
from catallax.protocol import Measure, domain_of
from catallax.study.statistics import Estimate, estimate_mean
from catallax.study.sweep import Cell, Gather, RunRow, RunRows

YARDSTICK = ("the optimum of week", "not every row", "no week from", "the run has no more")


@final
@dataclass(frozen=True, eq=False)
class CellResult:
    """Mechanisms under one contract.

    seeds      : on which all of them were measured
    values     : label -> (k,) the measure; where a mechanism brought its economy down, what the
                 measure says of failed runs
    bits       : label -> bits a week, mean over the runs that have them; None if none has
    lost       : label -> why runs count 0, one reason a run
    unmeasured : why seeds are left out for all: their yardstick or their computation failed
    """

    cell: Cell
    seeds: tuple[int, ...]
    values: Mapping[str, Floats]
    bits: Mapping[str, float | None]
    lost: Mapping[str, tuple[str, ...]]
    unmeasured: tuple[str, ...]

    @property
    def means(self) -> Mapping[str, float]:
        """Label -> mean of the measure."""
        return {label: float(x.mean()) for label, x in self.values.items()}

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        """Label -> mean with its own 95 % interval: it says less than that of a difference."""
        return {label: estimate_mean(x) for label, x in self.values.items()}

    def margin(self, first: str, second: str) -> Floats:
        """(k,) measure of the first less that of the second, by seed."""
        return self.values[first] - self.values[second]

    @property
    def leader(self) -> str:
        """Who has the highest mean; of equals the first."""
        return max(self.means, key=lambda label: self.means[label])

    @property
    def rival(self) -> str:
        """Whom the leader is least sure to beat: nearly always the second in mean.

        The leader is the best only if he beats everybody, so it is the least sure of these
        comparisons that counts (intersection-union, Berger 1982).
        """
        others = [label for label in self.values if label != self.leader]
        return max(others, key=self._doubt)

    def _doubt(self, label: str) -> tuple[float, float]:
        return estimate_mean(self.margin(self.leader, label)).p, self.means[label]


@final
@dataclass(frozen=True, eq=False)
class RunIndex:
    """Rows by what was run: a mechanism that an axis does not touch is run once for all its cells.

    rows : of any cells
    """

    rows: RunRows

    @cached_property
    def _runs(self) -> Mapping[tuple[str, str], Mapping[int, RunRow]]:
        found: dict[tuple[str, str], dict[int, RunRow]] = {}
        for row in self.rows:
            found.setdefault((row.contract_hash, row.mechanism), {})[row.seed] = row
        return found

    def runs(self, cell: Cell, label: str) -> Mapping[int, RunRow]:
        """Seed -> row of a mechanism under a cell's contract."""
        return self._runs.get((cell.contract.hash, cell.mechanisms[label]), {})

    def result(self, cell: Cell, seeds: Iterable[int], measure: str) -> CellResult:
        """What came of a cell on those of the seeds that were run for all its mechanisms."""
        runs = {label: self.runs(cell, label) for label in cell.mechanisms}
        ran = [s for s in seeds if all(s in rows for rows in runs.values())]
        known = domain_of(cell.contract).measure(measure)
        why = {s: _reason_unmeasured([rows[s] for rows in runs.values()], known) for s in ran}
        kept = tuple(s for s in ran if not why[s])
        rows = {label: [found[s] for s in kept] for label, found in runs.items()}
        return CellResult(
            cell,
            kept,
            {label: _values_of(part, known) for label, part in rows.items()},
            {label: _mean_of([r.values.get("bits") for r in part]) for label, part in rows.items()},
            {label: tuple(_reason_of(r, measure) for r in part if r.values.get(measure) is None)
             for label, part in rows.items()},
            tuple(f"seed {s}: {reason}" for s, reason in why.items() if reason),
        )  # fmt: skip


def _reason_of(row: RunRow, measure: str) -> str:
    return row.reasons.get(measure) or row.reason or row.stop


def _reason_unmeasured(rows: Sequence[RunRow], measure: Measure) -> str:
    """Why nothing can be said of a seed; "" if something can.

    The yardstick failed, for which no mechanism is to blame, or a failed run counts for nothing.
    """
    for row in rows:
        why = _reason_of(row, measure.name)
        nobodys = row.stop == FAILED or why.startswith(YARDSTICK)
        if row.values.get(measure.name) is None and (nobodys or measure.failed is None):
            return f"{row.label}: {why}"
    return ""


def _values_of(rows: Sequence[RunRow], measure: Measure) -> Floats:
    values = [row.values.get(measure.name) for row in rows]
    return np.array([measure.failed if v is None else v for v in values], dtype=np.float64)


def _mean_of(values: Sequence[float | None]) -> float | None:
    there = [v for v in values if v is not None]
    return sum(there) / len(there) if there else None


CellSeeds = tuple[Cell, tuple[int, ...]]


@final
class RunScheduler:
    """Asks `gather` for what is not there yet. Its state is what came so far.

    asked : number of runs asked for; one that serves many cells counts once
    """

    def __init__(self, gather: Gather, measure: str) -> None:
        self.gather, self.measure = gather, measure
        self.found, self.asked = RunIndex(RunRows(())), 0

    def lacks(
        self, requests: Iterable[CellSeeds]
    ) -> Mapping[tuple[str, str], tuple[CellSeeds, str]]:
        """(contract, mechanism) -> the seeds that are still to be run, with a label for them."""
        lacking: dict[tuple[str, str], tuple[CellSeeds, str]] = {}
        for cell, seeds in requests:
            for label, text in cell.mechanisms.items():
                key = (cell.contract.hash, text)
                before = lacking[key][0][1] if key in lacking else ()
                there = self.found.runs(cell, label).keys() | set(before)
                more = before + tuple(s for s in seeds if s not in there)
                if more:
                    lacking[key] = ((cell, more), label)
        return lacking

    def cost(self, requests: Iterable[CellSeeds]) -> int:
        """Number of runs that the requests take."""
        return sum(len(seeds) for (_, seeds), _ in self.lacks(requests).values())

    def ask(self, requests: Sequence[CellSeeds]) -> None:
        """Get the runs: one call for all that need the same seeds."""
        batches: dict[tuple[int, ...], dict[str, Cell]] = {}
        for (cell, seeds), label in self.lacks(requests).values():
            cells, key = batches.setdefault(seeds, {}), repr(cell.point)
            before = cells[key].mechanisms if key in cells else {}
            run = {label: cell.mechanisms[label]}
            cells[key] = Cell(cell.point, cell.contract, {**before, **run})
        self.asked += self.cost(requests)
        for seeds, cells in batches.items():
            rows = self.gather(list(cells.values()), seeds)
            self.found = RunIndex(self.found.rows + rows)

    def result(self, cell: Cell, seeds: Sequence[int]) -> CellResult:
        """What came of a cell on those of the seeds that were run."""
        return self.found.result(cell, seeds, self.measure)
