"""The static optimum as a conic programme: an independent model for an independent solver.

Prices are the duals of the balances.
"""

from dataclasses import dataclass

import numpy as np

from catallax.domains.production.network import Technology
from catallax.domains.production.optimum.conic import (
    ConicProgramme,
    Terms,
    logged,
    nested,
    produces,
)

TOL = 1e-11  # the objective is flat: such a gap leaves about 1e-6 in quantities


@dataclass
class Answer:
    """What the conic solver found; `price` (sellers,) in units of the objective."""

    arrive: np.ndarray
    utility: np.ndarray
    price: np.ndarray
    value: float


def best(t: Technology, income: np.ndarray) -> Answer:
    """max sum income log u. With this objective the duals are prices at these incomes."""
    model = ConicProgramme()
    columns = _economy(t, model)
    for w, u in zip(income, columns.utility, strict=True):
        logged(model, float(w), u)
    return _answer(model, columns)


def scale(t: Technology, utility: np.ndarray) -> Answer:
    """max theta so that every household can have theta times its `utility`."""
    model = ConicProgramme()
    columns = _economy(t, model)
    (theta,) = model.new(1)
    model.objective[theta] = 1.0
    for goal, u in zip(utility, columns.utility, strict=True):
        model.positive({**u, theta: -float(goal)})
    return _answer(model, columns)


@dataclass
class _Columns:
    arrive: range
    utility: list[Terms]
    balance: list[int]


def _answer(model: ConicProgramme, columns: _Columns) -> Answer:
    point = model.solve(TOL)
    assert point.status == "Solved", f"no answer to {TOL}: {point.status}"
    x, dual = point.x, point.dual
    utility = np.array([sum(v * x[j] for j, v in u.items()) for u in columns.utility])
    return Answer(x[list(columns.arrive)], utility, dual[columns.balance], point.value)


def _economy(t: Technology, model: ConicProgramme) -> _Columns:
    net, rows = t.network, t.network.rows
    arrive = model.new(net.m)
    ratio: list[Terms] = [{arrive[k]: 1 / float(t.norm[k])} for k in range(net.m)]
    for r in ratio:
        model.positive(r)
    made = {int(b): nested(model, t, int(b), ratio[rows.links(int(b))]) for b in rows.buyers}
    balance = []
    for i in range(net.sellers.stop):
        there: Terms = {-1: float(t.supply[i])}
        if i >= net.endowments.stop:
            (y,) = model.new(1)
            there = {y: 1.0}
            produces(model, t, i, made[i], there)
        sold = {arrive[k]: -1 / float(t.kept[k]) for k in np.flatnonzero(net.seller == i)}
        balance.append(model.positive({**there, **sold}))
    return _Columns(arrive, [made[h] for h in range(net.n)[net.households]], balance)
