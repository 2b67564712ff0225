"""Efficiency of an allocation: the inverse of the Farrell-Debreu scale.

theta is the largest factor by which everybody's utility could be raised at once with the same
resources and capital (Debreu 1951; Farrell 1957). It is the optimum whose incomes are
proportional to u_h P_h, so the same fixed point finds it. It is blind to distribution.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Technology
from catallax.domains.production.optimum.fixed_point import Spending
from catallax.domains.production.optimum.solve import Optimum, equilibrium
from catallax.errors import InputError


@final
@dataclass(frozen=True, eq=False)
class Efficiency:
    """value = 1/theta (1: on the frontier; 0: nobody has anything) and the optimum behind it."""

    value: float
    optimum: Optimum | None


def farrell(
    technology: Technology,
    utility: Floats,
    *,
    start: Optimum | Floats | None = None,
    tol: float = 1e-10,
    limit: int = 20_000,
    follow: bool = False,
) -> Efficiency:
    """Efficiency of achieved utilities (H,), >= 0, under `technology`, tariffs left aside.

    start, tol, limit, follow : as in `solve`. A household at zero asks for nothing and is not
    seen by theta; if all are at zero the value is 0. Raises InputError for a wrong shape or bad
    numbers.
    """
    technology = technology.untaxed
    net = technology.network
    u = np.asarray(utility, dtype=np.float64)
    size = net.households.stop - net.households.start
    if u.shape != (size,) or not np.all(np.isfinite(u)) or np.any(u < 0):
        raise InputError(f"utility: expected {size} finite numbers >= 0, one per household")
    if not u.any():
        return Efficiency(0.0, None)
    base = float(technology.K[net.plants].sum()) or 1.0  # any unit of money will do
    best = equilibrium(technology, Spending(u, base), start, tol, limit, follow)
    theta_inverse = float((u * best.price[net.households]).sum() / best.income.sum())
    return Efficiency(theta_inverse, best)
