"""Plans with fixed recipes: material balances, and the largest scale of final demand.

A technique makes one product from inputs in fixed proportions (Leontief 1951), a product may have
several techniques, and resources and capacities bound them (Kantorovich 1939). No institution of
the economy uses this: benchmarks and published numbers do.
"""

from catallax.labs.linear_programming.certify import Shortfall
from catallax.labs.linear_programming.gross import GrossOutput, find_gross_output
from catallax.labs.linear_programming.leontief import LeontiefPlan, PlanStatus, plan_largest_scale
from catallax.labs.linear_programming.recipes import Recipes, make_recipes
from catallax.renamed import hand_out_old_names

__all__ = [
    "GrossOutput",
    "LeontiefPlan",
    "PlanStatus",
    "Recipes",
    "Shortfall",
    "find_gross_output",
    "make_recipes",
    "plan_largest_scale",
]

hand_out_old_names(__name__)
