"""The full-information optimum of a technology, and how far an allocation is from it."""

from catallax.optimum.farrell import Efficiency, farrell
from catallax.optimum.foresight import Foreseen, Plan, foresight
from catallax.optimum.horizon import Horizon
from catallax.optimum.solve import Optimum, Settled, solve

__all__ = [
    "Efficiency",
    "Foreseen",
    "Horizon",
    "Optimum",
    "Plan",
    "Settled",
    "farrell",
    "foresight",
    "solve",
]
