"""What a measure is, and what it comes to: those of the production economy look at `Assessed`."""

from collections.abc import Callable

from catallax.domains.production.measures.assess import Assessed
from catallax.protocol import Measure, Measured, measured_by

__all__ = ["Function", "Measure", "Measured", "measured_by"]

Function = Callable[[Assessed, Assessed | None], Measured]
