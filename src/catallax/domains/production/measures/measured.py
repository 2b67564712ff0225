"""What a measure is, and what it comes to: those of the production economy look at `Assessed`."""

from collections.abc import Callable

from catallax.domains.production.measures.assess import Assessed
from catallax.protocol import Measure, Measured, measure_run

__all__ = ["Function", "Measure", "Measured", "measure_run"]

Function = Callable[[Assessed, Assessed | None], Measured]
