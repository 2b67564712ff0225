"""Plans with fixed recipes: material balances, and the largest scale of final demand.

A technique makes one product from inputs in fixed proportions (Leontief 1951), a product may have
several techniques, and resources and capacities bound them (Kantorovich 1939). No institution of
the economy uses this: benchmarks and published numbers do.
"""

from catallax.labs.linear_programming.certify import Shortfall
from catallax.labs.linear_programming.gross import Gross, gross_output
from catallax.labs.linear_programming.leontief import LeontiefPlan, Planned, leontief
from catallax.labs.linear_programming.recipes import Recipes, recipes

__all__ = [
    "Gross",
    "LeontiefPlan",
    "Planned",
    "Recipes",
    "Shortfall",
    "gross_output",
    "leontief",
    "recipes",
]
