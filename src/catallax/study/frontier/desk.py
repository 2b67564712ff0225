"""Where runs are asked for: each once, and counted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import final

from catallax.study.frontier.contest import CellResult, RunIndex
from catallax.study.sweep import Cell, Gather, RunRows

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
