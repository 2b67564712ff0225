"""Whether an economy swings to and fro."""

import numpy as np

from catallax.measures.assess import Assessed
from catallax.measures.measured import Measure, Measured

YEAR = 52


def swing(run: Assessed, twin: Assessed | None) -> Measured:
    """S.d. of log utility around its straight line over the last year."""
    utility = run.run.series["utility"][-YEAR:]
    if len(utility) < YEAR:
        return Measured(None, f"the run has fewer than {YEAR} weeks")
    if np.any(utility <= 0):
        return Measured(None, "a final user had nothing in some week")
    income = run.run.contract.economy.income
    path = np.log(utility) @ income / income.sum()
    t = np.arange(YEAR) - (YEAR - 1) / 2
    line = path.mean() + t * (t @ path) / (t @ t)
    return Measured(float(np.sqrt(np.sum((path - line) ** 2) / (YEAR - 2))))


ALL = (
    Measure(
        "swing",
        "s.d. of logs",
        "lower",
        "S.d. of weekly utility in logs around its straight line over the last 52 weeks. Utility "
        "is a geometric mean over final users, weighted by base-year income. What tastes and "
        "seasons move is in it, as well as what the institution does.",
        "residual variation, as in studies of business cycles",
        swing,
        "utility",
    ),
)
