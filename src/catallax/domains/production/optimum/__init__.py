"""The full-information optimum of a technology, and how far an allocation is from it."""

from catallax.domains.production.optimum.farrell import Efficiency, farrell
from catallax.domains.production.optimum.foresight import Foreseen, ForesightPlan, foresight
from catallax.domains.production.optimum.horizon import Horizon
from catallax.domains.production.optimum.solve import Optimum, Settled, solve
from catallax.renamed import hand_out_old_names

__all__ = [
    "Efficiency",
    "Foreseen",
    "ForesightPlan",
    "Horizon",
    "Optimum",
    "Settled",
    "farrell",
    "foresight",
    "solve",
]

hand_out_old_names(__name__)
