"""What becomes of a scarce thing: its price, who makes do with less of it, the weeks around."""

from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.domains.production.economy import Economy, find_rate
from catallax.domains.production.measures.assess import Assessed
from catallax.domains.production.measures.dynamics import compute_deviation
from catallax.domains.production.measures.income_optimum import find_income_optima_at
from catallax.domains.production.measures.values import explain_no_twin, find_shock_week
from catallax.domains.production.network import PLANT
from catallax.domains.production.run import Contract, Run
from catallax.protocol import Measure, Measured

LAST = 26  # weeks at the end over which use is compared
MOST = 3  # products that are imported most
IMPORTS = "imports"


def find_scarcity_price(run: Run, resource: str) -> Floats:
    """(weeks,) price of `resource`, or of `IMPORTS`, over the wage; labour is the first row."""
    if resource == IMPORTS:
        return find_import_price(run)
    wage = run.contract.economy.network.names[0]
    return np.asarray(run.row(resource, "price") / run.row(wage, "price"))


def find_optimum_price(assessed: Assessed, resource: str) -> Floats:
    """(k,) the same of the first best at the sampled weeks; it knows no tariff."""
    if resource == IMPORTS:
        return find_optimum_import_price(assessed)
    row = assessed.run.contract.economy.network.row(resource)
    return np.asarray(assessed.price[:, row] / assessed.price[:, 0])


def find_import_price(run: Run) -> Floats:
    """(weeks,) price of imports over the wage as buyers pay it, domestic tariff included.

    The mean of log prices, weighted by base-year value, over the imports that were recorded.
    """
    contract = run.contract
    rows, weight = _weigh_imports(contract.economy, run.rows)
    wage = run.row(contract.economy.network.names[0], "price")
    at = np.searchsorted(run.rows, rows)
    rates = [find_rate(contract.shocks, "domestic", t) for t in range(len(wage))]
    return np.asarray(
        _average_prices(run.series["price"][:, at], weight) * (1.0 + np.array(rates)) / wage
    )


def find_optimum_import_price(assessed: Assessed) -> Floats:
    """(k,) the same of the first best at the sampled weeks, without a tariff."""
    rows, weight = _weigh_imports(assessed.run.contract.economy, assessed.run.rows)
    return np.asarray(_average_prices(assessed.price[:, rows], weight) / assessed.price[:, 0])


def _weigh_imports(
    economy: Economy, recorded: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The import plants among the recorded rows and their shares in base-year imports."""
    rows = np.intersect1d(np.flatnonzero(economy.abroad), recorded)
    return rows, economy.output[rows] / economy.output[rows].sum()


def _average_prices(price: Floats, weight: Floats) -> Floats:
    return np.asarray(np.exp(np.log(price) @ weight))


def list_products_made_from(economy: Economy, resource: str) -> tuple[str, ...]:
    """Names of the products whose plants buy `resource`."""
    net = economy.network
    makers = net.buyer[net.seller == net.row(resource)]
    return tuple(sorted({net.products[net.product[i]] for i in makers if net.kind[i] == PLANT}))


def list_most_traded(economy: Economy, kind: str) -> tuple[str, ...]:
    """Names of the products exported ("foreign") or imported ("domestic") most, at most three."""
    net = economy.network
    traded = economy.exports if kind == "foreign" else economy.imports
    value = np.bincount(net.good, weights=economy.flow * traded, minlength=len(net.products))
    most = np.argsort(-value, kind="stable")[:MOST]
    return tuple(net.products[g] for g in most if value[g] > 0)


def list_scarce_goods(contract: Contract) -> tuple[str, ...]:
    """Names of the products that a shock makes scarce.

    Those made from a resource that it hits; under a tariff of either kind the products that are
    imported most, since fewer exports buy fewer imports.
    """
    economy, found = contract.economy, set[str]()
    for reach in (s.reach() for s in contract.shocks):
        for resource in reach.resources:
            found |= set(list_products_made_from(economy, resource))
        if reach.border:
            found |= set(list_most_traded(economy, "domestic"))
    return tuple(sorted(found))


def list_telling_prices(contract: Contract) -> tuple[str, ...]:
    """Whose prices tell of the shocks, each once: resources that are hit, and `IMPORTS`."""
    reached = [s.reach() for s in contract.shocks]
    names = [n for r in reached for n in (*r.resources, *[IMPORTS] * bool(r.border))]
    return tuple(dict.fromkeys(names))


@final
@dataclass(frozen=True, eq=False)
class Cuts:
    """Who cut the use of a good by how much.

    users : (k,) rows of plants that use it
    sigma : (k,) their elasticity of substitution
    cut   : (k,) log of use in the last 26 weeks over the twin's; negative is a cut
    """

    users: npt.NDArray[np.int64]
    sigma: Floats
    cut: Floats


def find_cuts(shocked: Run, twin: Run) -> Cuts:
    """Cuts of each plant that uses the goods that both runs recorded, from all suppliers.

    Plants that use none at the end of either run are left out, and under a tariff those of the
    rest of the world, which use exports.
    """
    economy = shocked.contract.economy
    net = economy.network
    buyer = net.buyer[shocked.links]
    tariff = any(s.reach().border for s in shocked.contract.shocks)
    looked_at = (net.kind == PLANT) & ~(economy.abroad & tariff)
    users = np.unique(buyer[looked_at[buyer]]).astype(np.int64)
    with_shock, without = (
        _average_late_use(r.series["use"], buyer, users) for r in (shocked, twin)
    )
    some = (with_shock > 0) & (without > 0)
    cut = np.log(with_shock[some] / without[some])
    return Cuts(users[some], economy.technology.sigma[users[some]], cut)


def _average_late_use(
    use: Floats, buyer: npt.NDArray[np.int64], users: npt.NDArray[np.int64]
) -> Floats:
    late = np.asarray(use)[-LAST:].mean(axis=0)
    return np.array([late[buyer == i].sum() for i in users])


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


ECONOMISING = (
    Measure(
        "cut_share",
        "share of the efficient cut",
        "neither",
        "Shows only that supply fell, as whoever is served less must cut: a mechanism that answers "
        "nothing passes 1 too. Whether the right ones cut is `cut_match`. "
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
        "efficient log cuts, weighted by base-year use. A cut is the log of the use in the last "
        "26 weeks over that of the unshocked twin; the efficient one is that of the optimum at "
        "base-year incomes in the last week. Users differ in their elasticity of substitution. "
        "None where fewer than three use what is scarce, or their cuts do not differ.",
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
