"""How each measure is worked out from a run and, where it needs one, its twin."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import BURN, Assessed, MeasureFunction
from catallax.domains.production.measures.dynamics import (
    compute_adaptation_lag,
    compute_area_lost,
    compute_deviation,
)
from catallax.domains.production.measures.income_optimum import find_income_optima
from catallax.protocol import Measure, Measured

DESTITUTE = 0.01  # of base-year utility


def explain_too_short(run: Assessed) -> str:
    """Why nothing can be said of the weeks that count; "" if something can."""
    short = run.run.contract.weeks <= BURN
    return f"the run has no more than {BURN} weeks" if short else ""


def _explain_unseen(run: Assessed) -> str:
    seen = np.any(run.weeks >= BURN)
    if run.unsolved:
        return f"the optimum of week {run.unsolved[0]} was not found to the tolerance"
    return explain_too_short(run) or ("" if seen else f"no week from {BURN} on was looked at")


def explain_partial(run: Assessed) -> str:
    """Why nothing can be said of all goods together; "" if something can."""
    whole = len(run.run.rows) == run.run.contract.economy.network.n
    return "" if whole else "not every row was recorded: raise Recording.rows"


def measure_score(run: Assessed, twin: Assessed | None) -> Measured:
    """Geometric mean efficiency from week 52 on, credited with stocks."""
    late = run.efficiency[run.weeks >= BURN]
    why = _explain_unseen(run) or explain_partial(run)
    if why:
        return Measured(None, why)
    if np.any(late <= 0) or np.any(run.run.series["utility"][BURN:] <= 0):
        return Measured(None, "a final user had nothing in some week")
    if not run.run.series["output"][BURN:].any():
        return Measured(None, f"nothing was made from week {BURN} on")
    mean = np.exp(run.mean(np.log(np.maximum(run.efficiency, 1e-300)), BURN))
    return Measured(float(mean * (1.0 + _value_restocking(run))))


def _value_restocking(run: Assessed) -> float:
    """Value of what stocks gained from week 52 to the end, over output, at optimal prices."""
    price = run.price.mean(axis=0)[run.run.rows]
    stocks, output = run.run.series["stocks"], run.run.series["output"]
    gained = stocks[-1] - stocks[BURN - 1]
    return float(price @ gained / (output[BURN:] @ price).sum())


def measure_efficiency(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean efficiency from week 52 on."""
    why = _explain_unseen(run)
    return Measured(None, why) if why else Measured(run.mean(run.efficiency, BURN))


