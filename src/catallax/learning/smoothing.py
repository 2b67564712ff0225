"""The recursions of smoothing by one period, entry by entry, against which kernels are tested.

Followers of series (`learning.follow`) and forecasts of whole panels go by the same ones.
"""

import numpy as np

from catallax.arrays import Bools, Floats

Weights = tuple[Floats | float, Floats | float, Floats | float]


def move_toward(before: Floats, news: Floats, gain: Floats | float) -> Floats:
    """Exponential smoothing (Brown 1956): `before`, moved by a share `gain` of what is new."""
    return before + gain * (news - before)


def weigh_newest(weight: Floats | float, seen: Floats) -> Floats:
    """Weight of the next value after `seen` others, never less than that in their mean.

    weight : that of a long series, 0 to 1
    """
    return np.maximum(weight, 1.0 / (seen + 1.0))


def step_holt_winters(
    level: Floats,
    slope: Floats,
    due: Floats,
    heard: Floats,
    known: Bools,
    weights: Weights,
    damping: Floats | float = 1.0,
) -> tuple[Floats, Floats, Floats]:
    """Holt and Winters (Holt 1957; Winters 1960): level, slope and season one period later.

    due     : the season of the period that is over, and so is the last result
    known   : whether `heard` is there; what is not goes on as expected
    weights : of what is new in level, slope and season, 0 to 1
    damping : what is left of the slope a period later (Gardner & McKenzie 1985)
    """
    weight, trend, wave = weights
    left = damping * slope
    expected = level + left
    now = move_toward(expected, np.where(known, heard - due, expected), weight)
    season = move_toward(due, np.where(known, heard - now, due), wave)
    return now, move_toward(left, now - level, trend), season
