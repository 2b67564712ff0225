"""What final users would have had at the optimum of base-year incomes, week by week.

Efficiency's optimum gives every final user the utility that it had, scaled alike; it says nothing
of who went short. Here each has its base-year income to claim with. Nothing of it depends on an
institution, so a process keeps the last few for the other mechanisms of a seed.

Nash welfare holds a run against it, and is the measure that a convex programme can bound.

    W_t = exp(sum_h w_h log(u_ht / u*_ht)),      w shares in base-year income, u* the optimum

It never exceeds efficiency 1/theta. Achieved utilities are v/theta with v on the frontier. The
optimum u* maximises sum w log u over a convex set (Eisenberg & Gale 1959), so sum w v/u* <= 1,
and by Jensen's inequality sum w log(v/u*) <= log(sum w v/u*) <= 0: hence W = exp(sum w log(v/u*))
/ theta <= 1/theta, equal where utilities are proportional to the optimum's. What lies between
them is distribution. 1/theta itself is convex in utilities: no convex programme maximises it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.optimum import Optimum, Settled, solve
from catallax.domains.production.run import Contract, Run, draw_truths
from catallax.protocol import Measured

TOL = 1e-7  # of a price or a quantity
KEPT = 4  # sequences of optima that a process remembers: 1 MB each on us71


@final
@dataclass(frozen=True, eq=False)
class IncomeOptima:
    """The optimum of the true facts at base-year incomes.

    price    : (k, n) its prices, k weeks
    units    : (k, G) units of each good that arrive at final users, by their nests
    value    : (k, G) what that costs, money a week
    utility  : (k, H) of each final user
    last     : (m,) units that arrive on each link in the last of the weeks
    unsolved : weeks whose optimum was not found to the tolerance
    """

    price: Floats
    units: Floats
    value: Floats
    utility: Floats
    last: Floats
    unsolved: tuple[int, ...]


@final
@dataclass(frozen=True)
class _OptimaRequest:
    """What claims are a function of; contracts with equal hashes are equal."""

    hash: str
    seed: int
    weeks: tuple[int, ...]
    contract: Contract = field(compare=False, repr=False)


def find_income_optima(run: Run) -> IncomeOptima:
    """The claims in the weeks in which `run` kept what final users used."""
    return find_income_optima_at(run.contract, run.seed, run.sampled["weeks"].astype(int).tolist())


def find_income_optima_at(contract: Contract, seed: int, weeks: Sequence[int]) -> IncomeOptima:
    """The claims in `weeks`, ascending."""
    return _solve_income_optima(_OptimaRequest(contract.hash, seed, tuple(weeks), contract))


@lru_cache(maxsize=KEPT)
def _solve_income_optima(asked: _OptimaRequest) -> IncomeOptima:
    best, found = None, []
    for truth in draw_truths(asked.contract, asked.seed):
        if truth.t in asked.weeks:
            best = solve(
                truth.whole.untaxed, asked.contract.economy.income, start=best, tol=TOL, follow=True
            )
            found.append(best)
    late = [t for t, o in zip(asked.weeks, found, strict=True) if o.stop is not Settled.CONVERGED]
    return IncomeOptima(
        np.array([o.price for o in found]),
        np.array([_sum_by_good(o, o.arrive) for o in found]),
        np.array([_sum_by_good(o, o.ship * o.price[o.technology.network.seller]) for o in found]),
        np.array([o.utility for o in found]),
        found[-1].arrive,
        tuple(late),
    )


def _sum_by_good(optimum: Optimum, link: Floats) -> Floats:
    """(G,) sums over the suppliers of each good of final users."""
    net = optimum.technology.network
    return net.final.sum_goods(link[net.m - net.final.m :])


def find_best_log(contract: Contract, seed: int, weeks: Sequence[int]) -> Floats:
    """(k,) sum_h w_h log u*_h in `weeks`, ascending; NaN where no optimum is found."""
    income = contract.economy.income
    live = income > 0
    best = find_income_optima_at(contract, seed, weeks)
    log = np.log(best.utility[:, live]) @ (income / income.sum())[live]
    return np.where(np.isin(weeks, best.unsolved), np.nan, log)


def measure_nash_welfare(run: Assessed, twin: Assessed | None) -> Measured:
    """Geometric mean of W over all weeks, each counted with the nearest week looked at."""
    income = run.run.contract.economy.income
    live = income > 0
    weeks = run.weeks.tolist()
    if not weeks:
        return Measured(None, "no week was looked at")
    u = run.run.series["utility"][weeks][:, live]
    if np.any(u <= 0):
        return Measured(None, "a final user had nothing in some week")
    log = np.log(u) @ (income / income.sum())[live] - find_best_log(
        run.run.contract, run.run.seed, weeks
    )
    if np.any(np.isnan(log)):
        first = weeks[int(np.argmax(np.isnan(log)))]
        return Measured(None, f"the optimum of week {first} was not found to the tolerance")
    return Measured(float(np.exp(_weigh_weeks(run) @ log)))


def _weigh_weeks(run: Assessed) -> Floats:
    """(k,) share of the run's weeks that lie nearest to each week looked at."""
    t = run.weeks.astype(np.float64)
    edges = np.concatenate([[-0.5], (t[1:] + t[:-1]) / 2, [run.run.contract.weeks - 0.5]])
    return np.asarray(np.diff(edges) / run.run.contract.weeks)
