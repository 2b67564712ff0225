"""The full-information optimum of a technology, and how far an allocation is from it."""

from catallax.domains.production.optimum.certify import Shortfall
from catallax.domains.production.optimum.farrell import Efficiency, farrell
from catallax.domains.production.optimum.foresight import Foreseen, Plan, foresight
from catallax.domains.production.optimum.gross import Gross, gross_output
from catallax.domains.production.optimum.horizon import Horizon
from catallax.domains.production.optimum.leontief import LeontiefPlan, Planned, leontief
from catallax.domains.production.optimum.recipes import Recipes, recipes
from catallax.domains.production.optimum.solve import Optimum, Settled, solve

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
