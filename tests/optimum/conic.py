"""The same optimum as a conic programme: an independent model for an independent solver.

Nests are written in quantities, with no price or cost anywhere:

    sigma = 0      X <= r_i
    sigma < 1      X <= t_i^sigma r_i^(1-sigma),      sum a_i t_i <= X
    sigma = 1      t_i <= X log(r_i / X),             sum a_i t_i >= 0
    sigma > 1      t_i <= r_i^rho X^(1-rho),          sum a_i t_i >= X,     rho = 1 - 1/sigma

with r_i = x_i / norm_i; production y <= z K^(1-gamma) X^gamma. Prices are the balances' duals.
"""

from dataclasses import dataclass, field

import clarabel
import numpy as np
from scipy import sparse

from catallax.network import Technology

Terms = dict[int, float]  # column -> coefficient; column -1 is the constant


@dataclass
class Model:
    """Affine rows that must lie in cones, and an objective to be made as large as possible."""

    size: int = 0
    objective: Terms = field(default_factory=dict)
    rows: list[Terms] = field(default_factory=list)
    cones: list[object] = field(default_factory=list)

    def new(self, count: int) -> range:
        self.size += count
        return range(self.size - count, self.size)

    def positive(self, row: Terms) -> int:
        """`row` >= 0; returns where its dual stands."""
        return self.put(clarabel.NonnegativeConeT(1), row)

    def power(self, alpha: float, x: Terms, y: Terms, z: Terms) -> None:
        """x^alpha y^(1-alpha) >= |z|, x and y >= 0."""
        self.put(clarabel.PowerConeT(alpha), x, y, z)

    def exponential(self, x: Terms, y: Terms, z: Terms) -> None:
        """y exp(x/y) <= z."""
        self.put(clarabel.ExponentialConeT(), x, y, z)

    def put(self, cone: object, *rows: Terms) -> int:
        self.rows += rows
        self.cones.append(cone)
        return len(self.rows) - len(rows)

    def solve(self) -> tuple[np.ndarray, np.ndarray]:
        """The best point and the duals of all rows."""
        q = np.zeros(self.size)
        for column, value in self.objective.items():
            q[column] = -value
        entries = [(i, j, -v) for i, row in enumerate(self.rows) for j, v in row.items() if j >= 0]
        i, j, v = zip(*entries, strict=True)
        a = sparse.csc_matrix((v, (i, j)), shape=(len(self.rows), self.size))
        b = np.array([row.get(-1, 0.0) for row in self.rows])
        nothing = sparse.csc_matrix((self.size, self.size))
        for attempt in ATTEMPTS:
            done = clarabel.DefaultSolver(nothing, q, a, b, self.cones, _settings(*attempt)).solve()
            if str(done.status) == "Solved":
                return np.array(done.x), np.array(done.z)
        raise AssertionError(f"the conic solver found no answer to 1e-11: {done.status}")


# Longest step and refinement; where one setting stalls short of 1e-11 another does not.
ATTEMPTS = [(0.99, 30), (0.9, 30), (0.8, 30), (0.99, 10), (0.9, 10), (0.7, 50)]


def _settings(step: float, refinement: int) -> clarabel.DefaultSettings:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    # The objective is flat: a gap of 1e-11 leaves about 1e-6 in quantities.
    settings.tol_feas = settings.tol_gap_abs = settings.tol_gap_rel = 1e-11
    settings.iterative_refinement_reltol = settings.iterative_refinement_abstol = 1e-15
    settings.iterative_refinement_max_iter = refinement
    settings.max_step_fraction = step
    return settings


@dataclass
class Answer:
    """What the conic solver found; `price` (sellers,) in units of the objective."""

    arrive: np.ndarray
    utility: np.ndarray
    price: np.ndarray
    value: float


