"""Material balances x = d + A x by iteration, for as many products as memory holds."""

from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.labs.linear_programming.linear import solve_linear_fixed_point
from catallax.labs.linear_programming.passes import Passes
from catallax.labs.linear_programming.recipes import Recipes


@final
@dataclass(frozen=True, eq=False)
class GrossOutput:
    """Gross outputs, and how well they were found.

    output    : (n,) of each product
    passes    : how often all coefficients were read, two to judge the answer included
    shortfall : of the worst product: how far its uses exceed its output, as a share of its uses
    error     : most that outputs can be off in sum, as a share of their sum: residuals over one
                less the largest sum of a recipe's amounts, in the recipes' own units; inf where a
                recipe's amounts of products add up to 1 or more (amounts are then no value shares)
    """

    output: Floats
    passes: float
    shortfall: float
    error: float


def find_gross_output(
    recipes: Recipes, demand: npt.ArrayLike | None = None, *, tol: float = 1e-10, limit: int = 1000
) -> GrossOutput:
    """Output of every product that delivers `demand` (n,), default `recipes.demand`, and no more.

    One technique a product, in the order of products; capacities and resources are left aside.
    tol   : largest residual, as a share of the product's output, before the last pass
    limit : most passes; when reached, or where recipes use up more than they make, `shortfall`
            tells

    Raises InputError where some product has no or several techniques, or demand is not >= 0.
    """
    n = recipes.products
    if not np.array_equal(recipes.product, np.arange(n)):
        raise InputError(
            "recipes: material balances need one technique a product, in their order; "
            "`plan_largest_scale` chooses"
        )
    d = np.asarray(recipes.demand if demand is None else demand, np.float64)
    if d.shape != (n,) or not np.all(np.isfinite(d)) or np.any(d < 0) or not d.any():
        raise InputError(f"demand: expected {n} finite numbers >= 0, one per product, not all zero")
    passes = Passes(recipes)
    x = balance(passes, d, tol, limit)
    need = d + passes.use(x)[:n]
    over = np.divide(need - x, need, out=np.zeros(n), where=need > 0)
    ones = np.concatenate((np.ones(n), np.zeros(len(recipes.supply))))
    kept = 1.0 - float(passes.cost(ones).max())
    error = float(np.abs(need - x).sum() / x.sum()) / kept if kept > 0 else np.inf
    return GrossOutput(x, passes.passes, max(0.0, float(over.max())), error)


def balance(passes: Passes, d: Floats, tol: float, limit: int) -> Floats:
    """The x of x = d + A x with one technique a product."""
    n = len(d)

    def image(x: Floats, whole: bool) -> Floats:
        y = passes.use(x[:, 0])[:n]
        return (y + d if whole else y)[:, None]

    x = d + passes.use(d)[:n]
    x = d + passes.use(x)[:n]
    size = x + 1e-3 * x.mean()
    return solve_linear_fixed_point(image, x[:, None], size[:, None], tol, limit)[0][:, 0]
