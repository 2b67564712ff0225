"""Convex programmes written row by row, for Clarabel, an interior-point solver of cones.

CES nests are written in quantities, with no price or cost anywhere, so that what is found here
owes nothing to the fixed point of `solve`:

    sigma = 0      X <= r_i
    sigma < 1      X <= t_i^sigma r_i^(1-sigma),      sum a_i t_i <= X
    sigma = 1      t_i <= X log(r_i / X),             sum a_i t_i >= 0
    sigma > 1      t_i <= r_i^rho X^(1-rho),          sum a_i t_i >= X,     rho = 1 - 1/sigma

with r_i = x_i / norm_i, and production y <= z K^(1-gamma) X^gamma.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, final

import numpy as np
from scipy import sparse

from catallax.arrays import Floats
from catallax.domains.production.network import Technology
from catallax.extras import extra

Terms = dict[int, float]  # column -> coefficient; column -1 is the constant
Cone = tuple[str, float]  # kind and, of a power cone, its exponent

CONSTANT = -1


def scaled(terms: Terms, factor: float) -> Terms:
    """`factor` times an affine expression."""
    return {column: factor * value for column, value in terms.items()}


def plus(*parts: Terms) -> Terms:
    """The sum of affine expressions."""
    total: Terms = {}
    for part in parts:
        for column, value in part.items():
            total[column] = total.get(column, 0.0) + value
    return total


# Longest step and refinement; where one setting stalls short of the tolerance another does not.
ATTEMPTS = ((0.9, 30), (0.8, 30), (0.99, 30), (0.9, 10), (0.99, 10), (0.7, 50))


@final
@dataclass(frozen=True, eq=False)
class Point:
    """Where the solver stopped.

    status   : its own word for why; "Solved" when found to the tolerance
    x, dual  : best point, and the multipliers of all rows
    value    : of the objective at `x`
    bound    : no point that meets the rows has a higher value, up to the residual
    residual : largest violation of a row or of a dual row, relative
    """

    status: str
    x: Floats
    dual: Floats
    value: float
    bound: float
    residual: float


@final
@dataclass
class ConicProgramme:
    """Affine rows that must lie in cones, and an objective to be made as large as possible."""

    size: int = 0
    objective: Terms = field(default_factory=dict)
    rows: list[Terms] = field(default_factory=list)
    cones: list[Cone] = field(default_factory=list)

    def new(self, count: int) -> range:
        """Columns of `count` new unknowns."""
        self.size += count
        return range(self.size - count, self.size)

    def positive(self, row: Terms) -> int:
        """`row` >= 0; returns where its multiplier stands."""
        return self._put(("positive", 0.0), row)

    def power(self, alpha: float, x: Terms, y: Terms, z: Terms) -> None:
        """x^alpha y^(1-alpha) >= |z|, x and y >= 0."""
        self._put(("power", alpha), x, y, z)

    def exponential(self, x: Terms, y: Terms, z: Terms) -> None:
        """y exp(x/y) <= z."""
        self._put(("exponential", 0.0), x, y, z)

    def _put(self, cone: Cone, *rows: Terms) -> int:
        self.rows += rows
        self.cones.append(cone)
        return len(self.rows) - len(rows)

    def solve(self, tol: float, attempts: Sequence[tuple[float, int]] = ATTEMPTS) -> Point:
        """The best point to `tol`, or what the last attempt came to.

        Raises MissingExtra where Clarabel is not installed.
        """
        q = np.zeros(self.size)
        for column, value in self.objective.items():
            q[column] = -value
        a, b = self._matrix()
        solver = clarabel()
        cones = list(_cones(solver, self.cones))
        nothing = sparse.csc_matrix((self.size, self.size))
        for step, refinement in attempts:
            settings = _settings(solver, tol, step, refinement)
            done = solver.DefaultSolver(nothing, q, a, b, cones, settings).solve()
            point = _point(done)
            if point.status in ("Solved", "PrimalInfeasible"):
                break
        return point

    def _matrix(self) -> tuple[Any, Floats]:
        """Rows as b - A x, what must lie in the cones."""
        at = np.repeat(np.arange(len(self.rows)), [len(row) for row in self.rows])
        column = np.array([j for row in self.rows for j in row], dtype=np.int64)
        value = np.array([v for row in self.rows for v in row.values()], dtype=np.float64)
        free = column == CONSTANT
        b = np.zeros(len(self.rows))
        b[at[free]] = value[free]
        live = (-value[~free], (at[~free], column[~free]))
        return sparse.csc_matrix(live, shape=(len(self.rows), self.size)), b


def clarabel() -> Any:
    """The solver's module, imported when it is needed."""
    return extra("clarabel", "the bound by perfect foresight", "bound")


