"""The best that anybody could do who knows every week in advance: a true bound.

Whatever an institution does is one of the plans of `Programme`: its physics are those of the
week in `economy`, less money, which only narrows what can be done. The programme is convex, so
what is found is the best plan, and its dual proves it.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import ces_quantity
from catallax.domains.production.optimum.conic import Point, Terms
from catallax.domains.production.optimum.horizon import Horizon
from catallax.domains.production.optimum.programme import Programme

TOL = 1e-8


@final
class Foreseen(Enum):
    """Why the search for a plan ended; the text is advice."""

    FOUND = "found to the tolerance"
    IMPOSSIBLE = "no plan leaves the stocks that `final` asks for: ask for less"
    UNSOLVED = "the solver stalled: take fewer weeks or a smaller economy, or loosen `tol`"


_STOPS = {"Solved": Foreseen.FOUND, "PrimalInfeasible": Foreseen.IMPOSSIBLE}


@final
@dataclass(frozen=True, eq=False)
class ForesightPlan:
    """A plan for all weeks, and how well it was found. Its numbers count only when FOUND.

    horizon  : what was foreseen
    stop     : why the search ended
    value    : mean over weeks of sum_h w_h log u_h, w summing to 1
    bound    : from the dual: no feasible plan has a higher value, up to `residual`
    residual : largest relative violation of a row of the programme or of its dual
    ship     : (T, m) what sellers send on each link
    use      : (T, m) what buyers use up, as it arrived
    stock    : (T + 1, n) output ready to be sold at the start of each week and after the last
    held     : (T + 1, m) inputs at the buyer then
    """

    horizon: Horizon
    stop: Foreseen
    value: float
    bound: float
    residual: float
    ship: Floats
    use: Floats
    stock: Floats
    held: Floats

    @property
    def found(self) -> bool:
        """Whether this is the best plan."""
        return self.stop is Foreseen.FOUND

    @property
    def utility(self) -> Floats:
        """(T, H) utility of each household in each week."""
        rows, households = self.horizon.network.rows, self.horizon.network.households
        made = [
            ces_quantity(rows, t.share, t.norm, t.sigma, t.eps, use)
            for t, use in zip(self.horizon.technologies, self.use, strict=True)
        ]
        return np.array(made)[:, households]


def foresight(horizon: Horizon, *, tol: float = TOL) -> ForesightPlan:
    """The plan that maximises mean log utility over all weeks of `horizon`.

    tol : of the solver: violation of rows, and the gap between value and bound, relative; > 0

    Some 1,000 link-weeks take a second, 5,000 a minute.
    Raises MissingExtra where the solver is not installed.
    """
    unit = float(horizon.technologies[0].supply.max()) or 1.0
    programme = Programme(_in_units(horizon, unit))
    point = programme.model.solve(tol)
    shift, count = float(np.log(unit)), horizon.weeks
    return ForesightPlan(
        horizon,
        _STOPS.get(point.status, Foreseen.UNSOLVED),
        point.value / count + shift,
        max(point.bound, point.value) / count + shift,
        point.residual,
        unit * _numbers(point, [w.ship for w in programme.weeks]),
        unit * _numbers(point, [w.use for w in programme.weeks]),
        unit * _numbers(point, [s.stock for s in programme.stocks]),
        unit * _numbers(point, [s.held for s in programme.stocks]),
    )


def _in_units(h: Horizon, unit: float) -> Horizon:
    """The same weeks with all quantities divided by `unit`, which scales utilities alike."""
    weeks = [replace(t, K=t.K / unit, supply=t.supply / unit) for t in h.technologies]
    final = None if h.final is None else h.final / unit
    stock, held, transit = h.stock / unit, h.held / unit, h.transit / unit
    return replace(h, technologies=weeks, stock=stock, held=held, transit=transit, final=final)


def _numbers(point: Point, table: list[list[Terms]]) -> Floats:
    """What affine expressions come to; what rounding makes negative is 0."""
    x = np.append(point.x, 1.0)  # the constant stands at column -1
    value = [[sum(v * x[j] for j, v in terms.items()) for terms in row] for row in table]
    return np.maximum(np.array(value, dtype=np.float64), 0.0)
