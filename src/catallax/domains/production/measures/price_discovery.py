"""How fast a price tells that something has become scarce."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.measures.money import has_posted_prices
from catallax.domains.production.measures.scarcity import (
    find_optimum_price,
    find_scarcity_price,
    list_telling_prices,
)
from catallax.domains.production.measures.values import find_shock_week
from catallax.protocol import Measure, Measured

NEAR = 0.1  # share of the optimum's price that counts as near


def find_price_ratio(run: Assessed, name: str) -> Floats:
    """(weeks,) a price over the optimum's, of which the weeks between samples lie on a line.

    name : as `list_telling_prices` has it
    """
    posted = find_scarcity_price(run.run, name)
    return np.asarray(
        posted / np.interp(np.arange(len(posted)), run.weeks, find_optimum_price(run, name))
    )


def measure_price_lag(run: Assessed, twin: Assessed | None) -> Measured:
    """Weeks from the first shock until the price of what is scarce is first near the optimum's."""
    telling = list_telling_prices(run.run.contract)
    if not telling:
        return Measured(None, "nothing becomes scarce: there is no shock")
    if not has_posted_prices(run.run):
        return Measured(None, "no prices are posted")
    after = find_price_ratio(run, telling[0])[find_shock_week(run) :]
    near = np.flatnonzero(np.abs(after - 1.0) <= NEAR)
    if not near.size:
        return Measured(None, f"it was never within {NEAR:.0%} of the optimum's")
    return Measured(float(near[0]))


ALL = (
    Measure(
        "price_lag",
        "weeks",
        "lower",
        "Weeks from the first shock until the price of what became scarce, over the wage, is first "
        "within 10 % of the optimum's. Of several such things the first that shocks name counts. "
        "None where no prices are posted, and where it never comes so near.",
        "price discovery; Hayek 1945",
        measure_price_lag,
        "income",
    ),
)
