"""HiGHS on the Leontief programme of a network: seconds, and what its plan lacks after repair.

    python highs.py '{"programme": "programme.npz", "solver": "simplex", "limit": 120}'

    maximise  lambda
    products  u_i - sum_j A_ij u_j - lambda d_i >= 0     u: activity of plants, 1 in the base year
    resources sum_j B_fj u_j <= 1

A plan is judged by its worst product's shortfall after repair, never by the solver's norm:
activities are scaled down until no resource is overused, inputs are delivered first, and what is
left of each product is held against lambda* d_i, with lambda* the true optimum.
"""

import json
import sys
import time

import numpy as np


def main(programme, solver, limit, tolerance=1e-7, cores=1):
    """Solve, repair, judge."""
    import highspy

    p = dict(np.load(programme))
    n, resources = int(p["n"]), int(p["resources"])
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    for name, value in {
        "solver": solver,
        "time_limit": float(limit),
        "threads": cores,
        "small_matrix_value": 1e-12,
        "primal_feasibility_tolerance": tolerance,
        "dual_feasibility_tolerance": tolerance,
        "pdlp_optimality_tolerance": tolerance,
        # Corners are not asked for; a plan inside the face is as good.
        "run_crossover": "off",
    }.items():
        if h.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise SystemExit(f"HiGHS refuses {name} = {value}")
    h.passModel(model(highspy, p, n, resources))
    began = time.perf_counter()
    h.run()
    seconds = time.perf_counter() - began
    value = np.array(h.getSolution().col_value)
    found = {
        "seconds": seconds,
        "status": h.modelStatusToString(h.getModelStatus()),
        "version": h.version(),
        "objective": None,
        "shortfall": None,
    }
    if len(value) == n + 1:
        found["objective"] = float(value[n])
        found["shortfall"] = shortfall(value[:n], p)
    return found


def model(highspy, p, n, resources):
    """The programme in columns; the last one is lambda."""
    lp = highspy.HighsLp()
    inf = highspy.kHighsInf
    lp.num_col_, lp.num_row_ = n + 1, n + resources
    lp.sense_ = highspy.ObjSense.kMaximize
    cost = np.zeros(n + 1)
    cost[n] = 1.0
    lp.col_cost_ = cost
    lp.col_lower_, lp.col_upper_ = np.zeros(n + 1), np.full(n + 1, inf)
    lp.row_lower_ = np.concatenate([np.zeros(n), np.full(resources, -inf)])
    lp.row_upper_ = np.concatenate([np.full(n, inf), np.ones(resources)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = p["start"]
    lp.a_matrix_.index_ = p["index"]
    lp.a_matrix_.value_ = p["value"]
    return lp


def shortfall(u, p):
    """The worst product's shortfall of a plan after repair, in [0, 1]."""
    n, d = int(p["n"]), p["demand"]
    column = np.repeat(np.arange(n + 1), np.diff(p["start"]))
    of_plant = column < n
    row, value = p["index"][of_plant], p["value"][of_plant]
    rest = np.bincount(row, weights=value * u[column[of_plant]], minlength=n + int(p["resources"]))
    # A constraint broken by the last bit is no overuse.
    overuse = np.max(rest[n:])
    left = rest[:n] / max(overuse, 1.0)
    short = np.where(d > 0, 1.0 - left / np.where(d > 0, float(p["best"]) * d, 1.0), -left)
    return float(np.clip(np.max(short), 0.0, 1.0))


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
