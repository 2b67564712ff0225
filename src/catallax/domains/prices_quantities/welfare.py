"""What output comes to, and the best that could be had by somebody who knew every cost."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.curves import BenefitCost


def welfare(curves: BenefitCost, costs: Floats, output: Floats) -> Floats:
    """(weeks,) total benefit less all costs, over the base year's, money a week per plant.

    costs, output : (weeks, plants) marginal cost at base-year output, and output over it
    """
    total = output.sum(axis=1)
    benefit = curves.benefit * total + curves.benefit_slope * total**2 / 2.0
    spent = costs * output + curves.cost_slope[:, None] * output**2 / 2.0
    return np.asarray((benefit - spent.sum(axis=1)) / output.shape[1])


def best_output(curves: BenefitCost, costs: Floats) -> Floats:
    """(weeks, plants) output of the highest welfare.

    Every marginal cost c + C″q is the marginal benefit B′ + B″Q: one linear equation a week for
    what both are.
    """
    slope = curves.cost_slope
    value = (curves.benefit * slope - curves.benefit_slope * costs.sum(axis=1)) / (
        slope - costs.shape[1] * curves.benefit_slope
    )
    return np.asarray((value[:, None] - costs) / slope[:, None])
