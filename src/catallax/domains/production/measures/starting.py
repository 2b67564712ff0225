"""What it costs to start: efficiency lost, and messages sent, while the economy settles.

Nothing of it is in the score, nor in any other measure of the run.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import TOL, Assessed, MeasureFunction
from catallax.domains.production.optimum import Settled, farrell
from catallax.domains.production.run import Run, draw_truths
from catallax.domains.production.run.start import UTILITY, WEEKS
from catallax.protocol import Measure, Measured

NOTHING = "the contract has no weeks before week 0: settle is 0"


def measure_starting_cost(run: Assessed, twin: Assessed | None) -> Measured:
    """Weeks of efficiency lost before week 0, against the optimum of each week."""
    if not run.run.contract.settle:
        return Measured(None, NOTHING)
    if WEEKS not in run.run.sampled:
        return Measured(None, "households were not recorded: raise Recording.rows")
    if np.any(run.run.sampled[UTILITY] <= 0):
        return Measured(None, "a final user had nothing in some week")
    path, unsolved = find_starting_path(run.run)
    if unsolved:
        return Measured(None, f"the optimum of week {unsolved[0]} was not found to the tolerance")
    return Measured(sum_over_weeks(run.run.sampled[WEEKS], -np.log(path)))


def find_starting_path(run: Run) -> tuple[Floats, tuple[int, ...]]:
    """(k,) efficiency in the weeks below 0 that the run kept, and those that were not solved."""
    weeks = run.sampled[WEEKS].astype(np.int64).tolist()
    used = dict(zip(weeks, run.sampled[UTILITY], strict=True))
    path, unsolved, last = list[float](), list[int](), None
    for truth in draw_truths(run.contract, run.seed, -run.contract.settle):
        if len(path) == len(weeks):
            break
        if truth.t in used:
            found = farrell(truth.whole, used[truth.t], start=last, tol=TOL, follow=True)
            path.append(found.value)
            last = found.optimum
            unsolved += [truth.t] * (last is None or last.stop is not Settled.CONVERGED)
    return np.array(path), tuple(unsolved)


def sum_over_weeks(weeks: Floats, value: Floats) -> float:
    """Sum of a value over the first to the last of some weeks, on straight lines between them."""
    return float(np.trapezoid(value, weeks) + (value[0] + value[-1]) / 2.0)


def measure_starting_total(name: str) -> MeasureFunction:
    """The measure of a total of what was said before week 0."""

    def of(run: Assessed, twin: Assessed | None) -> Measured:
        if run.run.oracle:
            return Measured(None, "an oracle sends no messages")
        if not run.run.contract.settle:
            return Measured(None, NOTHING)
        return Measured(float(getattr(run.run.starting.total, name)))

    return of


ALL = (
    Measure(
        "starting_cost",
        "weeks of efficiency",
        "lower",
        "Minus the sum of log efficiency over the weeks before week 0, in which the economy "
        "settles without shocks: what is lost against each week's optimum until the institution "
        "has found its feet. Efficiency is looked at 0, 1, 2, 3, 4, 6, 8, 12 and so on weeks "
        "after the start and in the last of them, on straight lines between. It can be below 0 "
        "where stocks are eaten up. No other measure holds it; None where settle is 0.",
        "area between a path and the optimum, as in event studies",
        measure_starting_cost,
    ),
    Measure(
        "starting_messages",
        "deliveries",
        "lower",
        "Messages delivered before week 0, all together; `messages` counts from week 0 on.",
        "Hurwicz 1960; Mount & Reiter 1974",
        measure_starting_total("deliveries"),
    ),
    Measure(
        "starting_bits",
        "bits",
        "lower",
        "Bits delivered before week 0, all together; `bits` counts from week 0 on.",
        "Shannon 1948",
        measure_starting_total("bits_delivered"),
    ),
)
