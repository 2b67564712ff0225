"""How far each mechanism gets on the way from the null to the optimum.

The null is what goes on by itself, with nobody to coordinate it; the optimum is the oracle. A score
of 0.95 says little where the null has 0.94, and much where it has 0.1. The share of the way is the
mechanism's measure less the null's, over the oracle's less the null's.
"""

from collections.abc import Sequence

import numpy as np

from catallax.arrays import Floats
from catallax.study.statistics import Summary, estimate_ratio

UNIT = "share of the way from null to optimum"
SIGN = {"higher": 1.0, "lower": -1.0, "neither": 0.0}
NOISE = 1e-7  # of a measure: what the tolerance of optima cannot tell from 0


def find_share_of_way(
    mechanism: Sequence[float],
    null: Sequence[float],
    optimum: Sequence[float],
    better: str = "higher",
) -> Summary:
    """The share of the way with its 95 % interval (Fieller 1954), all on the same seeds.

    mechanism, null, optimum : the measure on each seed, in their order
    better                   : of the measure: higher, lower or neither

    There is none where optimum and null do not differ by more than these seeds can tell, or differ
    the wrong way; with one seed there is no interval.
    """
    start = np.asarray(null, dtype=np.float64)
    gone, whole = np.asarray(mechanism) - start, np.asarray(optimum) - start
    if abs(whole.mean()) <= NOISE:
        return Summary(None, None, UNIT, "null and optimum do not differ")
    if SIGN[better] * whole.mean() < 0.0:
        return Summary(None, None, UNIT, "the null is ahead of the optimum")
    if len(whole) == 1:
        return Summary(float(gone[0] / whole[0]), None, UNIT, "one seed has no interval")
    return _summarise_ratio(gone, whole)


def _summarise_ratio(gone: Floats, whole: Floats) -> Summary:
    found = estimate_ratio(gone, whole)
    if found is None:
        why = f"null and optimum differ by less than {len(whole)} seeds can tell"
        return Summary(None, None, UNIT, why)
    return Summary(float(gone.mean() / whole.mean()), found, UNIT)


def explain_missing_end(null: str | None, optimum: str | None, lacks: Sequence[str]) -> str:
    """Why there is no way to go; "" if there is one.

    null, optimum : names in the domain, None where it has none
    lacks         : those of them that were not compared
    """
    if null is None:
        return "the domain names no null"
    if optimum is None:
        return "the domain has no oracle"
    if lacks:
        return f"not compared: {' and '.join(lacks)}"
    return ""
