"""Lots that a planner draws: of audits and of experiments, one for every week or quarter."""

import numpy as np

AUDIT, PROBE = 0, 1


def open_lot(key: int, lot: int, t: int) -> np.random.Generator:
    """The numbers of a lot, `AUDIT` or `PROBE`, in a week or quarter, which may be below 0.

    key : >= 0, of the run
    """
    return np.random.default_rng([key, lot, abs(t), int(t < 0)])
