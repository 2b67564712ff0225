"""One week of the planner with AI, on an economy of a hundred thousand rows."""

import statistics
from collections.abc import Sequence

from benchmarks.figure import Figure
from benchmarks.session import Session
from benchmarks.spec import Bench


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Seconds a week under the default contract: reports, belief, plan, week; without measures."""
    weeks = 4 if session.smoke else 14
    figures = []
    for households in sizes:
        part = session.child(
            "weeks",
            threads=2,
            economy=f"town:{households}",
            weeks=weeks,
            mechanism="ai_planner",
            contract="default",
        )
        week, size = statistics.median(part["seconds"][2:]), f"{part['agents']:,} agents"
        how = f"median of {weeks - 3} weeks, default contract"
        figures += [
            Figure(
                "one ai_planner week", "Catallax, 2 threads", size, week, "s", how, 0.5, below=True
            ),
            Figure(
                "slowest of these weeks",
                "Catallax, 2 threads",
                size,
                max(part["seconds"][2:]),
                "s",
                how,
            ),
        ]
    return figures


BENCH = Bench("planner_week", "one week of `ai_planner`", (91_000,), (200,), measure)
