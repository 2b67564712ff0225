"""Many contracts, mechanisms and seeds: what is varied, what is run, what came of it."""

from catallax.experiments.execute import Executor, Processes, Row, Rows, Serial
from catallax.experiments.sweep.axes import axis
from catallax.experiments.sweep.cells import Base, Cell
from catallax.experiments.sweep.gather import Gather, Interrupted, gather
from catallax.protocol import Axis

__all__ = [
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