def measure_wedge_efficiency(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean efficiency from week 52 on, relative to the equilibrium with the domestic tariff."""
    why = _explain_unseen(run)
    return Measured(None, why) if why else Measured(run.mean(run.attained, BURN))


def measure_welfare(run: Assessed, twin: Assessed | None) -> Measured:
    """Consumption equivalent from week 52 on."""
    if explain_too_short(run):
        return Measured(None, explain_too_short(run))
    economy = run.run.contract.economy
    ratio = run.run.series["utility"][BURN:] / economy.income
    people = economy.weight > 0
    if np.any(ratio[:, people] <= 0):
        return Measured(None, "a household had nothing in some week")
    log = np.log(ratio[:, people]) @ economy.weight[people] / economy.weight.sum()
    return Measured(float(np.exp(log.mean())))


def find_shock_week(run: Assessed) -> int:
    """Week of the first shock."""
    return min(s.week for s in run.run.contract.shocks)


def explain_no_twin(run: Assessed, twin: Assessed | None) -> str:
    """Why nothing can be said of the response to a shock; "" if something can."""
    if twin is None or not run.run.contract.shocks:
        return "there is no shock to compare with an unshocked twin"
    if not twin.run.completed:
        return "the unshocked twin stopped early"
    if np.any(run.efficiency <= 0) or np.any(twin.efficiency <= 0):
        return "efficiency fell to zero"
    weeks, _ = compute_deviation(run, twin)
    if not np.any(weeks >= find_shock_week(run)):
        return "no week from the shock on was looked at in both runs"
    return ""


def measure_area_lost(run: Assessed, twin: Assessed | None) -> Measured:
    """Weeks of efficiency lost to the shock."""
    why = explain_no_twin(run, twin)
    if why or twin is None:
        return Measured(None, why)
    return Measured(compute_area_lost(*compute_deviation(run, twin), find_shock_week(run)))


def measure_adaptation_lag(run: Assessed, twin: Assessed | None) -> Measured:
    """Weeks until the response has settled."""
    why = explain_no_twin(run, twin)
    if why or twin is None:
        return Measured(None, why)
    return Measured(*compute_adaptation_lag(*compute_deviation(run, twin), find_shock_week(run)))


def measure_per_week(name: str) -> MeasureFunction:
    """The measure of a total of the meter, a week."""

    def of(run: Assessed, twin: Assessed | None) -> Measured:
        if run.run.oracle:
            return Measured(None, "an oracle sends no messages")
        return Measured(float(getattr(run.run.meter.total, name) / run.run.contract.weeks))

    return of


def measure_ratio(above: str, below: str) -> MeasureFunction:
    """The measure of one total over another, both from week 52 on."""

    def of(run: Assessed, twin: Assessed | None) -> Measured:
        why = explain_partial(run) if run.run.series[below].ndim > 1 else ""
        if explain_too_short(run) or why:
            return Measured(None, explain_too_short(run) or why)
        part, whole = (run.run.series[name][BURN:].sum() for name in (above, below))
        return Measured(float(part / whole)) if whole > 0 else Measured(None, f"{below} is zero")

    return of


def measure_fill_rate(run: Assessed, twin: Assessed | None) -> Measured:
    """Units shipped in the week of their order over units ordered, from week 52 on."""
    series = run.run.series
    if "fresh" not in series or explain_too_short(run):
        return measure_ratio("shipped", "asked")(run, twin)
    # What waits is part of the next ask, and must not be counted as an order again.
    ordered, filled = series["fresh"][BURN:].sum(axis=0)
    return Measured(float(filled / ordered)) if ordered > 0 else Measured(None, "asked is zero")


def explain_equal(run: Assessed) -> str:
    """Why there is no inequality to measure; "" if there may be some."""
    people = run.run.contract.economy.weight > 0
    if people.sum() < 2:
        return "there are fewer than two household groups: nobody can have less than another"
    had = run.run.series["utility"][BURN:, people].sum(axis=1)
    return "no household had anything in some week" if np.any(had <= 0) else ""


def _compute_mean_gini(run: Assessed) -> float:
    """Mean of the weekly Gini coefficients from week 52 on."""
    economy = run.run.contract.economy
    people = economy.weight > 0
    use = run.run.series["utility"][BURN:, people]
    weight = economy.weight[people]
    return float(np.mean([compute_gini(u / weight, weight) for u in use]))


def compute_gini(x: Floats, weight: Floats) -> float:
    """Gini coefficient of per-person amounts `x` >= 0 held by groups of `weight` persons."""
    order = np.argsort(x, kind="stable")
    w, part = weight[order], (x * weight)[order]
    if part.sum() <= 0:
        return 0.0
    people = np.concatenate([[0.0], np.cumsum(w) / w.sum()])
    share = np.concatenate([[0.0], np.cumsum(part) / part.sum()])
    return float(1.0 - np.sum(np.diff(people) * (share[1:] + share[:-1])))


def measure_gini(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean Gini of consumption per person from week 52 on."""
    why = explain_too_short(run) or explain_equal(run)
    return Measured(None, why) if why else Measured(_compute_mean_gini(run))


def measure_gini_change(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean Gini from week 52 on less that of base-year incomes."""
    why = explain_too_short(run) or explain_equal(run)
    if why:
        return Measured(None, why)
    economy = run.run.contract.economy
    people = economy.weight > 0
    base = compute_gini(economy.income[people] / economy.weight[people], economy.weight[people])
    return Measured(_compute_mean_gini(run) - base)


def measure_destitute(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean number of final users below 1 % of base-year utility, from week 52 on."""
    if explain_too_short(run):
        return Measured(None, explain_too_short(run))
    utility, base = run.run.series["utility"][BURN:], run.run.contract.economy.income
    return Measured(float((utility < DESTITUTE * base).sum(axis=1).mean()))


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
    """Mean weeks that what was shipped from week 52 on had been on order."""
    aged = run.run.series.get("aged")
    if aged is None:
        return Measured(None, "no order waits: the contract keeps no backlog")
    if explain_too_short(run):
        return Measured(None, explain_too_short(run))
    units = aged[BURN:].sum(axis=0)
    if units.sum() <= 0:
        return Measured(None, "no goods were shipped")
    return Measured(float(units @ np.arange(len(units)) / units.sum()))


SERVICE = (
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
        "prices from week 52 on; 0 when all is filled in the week of the order, time on the way "
        "not counted. Only where orders wait (a backlog); 52 weeks and more count as 52.",
        "Little 1961",
        measure_turnaround,
        burn=BURN,
    ),
)
