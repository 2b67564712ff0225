"""Efficiency along a run: the one costly measure, worked out once and used by the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats, Ints
from catallax.domains.production.network import Technology
from catallax.domains.production.optimum import Optimum, Settled, farrell, solve
from catallax.domains.production.run import Run, draw_truths, sample_weeks
from catallax.protocol import Measured

BURN = 52  # weeks before means begin to count
TOL = 1e-7  # of the optimum; 1/theta is flat there, its error is some 1e-8


@final
@dataclass(frozen=True, eq=False)
class Assessed:
    """A completed run with its efficiency path.

    weeks      : (k,) sampled weeks
    efficiency : (k,) 1/theta of what households used, under the week's true technology
    price      : (k, n) prices of the optimum behind it, money a unit
    unsolved   : weeks whose optimum was not found to the tolerance; none if all is well
    wedge      : (k,) efficiency of the week's equilibrium under its domestic tariff, 1 where there
                 is none; None if there never is one
    """

    run: Run
    weeks: npt.NDArray[np.int64]
    efficiency: Floats
    price: Floats
    unsolved: tuple[int, ...] = ()
    wedge: Floats | None = None

    @property
    def attained(self) -> Floats:
        """(k,) efficiency over what the best allocation under the domestic tariff attains."""
        return self.efficiency if self.wedge is None else self.efficiency / self.wedge

    def mean(self, path: Floats, first: int, weeks: Ints | None = None) -> float:
        """Mean of a (k,) path over time from week `first` on, by trapezoids between samples.

        weeks : (k,) of the path; default those of efficiency
        """
        at = self.weeks if weeks is None else weeks
        keep = at >= first
        t, v = at[keep].astype(float), path[keep]
        return float(v[0]) if len(t) == 1 else float(np.trapezoid(v, t) / (t[-1] - t[0]))


MeasureFunction = Callable[[Assessed, Assessed | None], Measured]
"""(run, twin or None) -> what a measure comes to."""


def assess(run: Run, weeks: Sequence[int] | None = None) -> Assessed:
    """The efficiency path of `run` at `weeks`, default those of its contract.

    Weeks that a stopped run did not reach are left out.
    """
    asked = sample_weeks(run.contract) if weeks is None else weeks
    done = len(run.series.get("utility", ()))
    wanted = sorted({t for t in asked if 0 <= t < done})
    value, prices = np.zeros(len(wanted)), np.ones((len(wanted), run.contract.economy.network.n))
    unsolved: list[int] = []
    wedge = _WedgePath(run.contract.economy.income)
    at, last = 0, None
    for truth in draw_truths(run.contract, run.seed):
        if at == len(wanted):
            break
        if truth.t == wanted[at]:
            used = run.series["utility"][truth.t]
            found = farrell(truth.whole, used, start=last, tol=TOL, follow=True)
            value[at] = found.value
            if found.optimum is not None:
                last, prices[at] = found.optimum, found.optimum.price
                unsolved += [truth.t] * (last.stop is not Settled.CONVERGED)
            unsolved += [truth.t] * (not wedge.add(truth.whole))
            at += 1
    path = np.array(wedge.path) if wedge.taxed else None
    return Assessed(run, np.array(wanted, dtype=np.int64), value, prices, tuple(unsolved), path)


@final
class _WedgePath:
    """Efficiency of the equilibrium with the tariff, week by week, each begun from the last."""

    def __init__(self, income: Floats) -> None:
        self.income, self.path, self.taxed = income, list[float](), False
        self.equilibrium: Optimum | None = None
        self.yardstick: Optimum | None = None

    def add(self, truth: Technology) -> bool:
        """Add a week; False if its equilibrium or optimum was not found."""
        if not truth.taxed:
            self.path.append(1.0)
            return True
        self.taxed = True
        self.equilibrium = solve(truth, self.income, start=self.equilibrium, tol=TOL, follow=True)
        found = farrell(truth, self.equilibrium.utility, start=self.yardstick, tol=TOL, follow=True)
        self.yardstick = found.optimum
        self.path.append(found.value)
        settled = (self.equilibrium.stop, found.optimum and found.optimum.stop)
        return all(s is Settled.CONVERGED for s in settled)
