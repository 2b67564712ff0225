"""The best allocation of a small CES economy, sought in quantities alone.

    max sum_h w_h log X_h     such that     log y_s >= log (sum of what is shipped), every seller s

with textbook nests X = (sum_g a_g R_g^rho)^(1/rho), rho = 1 - 1/sigma. No price, cost or demand
enters, and no code of `optimum` or of the network's nests: SciPy climbs (SLSQP), then solves the
first-order conditions of the same programme. Their multipliers are the values of sellers' output.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from scipy.optimize import minimize, root
from threadpoolctl import threadpool_limits

from catallax.arrays import Floats, Ints
from catallax.domains.production.network import Technology
from catallax.errors import CatallaxError

CLIMB = {"ftol": 1e-9, "maxiter": 1000}  # near enough for what comes after
LEAST = 1e-9  # value of a seller's output, as a share of all, that the second step begins from
MET = 1e-10  # largest first-order condition that is left, in logs


@final
@dataclass(frozen=True, eq=False)
class BestAllocation:
    """What the climb came to.

    utility : (H,) of each household
    value   : (S,) of each seller's output, in units of the weights: its multiplier
    """

    utility: Floats
    value: Floats


@final
@dataclass(frozen=True, eq=False)
class QuantityProgramme:
    """The programme of one technology; a point is the log arrivals on its links, (m,).

    technology : no elasticity of a buyer may be 0 or 1
    weight     : (H,) of each household's log utility, > 0
    """

    technology: Technology
    weight: Floats

    @cached_property
    def nests(self) -> tuple[Floats, Floats]:
        """Shares of goods in their rows (G,) and of links in their goods (m,)."""
        t, rows = self.technology, self.technology.network.rows
        good = _sum_by(rows.good_of, t.share, len(rows.good_row))
        return good, t.share / good[rows.good_of]

    def composites(self, point: Floats) -> tuple[Floats, Floats]:
        """Composites X (n,) and their elasticities by each link's arrivals (m,)."""
        t, rows = self.technology, self.technology.network.rows
        (a, inner), r = self.nests, np.exp(point) / t.norm
        good, within = _aggregate(inner, r, 1.0 - 1.0 / t.eps[rows.good_row], rows.good_of)
        row, between = _aggregate(a, good, 1.0 - 1.0 / t.sigma, rows.good_row)
        return row, between[rows.good_of] * within

    def welfare(self, point: Floats) -> tuple[float, Floats]:
        """The objective and its gradient (m,)."""
        made, part = self.composites(point)
        homes = self.technology.network.households
        return float(self.weight @ np.log(made[homes])), self._claim[0] * part

    def room(self, point: Floats) -> Floats:
        """(S,) log of output over what is shipped."""
        t, net = self.technology, self.technology.network
        made, _ = self.composites(point)
        output, i = t.supply.copy(), net.plants
        output[i] = t.z[i] * t.K[i] * (made[i] / t.K[i]) ** t.gamma[i]
        shipped = _sum_by(net.seller, np.exp(point) / t.kept, net.n)
        return np.asarray(np.log(output[net.sellers] / shipped[net.sellers]))

    def slopes(self, point: Floats) -> Floats:
        """(S, m) of `room`."""
        net, every = self.technology.network, np.arange(self.technology.network.m)
        _, part = self.composites(point)
        out = np.zeros((net.n, net.m))
        out[net.buyer, every] += self._claim[1] * part
        out[net.seller, every] -= self._shipped(point)
        return out[net.sellers]

    def conditions(self, unknown: Floats) -> Floats:
        """What log arrivals and log values (m + S,) lack of the first-order conditions."""
        net = self.technology.network
        point, log_value = unknown[: net.m], unknown[net.m :]
        _, part = self.composites(point)
        home, plant = self._claim
        value = np.exp(np.append(log_value, np.zeros(net.n - len(log_value))))
        gained = (home + plant * value[net.buyer]) * part
        return np.append(
            np.log(gained / (value[net.seller] * self._shipped(point))), self.room(point)
        )

    @cached_property
    def _claim(self) -> tuple[Floats, Floats]:
        """Weight of households' composites on their links, returns of plants' on theirs, (m,)."""
        net = self.technology.network
        home, plant = np.zeros(net.n), np.zeros(net.n)
        home[net.households], plant[net.plants] = self.weight, self.technology.gamma[net.plants]
        return home[net.buyer], plant[net.buyer]

    def _shipped(self, point: Floats) -> Floats:
        """(m,) each link's share in what its seller ships."""
        t, net = self.technology, self.technology.network
        shipped = np.exp(point) / t.kept
        return np.asarray(shipped / _sum_by(net.seller, shipped, net.n)[net.seller])


def find_best_allocation(technology: Technology, weight: Floats, start: Floats) -> BestAllocation:
    """The allocation with the largest sum of `weight` (H,) times log utility.

    start : (m,) arrivals to climb from, > 0

    Raises CatallaxError where the first-order conditions are not met in the end.
    """
    p, net = QuantityProgramme(technology, weight), technology.network
    with threadpool_limits(1):  # for matrices as small as these threads only wait for each other
        found = root(p.conditions, _climb(p, start), tol=1e-14).x
    left = float(np.max(np.abs(p.conditions(found))))
    if not left <= MET:
        raise CatallaxError(f"the direct optimum left a first-order condition open by {left:.1e}")
    made, _ = p.composites(found[: net.m])
    return BestAllocation(made[net.households], np.exp(found[net.m :]))


def _climb(p: QuantityProgramme, start: Floats) -> Floats:
    """Log arrivals and log values (m + S,) near the maximum."""
    point = minimize(
        lambda v: tuple(-x for x in p.welfare(v)),
        np.log(start),
        jac=True,
        method="SLSQP",
        constraints={"type": "ineq", "fun": p.room, "jac": p.slopes},
        options=CLIMB,
    ).x
    value = np.linalg.lstsq(p.slopes(point).T, -p.welfare(point)[1], rcond=None)[0]
    return np.append(point, np.log(np.maximum(value, LEAST)))


def _aggregate(a: Floats, x: Floats, rho: Floats, of: Ints) -> tuple[Floats, Floats]:
    """CES aggregate of each group, and its elasticity by each entry."""
    term = a * x ** rho[of]
    total = _sum_by(of, term, len(rho))
    whole = np.where(total > 0, total, 1.0)
    return whole ** (1.0 / rho), term / whole[of]


def _sum_by(of: Ints, x: Floats, size: int) -> Floats:
    return np.bincount(of, weights=x, minlength=size).astype(np.float64)
