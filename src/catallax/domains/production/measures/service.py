"""How well final users are served, and how long orders wait."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.measures.income_optimum import find_income_optima
from catallax.domains.production.measures.values import BURN, explain_too_short
from catallax.protocol import Measure, Measured


def measure_satisfaction(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean share of their optimal bundles that final users had, from week 52 on."""
    weeks = run.run.sampled["weeks"].astype(np.int64)
    if explain_too_short(run) or not np.any(weeks >= BURN):
        return Measured(
            None, explain_too_short(run) or f"final users' use was kept in no week from {BURN} on"
        )
    best = find_income_optima(run.run)
    if best.unsolved:
        return Measured(None, f"the optimum of week {best.unsolved[0]} was not found")
    path = find_share_served(run.run.sampled["used"], best.units, best.value)
    return Measured(run.mean(path, BURN, weeks))


def find_share_served(used: Floats, wanted: Floats, value: Floats) -> Floats:
    """(k,) mean of min(used, wanted) / wanted over the goods of all final users, by value.

    used, wanted, value : (k, G); what is above the claim counts as the claim
    """
    share = np.minimum(used, wanted) / np.where(wanted > 0, wanted, 1.0)
    return np.asarray((value * share).sum(axis=1) / value.sum(axis=1))


def measure_turnaround(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean weeks that what was shipped had been on order."""
    aged = run.run.series.get("aged")
    if aged is None:
        return Measured(None, "no order waits: the contract keeps no backlog")
    units = aged.sum(axis=0)
    if units.sum() <= 0:
        return Measured(None, "no goods were shipped")
    return Measured(float(units @ np.arange(len(units)) / units.sum()))


ALL = (
    Measure(
        "satisfaction",
        "share of the optimum's bundle",
        "higher",
        "What final users had of each good over what the optimum of the week's true facts at "
        "base-year incomes would give them, at most 1 for each good; mean by value at that "
        "optimum's prices, over weeks from 52 on. Plenty of one good, or of one user, does not "
        "make up for want of another, so it is not blind to distribution; a good counts from "
        "all its suppliers together.",
        "inventory theory (fill rate); Kornai 1980 on shortage",
        measure_satisfaction,
        failed=0.0,
        burn=BURN,
    ),
    Measure(
        "turnaround",
        "weeks",
        "lower",
        "Weeks that goods had been on order when they were shipped, mean over units at base-year "
        "prices; 0 when all is filled in the week of the order, time on the way not counted. "
        "Only where orders wait (a backlog); 52 weeks and more count as 52.",
        "Little 1961",
        measure_turnaround,
    ),
)