def _cones(solver: Any, cones: Sequence[Cone]) -> Iterator[Any]:
    """The solver's cones; neighbouring half-lines become one."""
    for (kind, alpha), same in groupby(cones):
        count = len(list(same))
        if kind == "positive":
            yield solver.NonnegativeConeT(count)
        else:
            one = solver.PowerConeT(alpha) if kind == "power" else solver.ExponentialConeT()
            yield from [one] * count


def _settings(solver: Any, tol: float, step: float, refinement: int) -> Any:
    settings = solver.DefaultSettings()
    settings.verbose = False
    settings.tol_feas = settings.tol_gap_abs = settings.tol_gap_rel = tol
    settings.iterative_refinement_reltol = settings.iterative_refinement_abstol = 1e-15
    settings.iterative_refinement_max_iter = refinement
    settings.max_step_fraction = step
    return settings


def _point(done: Any) -> Point:
    return Point(
        str(done.status),
        np.array(done.x),
        np.array(done.z),
        -float(done.obj_val),
        -float(done.obj_val_dual),
        float(max(done.r_prim, done.r_dual)),
    )


def nested(model: ConicProgramme, t: Technology, row: int, ratio: Sequence[Terms]) -> Terms:
    """The composite X of buyer `row`, at most what its quantities over norms make.

    ratio : one affine expression a link of the row, in the order of its links
    """
    rows = t.network.rows
    links, goods = rows.links(row), rows.goods(row)
    share, of = t.share[links], rows.good_of[links] - goods.start
    weight = np.asarray(np.bincount(of, weights=share), dtype=np.float64)
    made = []
    for g in range(len(weight)):
        at = np.flatnonzero(of == g)
        part = [ratio[k] for k in at.tolist()]
        made.append(nest(model, share[at] / weight[g], float(t.eps[row]), part))
    return nest(model, weight, float(t.sigma[row]), made)


def nest(model: ConicProgramme, a: Floats, s: float, ratio: Sequence[Terms]) -> Terms:
    """At most the CES aggregate, with shares `a` and elasticity `s`, of `ratio`."""
    if len(a) == 1:
        return ratio[0]
    (out,) = model.new(1)
    if s == 0.0:
        for r in ratio:
            model.positive({**r, out: -1.0})
        return {out: 1.0}
    terms = model.new(len(a))
    for r, t in zip(ratio, terms, strict=True):
        _entry(model, s, r, t, out)
    total = {t: float(w) * (-1 if s < 1 else 1) for t, w in zip(terms, a, strict=True)}
    model.positive({**total, **({} if s == 1 else {out: 1.0 if s < 1 else -1.0})})
    return {out: 1.0}


def _entry(model: ConicProgramme, s: float, r: Terms, t: int, out: int) -> None:
    if s < 1:
        model.power(s, {t: 1.0}, r, {out: 1.0})
    elif s == 1:
        model.exponential({t: 1.0}, {out: 1.0}, r)
    else:
        model.power(1 - 1 / s, r, {out: 1.0}, {t: 1.0})


def produces(
    model: ConicProgramme, t: Technology, row: int, composite: Terms, output: Terms
) -> None:
    """Keep the `output` of plant `row` at most what its composite makes."""
    gamma, z, K = float(t.gamma[row]), float(t.z[row]), float(t.K[row])
    if gamma == 1.0:
        model.positive(plus(scaled(composite, z), scaled(output, -1.0)))
    else:
        model.power(gamma, composite, {CONSTANT: K}, scaled(output, 1 / z))


def logged(model: ConicProgramme, weight: float, utility: Terms) -> None:
    """Add `weight` times the log of `utility` to the objective."""
    (log_u,) = model.new(1)
    model.exponential({log_u: 1.0}, {CONSTANT: 1.0}, utility)
    model.objective[log_u] = weight