def best(t: Technology, income: np.ndarray) -> Answer:
    """max sum income log u. With this objective the duals are prices at these incomes."""
    model = Model()
    columns = _economy(t, model)
    for w, u in zip(income, columns.composite[t.network.households], strict=True):
        (log_u,) = model.new(1)
        model.exponential({log_u: 1.0}, {-1: 1.0}, {u: 1.0})
        model.objective[log_u] = float(w)
    return _answer(t, model, columns)


def scale(t: Technology, utility: np.ndarray) -> Answer:
    """max theta so that every household can have theta times its `utility`."""
    model = Model()
    columns = _economy(t, model)
    (theta,) = model.new(1)
    model.objective[theta] = 1.0
    for goal, u in zip(utility, columns.composite[t.network.households], strict=True):
        model.positive({u: 1.0, theta: -float(goal)})
    return _answer(t, model, columns)


@dataclass
class _Columns:
    arrive: range
    composite: range
    balance: list[int]


def _answer(t: Technology, model: Model, columns: _Columns) -> Answer:
    x, dual = model.solve()
    value = sum(v * x[j] for j, v in model.objective.items())
    made = x[list(columns.composite)]
    arrive = x[list(columns.arrive)]
    return Answer(arrive, made[t.network.households], dual[columns.balance], float(value))


def _economy(t: Technology, model: Model) -> _Columns:
    net, rows = t.network, t.network.rows
    arrive, composite = model.new(net.m), model.new(net.n)
    goods = model.new(len(rows.good_row))
    weight = np.bincount(rows.good_of, weights=t.share)
    for g, b in enumerate(rows.good_row):
        at = np.flatnonzero(rows.good_of == g)
        ratio = [{arrive[i]: 1 / float(t.norm[i])} for i in at]
        _nest(model, t.share[at] / weight[g], float(t.eps[b]), ratio, goods[g])
    for b in rows.buyers:
        at = np.flatnonzero(rows.good_row == b)
        _nest(model, weight[at], float(t.sigma[b]), [{goods[g]: 1.0} for g in at], composite[b])
    balance = [_balance(t, model, i, arrive, composite) for i in range(net.sellers.stop)]
    return _Columns(arrive, composite, balance)


def _balance(t: Technology, model: Model, i: int, arrive: range, composite: range) -> int:
    """What is shipped is at most what is made or supplied."""
    net = t.network
    row = {arrive[k]: -1 / float(t.kept[k]) for k in np.flatnonzero(net.seller == i)}
    if i < net.endowments.stop:
        return model.positive({**row, -1: float(t.supply[i])})
    (y,) = model.new(1)
    gamma, z, K = float(t.gamma[i]), float(t.z[i]), float(t.K[i])
    if gamma == 1.0:
        model.positive({composite[i]: z, y: -1.0})
    else:
        model.power(gamma, {composite[i]: 1.0}, {-1: K}, {y: 1 / z})
    return model.positive({**row, y: 1.0})


def _nest(model: Model, a: np.ndarray, s: float, ratio: list[Terms], out: int) -> None:
    """`out` is at most the CES aggregate, with shares `a` and elasticity `s`, of `ratio`."""
    if s == 0.0 or len(a) == 1:
        for r in ratio:
            model.positive({**r, out: -1.0})
        return
    terms = model.new(len(a))
    for r, t in zip(ratio, terms, strict=True):
        _entry(model, s, r, t, out)
    total = {t: float(w) * (-1 if s < 1 else 1) for t, w in zip(terms, a, strict=True)}
    model.positive({**total, **({} if s == 1 else {out: 1.0 if s < 1 else -1.0})})


def _entry(model: Model, s: float, r: Terms, t: int, out: int) -> None:
    if s < 1:
        model.power(s, {t: 1.0}, r, {out: 1.0})
    elif s == 1:
        model.exponential({t: 1.0}, {out: 1.0}, r)
    else:
        model.power(1 - 1 / s, r, {out: 1.0}, {t: 1.0})
