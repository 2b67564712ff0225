"""Whether an economy swings to and fro, and whether it goes down."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.measures.measured import Measure, Measured

YEAR = 52
T = np.arange(YEAR) - (YEAR - 1) / 2


def swing(run: Assessed, twin: Assessed | None) -> Measured:
    """S.d. of log utility around its straight line over the last year."""
    path, why = _last_year(run)
    if path is None:
        return Measured(None, why)
    line = path.mean() + T * _slope(path)
    return Measured(float(np.sqrt(np.sum((path - line) ** 2) / (YEAR - 2))))


def trend(run: Assessed, twin: Assessed | None) -> Measured:
    """Slope of log utility's straight line over the last year."""
    path, why = _last_year(run)
    return Measured(None, why) if path is None else Measured(YEAR * _slope(path))


def _last_year(run: Assessed) -> tuple[Floats | None, str]:
    """(52,) mean log utility of final users, weighted by income; or why there is none."""
    utility = run.run.series["utility"][-YEAR:]
    if len(utility) < YEAR:
        return None, f"the run has fewer than {YEAR} weeks"
    if np.any(utility <= 0):
        return None, "a final user had nothing in some week"
    income = run.run.contract.economy.income
    return np.log(utility) @ income / income.sum(), ""


def _slope(path: Floats) -> float:
    """Of the straight line of least squares, a week."""
    return float(T @ path / (T @ T))


_USERS = "Utility is a geometric mean over final users, weighted by base-year income."
ALL = (
    Measure(
        "swing",
        "s.d. of logs",
        "lower",
        "S.d. of weekly utility in logs around its straight line over the last 52 weeks. "
        f"{_USERS} What tastes and seasons move is in it, as well as what the institution does.",
        "residual variation, as in studies of business cycles",
        swing,
        "utility",
    ),
    Measure(
        "trend",
        "logs a year",
        "neither",
        "Slope of the straight line through weekly utility in logs over the last 52 weeks. "
        f"{_USERS} Below 0 the economy goes down.",
        "least squares",
        trend,
        "utility",
    ),
)
