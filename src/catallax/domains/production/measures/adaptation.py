"""How a shock is absorbed, against the twin: the same run without the shock."""

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import TOL, Assessed

Weeks = npt.NDArray[np.int64]

CALM = 13  # weeks that the path must stay near its end
NEAR = 0.05  # share of the way from peak to end that counts as near


def deviation(shocked: Assessed, twin: Assessed) -> tuple[Weeks, Floats]:
    """The common sample weeks and D_t = log(efficiency shocked / twin) in them, (k,) each."""
    weeks, i, j = np.intersect1d(shocked.weeks, twin.weeks, return_indices=True)
    return weeks.astype(np.int64), np.asarray(np.log(shocked.efficiency[i] / twin.efficiency[j]))


def area_lost(weeks: Weeks, d: Floats, shock: int) -> float:
    """Weeks of efficiency lost from week `shock` to the end: minus the integral of D_t."""
    keep = weeks >= shock
    return float(-np.trapezoid(d[keep], weeks[keep].astype(float)))


def adaptation_lag(weeks: Weeks, d: Floats, shock: int) -> tuple[float | None, str]:
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
