"""Who makes do with less of what became scarce, against what is efficient; the weeks around it."""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.measures.dynamics import compute_deviation
from catallax.domains.production.measures.income_optimum import find_income_optima_at
from catallax.domains.production.measures.scarcity import Cuts, find_cuts
from catallax.domains.production.measures.values import explain_no_twin, find_shock_week
from catallax.protocol import Measure, Measured

BEFORE, AFTER = 13, 26  # weeks around a shock
LEAST = 1e-6  # logs: smaller efficient cuts cannot be told from the optimum's tolerance


def measure_cut_share(run: Assessed, twin: Assessed | None) -> Measured:
    """Share of the efficient cut that users make: slope of actual on efficient cuts."""
    found = _compare_cuts(run, twin)
    if isinstance(found, str):
        return Measured(None, found)
    made, efficient, weight = found
    return Measured(float(weight @ (made * efficient) / (weight @ efficient**2)))


def measure_cut_match(run: Assessed, twin: Assessed | None) -> Measured:
    """Correlation over users of actual with efficient cuts, weighted by base-year use."""
    found = _compare_cuts(run, twin)
    if isinstance(found, str):
        return Measured(None, found)
    made, efficient, weight = found
    a, b = (x - weight @ x for x in (made, efficient))
    size = np.sqrt((weight @ a**2) * (weight @ b**2))
    if len(made) < 3 or size < LEAST**2:
        return Measured(None, "fewer than three users, or their cuts do not differ")
    return Measured(float(weight @ (a * b) / size))


def measure_around_shock(run: Assessed, twin: Assessed | None) -> Measured:
    """Mean of D from 13 weeks before the first shock to 26 after it."""
    why = explain_no_twin(run, twin)
    if why or twin is None:
        return Measured(None, why)
    weeks, d = compute_deviation(run, twin)
    at = find_shock_week(run)
    near = (weeks >= at - BEFORE) & (weeks <= at + AFTER)
    t = weeks[near].astype(np.float64)
    if len(t) < 2:
        return Measured(None, "fewer than two weeks around the shock were looked at")
    return Measured(float(np.trapezoid(d[near], t) / (t[-1] - t[0])))


def _compare_cuts(run: Assessed, twin: Assessed | None) -> tuple[Floats, Floats, Floats] | str:
    """(k,) actual cuts, efficient cuts and weights that sum to 1; or why there are none."""
    why = explain_no_twin(run, twin)
    if why or twin is None:
        return why
    if not len(run.run.links) or not np.array_equal(run.run.links, twin.run.links):
        return "use of the scarce goods was not recorded in both runs: set Recording.goods"
    found = find_cuts(run.run, twin.run)
    if not len(found.users):
        return "nobody uses what became scarce"
    efficient = _find_efficient_cuts(run, twin, found)
    if isinstance(efficient, str):
        return efficient
    if np.abs(efficient).max() < LEAST:
        return "the optimum cuts nobody's use"
    flow = run.run.contract.economy.flow
    weight = _sum_by_user(run, flow, found)
    return found.cut, efficient, weight / weight.sum()


def _find_efficient_cuts(run: Assessed, twin: Assessed, found: Cuts) -> Floats | str:
    """(k,) log of use at the optimum of the last week over that of the unshocked facts."""
    use, last = [], int(run.weeks[-1])
    for each, weeks in ((run, run.weeks.tolist()), (twin, [last])):
        best = find_income_optima_at(each.run.contract, each.run.seed, weeks)
        if last in best.unsolved:
            return f"the optimum of week {last} was not found"
        use.append(_sum_by_user(run, best.last, found))
    if any(np.any(u <= 0) for u in use):
        return "a user has none at the optimum"
    return np.asarray(np.log(use[0] / use[1]))


def _sum_by_user(run: Assessed, link: Floats, found: Cuts) -> Floats:
    """(k,) sums of (m,) over the recorded links of each user."""
    buyer = run.run.contract.economy.network.buyer[run.run.links]
    return np.array([link[run.run.links][buyer == i].sum() for i in found.users])


ALL = (
    Measure(
        "cut_share",
        "share of the efficient cut",
        "neither",
        "How far the plants that use what became scarce cut its use, over how far the optimum at "
        "base-year incomes cuts it for each (1: just as far; above 1: further): slope through 0 of "
        "actual on efficient log cuts over users, weighted by base-year use. A cut is the use of "
        "the last 26 weeks against the unshocked twin; the efficient one is that of the last week.",
        "Hayek 1945",
        measure_cut_share,
        "use",
        twin=True,
    ),
    Measure(
        "cut_match",
        "correlation",
        "higher",
        "Whether those cut most who can best do without: correlation over users of actual with "
        "efficient log cuts (see cut_share), weighted by base-year use. Users differ in their "
        "elasticity of substitution.",
        "Hayek 1945",
        measure_cut_match,
        "use",
        twin=True,
    ),
    Measure(
        "around",
        "log points",
        "higher",
        "Mean of D = log(efficiency / that of the unshocked twin) from 13 weeks before the first "
        "shock to 26 weeks after it: who prepares loses less at once, and may lose before.",
        "event studies",
        measure_around_shock,
        "utility",
        twin=True,
    ),
)
