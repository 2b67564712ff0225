"""Expected welfare without draws, exact for every mechanism that answers costs linearly."""

from dataclasses import replace
from itertools import product

import numpy as np

from catallax.domains.prices_quantities.contract import PlantsContract
from catallax.domains.prices_quantities.mechanisms import Instrument
from catallax.domains.prices_quantities.oracle import FullInformation
from catallax.domains.prices_quantities.simulate import respond
from catallax.domains.prices_quantities.welfare import welfare
from catallax.errors import InputError

MOST_PLANTS = 14


def expected_welfare(contract: PlantsContract, mechanism: Instrument | FullInformation) -> float:
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
    return float(welfare(held.curves, costs, respond(held, mechanism, costs).output).mean())
