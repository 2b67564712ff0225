"""The optimum of a network of plants, against HiGHS on the Leontief programme of the same network.

Ours is the harder problem: substitution between inputs and suppliers, capital and many
households. HiGHS solves fixed recipes for one bundle. Both are judged by the worst product: ours
by its largest imbalance, HiGHS's plan by the worst product's shortfall after repair.
"""

from collections.abc import Sequence
from typing import Any

from benchmarks.contracts import plants
from benchmarks.figure import Figure, ratio
from benchmarks.programme import write_programme
from benchmarks.session import Session, in_turn
from benchmarks.spec import Bench

SOLVERS = ("simplex", "ipm", "pdlp")
EQUAL = 1e-6  # shortfall up to which a plan of HiGHS counts; ours is far below
HIGHS_MOST = 100_000  # plants; beyond it no solver of HiGHS comes near its limit of time
GOALS = {100_000: 20.0}  # times as fast
SECONDS = {1_000_000: 30.0}
OURS = "Catallax, 2 threads"


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Seconds to solve and balances, and how many times as fast as HiGHS."""
    return [figure for size in sizes for figure in _at(size, session)]


def _at(count: int, session: Session) -> list[Figure]:
    rounds = 1 if session.smoke else 2
    asked: dict[str, Any] = {"economy": f"plants:{count}", "rounds": 1 if session.smoke else 2}
    ways = {OURS: lambda: session.child("optimum", threads=2, **asked)}
    plans: dict[str, dict[str, Any]] = {}
    if session.envs is None or count > HIGHS_MOST:
        found = in_turn(rounds, ways)
    else:
        found = {OURS: in_turn(1, ways)[OURS]}
        plans = _highs(count, session)
        found[OURS] += in_turn(1, ways)[OURS]
    ours = _ours(count, found[OURS])
    return [*ours, *_held_against(count, ours[0], plans)]


def _ours(count: int, parts: Sequence[dict[str, Any]]) -> list[Figure]:
    seconds = min(s for part in parts for s in part["seconds"])
    how = (
        f"best of {sum(len(p['seconds']) for p in parts)}, from prices wrong by exp(N(0, 0.5)); "
        f"{parts[0]['iterations']} iterations, {parts[0]['stop'].lower()}"
    )
    size, goal = f"{count:,} plants, {parts[0]['links']:,} links", SECONDS.get(count)
    balance = max(part["balance"] for part in parts)
    memory = max(part["peak"] for part in parts)
    return [
        Figure("optimum", OURS, size, seconds, "s", how, goal, below=True, rows=count),
        Figure(
            "largest imbalance",
            OURS,
            size,
            balance,
            "of output",
            "overuse or leftover of the worst product",
            1e-8,
            below=True,
        ),
        Figure("peak memory", OURS, size, memory, "GiB", "of the whole process"),
    ]


def _highs(count: int, session: Session) -> dict[str, dict[str, Any]]:
    with session.folder() as folder:
        path = folder / "programme.npz"
        write_programme(plants(count), path)
        asked = {"programme": str(path), "limit": session.limit, "cores": 2}
        return {
            solver: session.peer("highs", threads=2, **asked, solver=solver) for solver in SOLVERS
        }


def _held_against(count: int, ours: Figure, plans: dict[str, dict[str, Any]]) -> list[Figure]:
    times = {solver: _time(ours.size, solver, plan, count) for solver, plan in plans.items()}
    short = [_shortfall(ours.size, solver, plan) for solver, plan in plans.items()]
    if not times:
        return []
    # What reached its limit stands for at least that time; a poor plan does not count as one.
    good = [s for s, p in plans.items() if _good(p)]
    if good:
        fastest = min((times[s] for s in good), key=lambda f: f.value or 0.0)
        last = ratio("times as fast", fastest, ours, GOALS.get(count))
        how = f"fastest solver whose plan lacks at most {EQUAL:g}; both timed in one run"
    else:
        slowest = max(times.values(), key=lambda f: f.value or 0.0)
        last = ratio("times as fast, at least", slowest, ours, GOALS.get(count))
        how = (
            f"no solver had such a plan by its limit of {slowest.value:.0f} s, which is taken here"
        )
    last = Figure(last.what, last.system, last.size, last.value, last.unit, how, last.target)
    return [*times.values(), *short, last]


def _good(plan: dict[str, Any]) -> bool:
    return plan["status"] == "Optimal" and (plan["shortfall"] or 0.0) <= EQUAL


def _time(size: str, solver: str, plan: dict[str, Any], count: int) -> Figure:
    how = f"once, 2 threads, tolerances 1e-7, no crossover: {plan['status'].lower()}"
    return Figure(
        "Leontief programme", f"HiGHS {solver}", size, plan["seconds"], "s", how, rows=count
    )


def _shortfall(size: str, solver: str, plan: dict[str, Any]) -> Figure:
    how = f"after repair, of the true optimum's deliveries: {plan['status'].lower()}"
    return Figure("worst product's shortfall", f"HiGHS {solver}", size, plan["shortfall"], "", how)


BENCH = Bench(
    "optimum", "the optimum of a network", (10_000, 100_000, 1_000_000), (40,), measure, ("highs",)
)
