"""Nash welfare: the measure of a run that a convex programme can bound.

    W_t = exp(sum_h w_h log(u_ht / u*_ht)),      w shares in base-year income, u* the optimum

It never exceeds efficiency 1/theta. Achieved utilities are v/theta with v on the frontier. The
optimum u* maximises sum w log u over a convex set (Eisenberg & Gale 1959), so sum w v/u* <= 1,
and by Jensen's inequality sum w log(v/u*) <= log(sum w v/u*) <= 0: hence W = exp(sum w log(v/u*))
/ theta <= 1/theta, equal where utilities are proportional to the optimum's. What lies between
them is distribution. 1/theta itself is convex in utilities: no convex programme maximises it.
"""

from collections.abc import Sequence

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.measures.claims import claims_at
from catallax.domains.production.measures.measured import Measured
from catallax.domains.production.run import Contract


def best_log(contract: Contract, seed: int, weeks: Sequence[int]) -> Floats:
    """(k,) sum_h w_h log u*_h in `weeks`, ascending; NaN where no optimum is found."""
    income = contract.economy.income
    live = income > 0
    best = claims_at(contract, seed, weeks)
    log = np.log(best.utility[:, live]) @ (income / income.sum())[live]
    return np.where(np.isin(weeks, best.unsolved), np.nan, log)


def nash_welfare(run: Assessed, twin: Assessed | None) -> Measured:
    """Geometric mean of W over all weeks, each counted with the nearest week looked at."""
    income = run.run.contract.economy.income
    live = income > 0
    weeks = run.weeks.tolist()
    if not weeks:
        return Measured(None, "no week was looked at")
    u = run.run.series["utility"][weeks][:, live]
    if np.any(u <= 0):
        return Measured(None, "a final user had nothing in some week")
    log = np.log(u) @ (income / income.sum())[live] - best_log(
        run.run.contract, run.run.seed, weeks
    )
    if np.any(np.isnan(log)):
        first = weeks[int(np.argmax(np.isnan(log)))]
        return Measured(None, f"the optimum of week {first} was not found to the tolerance")
    return Measured(float(np.exp(_spans(run) @ log)))


def _spans(run: Assessed) -> Floats:
    """(k,) share of the run's weeks that lie nearest to each week looked at."""
    t = run.weeks.astype(np.float64)
    edges = np.concatenate([[-0.5], (t[1:] + t[:-1]) / 2, [run.run.contract.weeks - 0.5]])
    return np.asarray(np.diff(edges) / run.run.contract.weeks)
