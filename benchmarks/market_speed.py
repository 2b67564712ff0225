"""Agent-updates a second of a market of posted prices, and of three other ways to have one.

An agent-update is one household or firm living through one week. All ways run on one thread, so
the ratios are per core; the last figure adds a second thread.
"""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.figure import Figure, ratio
from benchmarks.mesa_check import mesa_weeks
from benchmarks.session import Session, best_median, in_turn
from benchmarks.spec import Bench

WHAT = "agent-updates a second"
OURS, PLAIN, TWO = "Catallax, 1 thread", "Catallax, plain NumPy", "Catallax, 2 threads"
MESA, BAM, SLOW_BAM = "Mesa", "bamengine with Numba", "bamengine"
MESA_MOST = 100_000  # households; beyond it a plain model takes minutes and many GB
WARM = 2  # weeks that are not counted: what is compiled or allocated first
Ways = dict[str, Callable[[], dict[str, Any]]]


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Each size: all ways in turn, the best round's median week."""
    return [figure for size in sizes for figure in _at(size, session)]


def _at(households: int, session: Session) -> list[Figure]:
    rounds = 1 if session.smoke or households >= 1_000_000 else 3
    found = in_turn(rounds, _ways(households, session))
    speeds = {name: _speed(name, households, parts) for name, parts in found.items()}
    ours = speeds[OURS]
    goals = {MESA: 150.0, SLOW_BAM: 20.0, BAM: None, PLAIN: 10.0}
    ratios = [
        ratio("per core, times as fast", ours, speeds[name], goal)
        for name, goal in goals.items()
        if name in speeds
    ]
    return [*speeds.values(), *ratios]


def _ways(households: int, session: Session) -> Ways:
    economy, some = f"town:{households}", _weeks(households, session)
    few = max(some // 3, WARM + 2)
    ways: Ways = {
        OURS: lambda: session.child("weeks", economy=economy, weeks=some),
        PLAIN: lambda: session.child("weeks", plain=True, economy=economy, weeks=few),
        TWO: lambda: session.child("weeks", threads=2, economy=economy, weeks=some),
    }
    if session.envs is None:
        return ways
    bam = {"households": households, "firms": households // 10, "periods": some}
    ways[SLOW_BAM] = lambda: session.peer("bam", kernel="python", **{**bam, "periods": few})
    ways[BAM] = lambda: session.peer("bam", kernel="numba", **bam)
    if households <= MESA_MOST:
        ways[MESA] = lambda: mesa_weeks(economy, few, session)
    return ways


def _weeks(households: int, session: Session) -> int:
    return 4 if session.smoke else max(12, min(60, 3_000_000 // households))


def _speed(name: str, households: int, parts: Sequence[dict[str, Any]]) -> Figure:
    week = best_median([part["seconds"][WARM:] or part["seconds"] for part in parts])
    agents = parts[0]["agents"]
    return Figure(
        WHAT,
        name,
        f"{agents:,} agents",
        agents / week,
        "1/s",
        f"median of {len(parts[0]['seconds']) - WARM} weeks, best of {len(parts)} rounds",
        rows=agents,
    )


BENCH = Bench(
    "market_speed",
    "a market of posted prices",
    (10_000, 100_000, 1_000_000),
    (200,),
    measure,
    ("mesa_market", "bam"),
)
