"""A made-up law in the laboratory's place: what a run comes to is a function of where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from catallax.study.sweep import Cell, RunRow, RunRows

Law = Callable[[Mapping, str, int], float | None]


@dataclass
class MadeUp:
    """A `Gather` whose scores are `law(point, label, seed)`; None is a run that came to grief."""

    law: Law
    asked: list[tuple[Mapping, str, int]] = field(default_factory=list)

    def __call__(self, cells, seeds, **_) -> RunRows:
        return RunRows.of([self._row(c, m, s) for c in cells for m in c.mechanisms for s in seeds])

    def _row(self, cell: Cell, label: str, seed: int) -> RunRow:
        self.asked.append((cell.point, label, seed))
        value = self.law(cell.point, label, seed)
        key = f"{cell.contract.hash}/{cell.mechanisms[label]}/{seed}"
        reasons = {} if value is not None else {"score": "a final user had nothing in some week"}
        return RunRow(
            key, cell.point, label, cell.mechanisms[label], seed, {}, {"score": value}, reasons
        )
