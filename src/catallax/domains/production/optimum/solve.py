"""Eisenberg-Gale optimum of a CES network by a fixed point over its links.

With homothetic tastes the allocation that maximises sum w_h log u_h is the competitive
equilibrium with incomes w (Eisenberg & Gale 1959), and that is a fixed point:

    prices p -> unit costs c(p) -> shares -> sales S = final demand + shares' (gamma S)
    plant      p_i = S_i^(1-gamma) c_i^gamma / (z_i K_i^(1-gamma) gamma^gamma)
    endowment  p_f = S_f / R_f, or 0 where R_f is slack

With tariffs it is no optimum but the equilibrium *with the wedge*: a buyer pays (1 + tariff)
times the seller's price, so costs and shares follow what is paid and sales what is received,
spending / (1 + tariff). The revenue is households': with incomes fixed at w the rebates are inside
w, and they add up, for sum w = rents + revenue is the identity of all money spent.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Technology, ces_quantity
from catallax.domains.production.optimum.anderson import Anderson
from catallax.domains.production.optimum.chord import Chord, pursue, tangent
from catallax.domains.production.optimum.fixed_point import FixedPoint, Spending
from catallax.errors import InputError


@final
class Settled(Enum):
    """Why the solver stopped; the text is advice."""

    CONVERGED = "converged to the tolerance"
    LIMIT = "iteration limit reached: raise `limit`, or accept the residual that is reported"


@final
@dataclass(frozen=True, eq=False)
class Optimum:
    """The optimum and how well it was found.

    technology : what was solved
    income     : (H,) spending of each household
    price      : (n,) money per unit; for households the price of a unit of utility
    sales      : (n,) money a week; for households their spending
    arrive     : (m,) arrivals on each link
    bundle     : (n,) composite that each buyer's spending buys at least cost
    iterations : evaluations of the fixed point
    residual   : largest log error of a price or sale
    stop       : why it stopped
    point      : the settled point itself, from which a nearby problem can start
    chord      : inverse Jacobian thereabouts, if the solver was asked to follow a sequence
    """

    technology: Technology
    income: Floats
    price: Floats
    sales: Floats
    arrive: Floats
    bundle: Floats
    iterations: int
    residual: float
    stop: Settled
    point: Floats
    chord: Chord | None = None

    @property
    def ship(self) -> Floats:
        """What sellers ship on each link, (m,)."""
        return self.arrive / self.technology.kept

    @cached_property
    def output(self) -> Floats:
        """What plants make of what arrives and endowments supply, (n,)."""
        return made(self.technology, self.composite)

    @cached_property
    def target(self) -> Floats:
        """`output` to rounding (n,), from what is spent instead of what arrives."""
        return made(self.technology, self.bundle)

    @cached_property
    def composite(self) -> Floats:
        """The composite X of each buyer's arrivals, (n,)."""
        t = self.technology
        return ces_quantity(t.network.rows, t.share, t.norm, t.sigma, t.eps, self.arrive)

    @property
    def utility(self) -> Floats:
        """(H,) utility of each household."""
        return self.composite[self.technology.network.households]

    @property
    def balance(self) -> float:
        """Largest overuse of a product or endowment, as a share of what there is.

        Unsold products count too; unused endowments do not, they may be slack.
        """
        net = self.technology.network
        there = self.output[net.sellers]
        gap = (net.orders(self.ship)[net.sellers] - there) / there
        gap[net.endowments] = np.maximum(gap[net.endowments], 0.0)
        return float(np.max(np.abs(gap)))


def made(t: Technology, composite: Floats) -> Floats:
    """Output (n,) of plants from their composite, supply of endowments; 0 for households."""
    net = t.network
    y = np.zeros(net.n)
    y[net.endowments] = t.supply[net.endowments]
    i = net.plants
    y[i] = t.z[i] * t.K[i] * (composite[i] / t.K[i]) ** t.gamma[i]
    return y


def solve(
    technology: Technology,
    income: Floats,
    *,
    start: "Optimum | Floats | None" = None,
    tol: float = 1e-10,
    limit: int = 20_000,
    follow: bool = False,
) -> Optimum:
    """The optimum of `technology` at household spending `income` (H,), money a week, >= 0.

    Under tariffs it is the equilibrium with them; `technology.untaxed` has the first best.

    start  : (n,) prices to begin from, default 1, or the optimum of a nearby problem on the same
             network; only speed depends on it
    tol    : largest log error of a price or sale that is accepted
    limit  : most evaluations; when reached the result says so in `stop` instead of raising
    follow : whether a sequence of nearby problems comes: take trouble now that saves it later

    Raises InputError for incomes of the wrong shape, negative, not finite or all zero.
    """
    fixed = checked_income(technology, income)
    return equilibrium(technology, Spending(fixed), start, tol, limit, follow)


def equilibrium(
    t: Technology,
    spend: Spending,
    start: "Optimum | Floats | None",
    tol: float,
    limit: int,
    follow: bool,
) -> Optimum:
    """The fixed point when spending follows households' log unit costs of utility."""
    point = FixedPoint(t, spend)
    if isinstance(start, Optimum):
        x, chord = start.point, start.chord
    else:
        x, chord = point.start(start), None
    used, residual = 0, np.inf
    if chord is not None:
        x, used, residual = pursue(point.gap, x, chord, tol)
        chord = chord.after(used) if residual <= tol else None
    if residual > tol:
        x, more, residual = Anderson().run(point.step, x, tol, limit)
        used += more
    if follow and chord is None:
        chord = tangent(point, x)
    price, sales, arrive, bundle, income = point.finish(x)
    stop = Settled.CONVERGED if residual <= tol else Settled.LIMIT
    return Optimum(t, income, price, sales, arrive, bundle, used, residual, stop, x, chord)


def checked_income(t: Technology, income: Floats) -> Floats:
    """`income` as an array, or InputError saying what is wrong with it."""
    w = np.asarray(income, dtype=np.float64)
    size = t.network.households.stop - t.network.households.start
    if w.shape != (size,):
        raise InputError(f"income: shape {w.shape}, expected ({size},), one per household")
    if not (np.all(np.isfinite(w)) and np.all(w >= 0) and w.sum() > 0):
        raise InputError("income: must be finite, not negative and not all zero")
    return w
