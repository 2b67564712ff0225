"""Many contracts, mechanisms and seeds: what is varied, what is run, what came of it."""

from catallax.execute import Executor, Interrupted, Processes, RunRow, RunRows, Serial
from catallax.protocol import Axis
from catallax.renamed import hand_out_old_names
from catallax.study.sweep.axes import axis
from catallax.study.sweep.cells import Base, Cell, Gather, gather

__all__ = [
    "Axis",
    "Base",
    "Cell",
    "Executor",
    "Gather",
    "Interrupted",
    "Processes",
    "RunRow",
    "RunRows",
    "Serial",
    "axis",
    "gather",
]

hand_out_old_names(__name__)
