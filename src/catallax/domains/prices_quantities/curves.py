"""The benefit of output and its cost around the base year, and the output that is best.

Both are linear-quadratic (Weitzman 1974).
"""

from dataclasses import dataclass, fields
from typing import Any, final

import numpy as np

from catallax.arrays import Floats
from catallax.protocol.sealed import frozen, resealed


@final
@dataclass(frozen=True, eq=False)
class BenefitCost:
    """What output is worth and what it costs, week by week.

    Output q of a plant is counted from the base year's on, in units a week, and can be negative;
    Q is the total over plants. The total benefit is benefit Q + benefit_slope Q²/2. A plant's cost
    is c q + cost_slope q²/2, where c is its own marginal cost at base-year output: normal with
    mean `cost` and s.d. `sigma`.

    benefit       : (weeks,) marginal benefit at base-year output, money per unit
    benefit_slope : (weeks,) B″, money per unit²; negative where marginal benefit falls
    cost          : (weeks,) expected marginal cost at base-year output, money per unit
    cost_slope    : (weeks,) C″ > 0, money per unit²
    sigma         : (weeks,) s.d. of the private part of marginal cost >= 0, money per unit
    """

    benefit: Floats
    benefit_slope: Floats
    cost: Floats
    cost_slope: Floats
    sigma: Floats

    def __post_init__(self) -> None:
        for f in fields(self):
            object.__setattr__(self, f.name, frozen(getattr(self, f.name)))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(resealed(state))

    def best_quota(self, plants: int) -> Floats:
        """(weeks,) output of a plant that is best in expectation, where no cost is known."""
        return (self.benefit - self.cost) / (self.cost_slope - plants * self.benefit_slope)

    def best_price(self, plants: int) -> Floats:
        """(weeks,) the price at which plants make the best quota on average."""
        return self.cost + self.cost_slope * self.best_quota(plants)


def compute_welfare(curves: BenefitCost, costs: Floats, output: Floats) -> Floats:
    """(weeks,) total benefit less all costs, over the base year's, money a week per plant.

    costs, output : (weeks, plants) marginal cost at base-year output, and output over it
    """
    total = output.sum(axis=1)
    benefit = curves.benefit * total + curves.benefit_slope * total**2 / 2.0
    spent = costs * output + curves.cost_slope[:, None] * output**2 / 2.0
    return np.asarray((benefit - spent.sum(axis=1)) / output.shape[1])


def find_best_output(curves: BenefitCost, costs: Floats) -> Floats:
    """(weeks, plants) output of the highest welfare.

    Every marginal cost c + C″q is the marginal benefit B′ + B″Q: one linear equation a week for
    what both are.
    """
    slope = curves.cost_slope
    value = (curves.benefit * slope - curves.benefit_slope * costs.sum(axis=1)) / (
        slope - costs.shape[1] * curves.benefit_slope
    )
    return np.asarray((value[:, None] - costs) / slope[:, None])
