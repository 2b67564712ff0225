"""How an economy moves: the response to a shock against its twin, delays of answers, swings."""

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import TOL, Assessed
from catallax.domains.production.run.message_latency import KINDS
from catallax.protocol import Measure, Measured

Weeks = npt.NDArray[np.int64]

CALM = 13  # weeks that the path must stay near its end
NEAR = 0.05  # share of the way from peak to end that counts as near


def compute_deviation(shocked: Assessed, twin: Assessed) -> tuple[Weeks, Floats]:
    """The common sample weeks and D_t = log(efficiency shocked / twin) in them, (k,) each."""
    weeks, i, j = np.intersect1d(shocked.weeks, twin.weeks, return_indices=True)
    return weeks.astype(np.int64), np.asarray(np.log(shocked.efficiency[i] / twin.efficiency[j]))


def compute_area_lost(weeks: Weeks, d: Floats, shock: int) -> float:
    """Weeks of efficiency lost from week `shock` to the end: minus the integral of D_t."""
    keep = weeks >= shock
    return float(-np.trapezoid(d[keep], weeks[keep].astype(float)))


def compute_adaptation_lag(weeks: Weeks, d: Floats, shock: int) -> tuple[float | None, str]:
    """Weeks until D stays within 5 % of the way from its peak to its end for 13 weeks.

    The end is the mean of the last 26 weeks; what efficiency's tolerance cannot tell from it is
    at the end. Returns (None, reason) when the path has not settled by then.
    """
    keep = weeks >= shock
    t, x = weeks[keep], d[keep]
    end = float(x[t >= t[-1] - 26].mean())
    far = np.abs(x - end)
    near = far <= max(NEAR * far.max(), TOL)
    first = 0 if near.all() else int(np.argmax(far))
    for k in range(first, len(t)):
        window = (t >= t[k]) & (t <= t[k] + CALM)
        if t[-1] < t[k] + CALM:
            break
        if near[window].all():
            return float(t[k] - shock), ""
    return None, "censored: efficiency had not settled when the run ended"


def measure_loop_delay(run: Assessed, twin: Assessed | None) -> Measured:
    """Weeks between a fact and the act of others that answers it."""
    if run.run.oracle:
        return Measured(None, "an oracle sends no messages")
    total = dict(zip(KINDS, run.run.series["ages"].sum(axis=0), strict=True))
    age = {kind: ticks / max(count, 1.0) for kind, (ticks, count) in total.items()}
    rounds = run.run.contract.channel.rounds
    if total["directive"][1]:
        if not total["report"][1]:
            return Measured(None, "the centre heard nothing before it directed")
        return Measured(float((age["report"] + age["directive"]) / rounds))
    if total["quote"][1]:
        # Sellers post when a week ends, a tick before the quote is stamped.
        return Measured(float((age["quote"] + 1.0) / rounds))
    return Measured(None, "nobody acted on a message")


LOOP = (
    Measure(
        "loop_delay",
        "weeks",
        "lower",
        "Weeks between a fact and the act of others that answers it, from the ages of messages "
        "in the run. With a centre: age of the reports that came since it last directed, when it "
        "directed, plus age of what rows had been told when they acted; audits left out. Else: "
        "age of the quotes that buyers acted on, plus the week between posting a price and its "
        "binding. What never arrived does not count, nor does a fact that stands grow old.",
        "Forrester 1961",
        measure_loop_delay,
    ),
)


YEAR = 52
T = np.arange(YEAR) - (YEAR - 1) / 2


def measure_swing(run: Assessed, twin: Assessed | None) -> Measured:
    """S.d. of log utility around its straight line over the last year."""
    path, why = _read_last_year(run)
    if path is None:
        return Measured(None, why)
    line = path.mean() + T * _fit_slope(path)
    return Measured(float(np.sqrt(np.sum((path - line) ** 2) / (YEAR - 2))))


def measure_trend(run: Assessed, twin: Assessed | None) -> Measured:
    """Slope of log utility's straight line over the last year."""
    path, why = _read_last_year(run)
    return Measured(None, why) if path is None else Measured(YEAR * _fit_slope(path))


def _read_last_year(run: Assessed) -> tuple[Floats | None, str]:
    """(52,) mean log utility of final users, weighted by income; or why there is none."""
    utility = run.run.series["utility"][-YEAR:]
    if len(utility) < YEAR:
        return None, f"the run has fewer than {YEAR} weeks"
    if np.any(utility <= 0):
        return None, "a final user had nothing in some week"
    income = run.run.contract.economy.income
    return np.log(utility) @ income / income.sum(), ""


def _fit_slope(path: Floats) -> float:
    """Of the straight line of least squares, a week."""
    return float(T @ path / (T @ T))


_USERS = "Utility is a geometric mean over final users, weighted by base-year income."
SWING = (
    Measure(
        "swing",
        "s.d. of logs",
        "lower",
        "S.d. of weekly utility in logs around its straight line over the last 52 weeks. "
        f"{_USERS} What tastes and seasons move is in it, as well as what the institution does.",
        "residual variation, as in studies of business cycles",
        measure_swing,
        "utility",
    ),
    Measure(
        "trend",
        "logs a year",
        "neither",
        "Slope of the straight line through weekly utility in logs over the last 52 weeks. "
        f"{_USERS} Below 0 the economy goes down.",
        "least squares",
        measure_trend,
        "utility",
    ),
)
