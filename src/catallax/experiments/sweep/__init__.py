"""Many contracts, mechanisms and seeds: what is varied, what is run, what came of it."""

from catallax.experiments.sweep.axes import AXES, Axis, axis
from catallax.experiments.sweep.cells import Base, Cell
from catallax.experiments.sweep.executor import Executor, Processes, Serial
from catallax.experiments.sweep.gather import Gather, Interrupted, gather
from catallax.experiments.sweep.rows import Row, Rows

__all__ = [
    "AXES",
    "Axis",
    "Base",
    "Cell",
    "Executor",
    "Gather",
    "Interrupted",
    "Processes",
    "Row",
    "Rows",
    "Serial",
    "axis",
    "gather",
]
