"""The full-information optimum of a technology, and how far an allocation is from it."""

from catallax.optimum.certify import Shortfall
from catallax.optimum.farrell import Efficiency, farrell
from catallax.optimum.foresight import Foreseen, Plan, foresight
from catallax.optimum.gross import Gross, gross_output
from catallax.optimum.horizon import Horizon
from catallax.optimum.leontief import LeontiefPlan, Planned, leontief
from catallax.optimum.recipes import Recipes, recipes
from catallax.optimum.solve import Optimum, Settled, solve

__all__ = [
    "Efficiency",
    "Foreseen",
    "Gross",
    "Horizon",
    "LeontiefPlan",
    "Optimum",
    "Plan",
    "Planned",
    "Recipes",
    "Settled",
    "Shortfall",
    "farrell",
    "foresight",
    "gross_output",
    "leontief",
    "recipes",
    "solve",
]
