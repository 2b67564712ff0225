"""Weitzman's coefficient: what a price is expected to gain over quotas before any cost is drawn."""

from dataclasses import replace
from itertools import product

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.contract import PlantsContract
from catallax.domains.prices_quantities.curves import compute_welfare
from catallax.domains.prices_quantities.mechanisms import FullInformation, Instrument
from catallax.domains.prices_quantities.simulate import respond
from catallax.errors import InputError


def compute_price_advantage(contract: PlantsContract) -> float:
    """Expected welfare of the best price less that of the best quota, money a week per plant.

    σ² (C″ + B″ (1 + (n − 1) ρ)) / (2 C″²), mean over weeks [Weitzman 1974]. Where the centre errs
    about C″, or is not told of a shift of costs, both miss the best output on average, each in its
    own way; that is in it too.
    """
    curves, told = contract.curves, contract.public_curves
    quota = told.best_quota(contract.plants)
    price = told.best_price(contract.plants)
    output = (price - curves.cost) / curves.cost_slope
    spread = curves.cost_slope + curves.benefit_slope * _weigh_common_costs(contract)
    spread = curves.sigma**2 * spread / (2.0 * curves.cost_slope**2)
    gain = spread + _compute_sure_welfare(contract, output) - _compute_sure_welfare(contract, quota)
    return float(np.mean(gain))


def find_border(contract: PlantsContract) -> float:
    """The slope B″ at which neither is better where the centre errs about nothing, money per unit².

    −C″ for one plant or independent costs; what plants have in common adds up in total output.
    """
    return -contract.cost_slope / _weigh_common_costs(contract)


def _weigh_common_costs(contract: PlantsContract) -> float:
    return 1.0 + (contract.plants - 1) * contract.correlation


def _compute_sure_welfare(contract: PlantsContract, output: Floats) -> Floats:
    """(weeks,) welfare per plant where all have their expected cost and make the same (weeks,)."""
    curves = contract.curves
    slope = curves.cost_slope - contract.plants * curves.benefit_slope
    return (curves.benefit - curves.cost) * output - slope * output**2 / 2.0


MOST_PLANTS = 14


def expect_welfare(contract: PlantsContract, mechanism: Instrument | FullInformation) -> float:
    """Expected welfare a week per plant, from the same code as in a run.

    Welfare is then quadratic in normal draws, so its mean over the corners −1 and 1 of every draw
    is its expectation. Of `hybrid` it is no more than a rough number.

    Raises InputError for shocks, and for more than 14 plants, which have too many corners.
    """
    if contract.shocks or contract.plants > MOST_PLANTS:
        raise InputError(f"expected_welfare: takes no shocks and at most {MOST_PLANTS} plants")
    corners = np.array(list(product((-1.0, 1.0), repeat=contract.plants + 1)))
    held = replace(contract, weeks=len(corners))
    mixed = np.sqrt(contract.correlation) * corners[:, :1]
    mixed = mixed + np.sqrt(1.0 - contract.correlation) * corners[:, 1:]
    costs = held.curves.cost[:, None] + held.curves.sigma[:, None] * mixed
    return float(compute_welfare(held.curves, costs, respond(held, mechanism, costs).output).mean())
