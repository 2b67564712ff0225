"""What pages of this domain need of a run: what is lost by week, and why."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.prices_quantities.run import PlantsRun
from catallax.protocol import Trace, TraceLine, plain_trace

LOSS, OUTPUT, WHY = "loss", "output", "why"
LINES = {
    LOSS: TraceLine(
        "What is lost against full information",
        "money a week per plant",
        "Every week is a draw of its own: without a shock no week is like the one before it.",
    ),
    OUTPUT: TraceLine("Output over that of the base year", "units a week, mean of plants"),
}


def trace_of(run: PlantsRun, twin: PlantsRun) -> Trace:
    """The trace of a run.

    lines   : `LOSS`, welfare of full information less that of the run; `OUTPUT`, mean over plants
    vectors : `WHY`, mean loss by cause: output at the wrong plants, and a wrong total
    """
    plain = plain_trace(run, twin)
    if not run.completed:
        return plain
    at = plain.weeks.astype(np.int64)
    lost = run.series["best"] - run.series["welfare"]
    lines = {LOSS: lost[at], OUTPUT: run.series["output"].mean(axis=1)[at]}
    why = np.array([part.mean() for part in loss_parts(run)])
    return Trace(
        plain.ending, plain.twin, plain.settings, plain.weeks, lines, {WHY: why},
        traffic=plain.traffic,
    )  # fmt: skip


def loss_parts(run: PlantsRun) -> tuple[Floats, Floats]:
    """(weeks,) what is lost because the wrong plants make it, and because the total is wrong.

    Money a week per plant; together they are all that is lost against full information, as benefit
    and costs are quadratic: the variance of marginal costs over plants / (2 C″), and (marginal
    benefit − mean marginal cost)² / (2 (C″ − n B″)).
    """
    curves, cost = run.contract.curves, run.series["marginal_cost"]
    gap = run.series["marginal_benefit"] - cost.mean(axis=1)
    slope = curves.cost_slope - run.contract.plants * curves.benefit_slope
    return cost.var(axis=1) / (2.0 * curves.cost_slope), gap**2 / (2.0 * slope)
