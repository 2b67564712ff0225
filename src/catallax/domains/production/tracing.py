"""What pages of the economy need of a run: efficiency, response, prices and cuts of use."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures import Assessed, cuts, sample_weeks
from catallax.domains.production.measures.adaptation import deviation
from catallax.domains.production.measures.scarcity import (
    optimum_price,
    priced,
    scarce_goods,
    scarcity_price,
)
from catallax.protocol import RunEnding, Trace, traffic_of

EFFICIENCY, RESPONSE = "efficiency", "response"
PRICE, OPTIMUM = "price of {}", "optimum's price of {}"
USERS, SIGMA, CUT = "users", "sigma", "cut"


def trace_of(shocked: Assessed, twin: Assessed) -> Trace:
    """The trace of a run and its unshocked twin.

    lines   : `EFFICIENCY` of a completed run; `RESPONSE`, log efficiency over the twin's, where
              neither falls to zero; the `PRICE` of each scarce thing over the wage, if any price
              is posted, and its `OPTIMUM`
    vectors : rows of plants that use what became scarce, their elasticities, and their cuts in
              logs
    """
    run = shocked.run
    weeks = np.array(sample_weeks(run.contract), dtype=np.float64)
    return Trace(
        RunEnding.of(run),
        RunEnding.of(twin.run),
        run.settings,
        weeks,
        _lines(shocked, twin) if run.completed else {},
        _cuts(shocked, twin),
        traffic_of(run),
    )


def _lines(shocked: Assessed, twin: Assessed) -> dict[str, Floats]:
    run, found = shocked.run, {EFFICIENCY: shocked.efficiency}
    if twin.run.completed and not any(np.any(a.efficiency <= 0) for a in (shocked, twin)):
        found[RESPONSE] = deviation(shocked, twin)[1]
    # Where no optimum was found all its prices are left at 1: show a gap, not a number.
    missing = np.all(shocked.price == 1.0, axis=1)
    at, posts = shocked.weeks, bool(np.any(run.series["price"] != 1.0))
    for name in priced(run.contract):
        found[OPTIMUM.format(name)] = np.where(missing, np.nan, optimum_price(shocked, name))
        if posts:
            found[PRICE.format(name)] = scarcity_price(run, name)[at]
    return found


def _cuts(shocked: Assessed, twin: Assessed) -> dict[str, Floats]:
    """Who made do with less; nobody where nothing became scarce or a run stopped."""
    run = shocked.run
    if not (run.completed and twin.run.completed and scarce_goods(run.contract)):
        return {}
    found = cuts(run, twin.run)
    return {USERS: found.users.astype(np.float64), SIGMA: found.sigma, CUT: found.cut}
