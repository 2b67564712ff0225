"""Weitzman's coefficient: what a price is expected to gain over quotas before any cost is drawn."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.contract import PlantsContract


def price_advantage(contract: PlantsContract) -> float:
    """Expected welfare of the best price less that of the best quota, money a week per plant.

    σ² (C″ + B″ (1 + (n − 1) ρ)) / (2 C″²), mean over weeks [Weitzman 1974]. Where the centre errs
    about C″, or is not told of a shift of costs, both miss the best output on average, each in its
    own way; that is in it too.
    """
    curves, told = contract.curves, contract.public_curves
    quota = told.best_quota(contract.plants)
    price = told.best_price(contract.plants)
    output = (price - curves.cost) / curves.cost_slope
    spread = curves.cost_slope + curves.benefit_slope * _together(contract)
    spread = curves.sigma**2 * spread / (2.0 * curves.cost_slope**2)
    gain = spread + _sure_welfare(contract, output) - _sure_welfare(contract, quota)
    return float(np.mean(gain))


def border(contract: PlantsContract) -> float:
    """The slope B″ at which neither is better where the centre errs about nothing, money per unit².

    −C″ for one plant or independent costs; what plants have in common adds up in total output.
    """
    return -contract.cost_slope / _together(contract)


def _together(contract: PlantsContract) -> float:
    return 1.0 + (contract.plants - 1) * contract.correlation


def _sure_welfare(contract: PlantsContract, output: Floats) -> Floats:
    """(weeks,) welfare per plant where all have their expected cost and make the same (weeks,)."""
    curves = contract.curves
    slope = curves.cost_slope - contract.plants * curves.benefit_slope
    return (curves.benefit - curves.cost) * output - slope * output**2 / 2.0
