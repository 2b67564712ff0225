"""How time and memory grow with the economy, from a thousand households to a million."""

import math
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.figure import Figure
from benchmarks.session import Session
from benchmarks.spec import Bench

WORK = {"a week of market": "weeks", "an optimum": "optimum"}


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Exponents of time and memory: of the whole range, and the steepest between two sizes."""
    figures = []
    for work, task in WORK.items():
        found = {size: _child(task, size, session) for size in sizes}
        time = {size: statistics.median(part["seconds"]) for size, part in found.items()}
        memory = {size: part["peak"] for size, part in found.items()}
        for what, values in (("time", time), ("memory", memory)):
            figures += _exponents(f"{what} of {work}", values)
    return figures


def _child(task: str, households: int, session: Session) -> dict[str, Any]:
    economy = f"town:{households}"
    if task == "optimum":
        return session.child(task, economy=economy, rounds=2 if households < 1e6 else 1)
    return session.child(task, economy=economy, weeks=5 if session.smoke else 12)


def _exponents(what: str, values: dict[int, float]) -> list[Figure]:
    size, value = np.log(list(values)), np.log(list(values.values()))
    slope = float(np.polyfit(size, value, 1)[0])
    steep = max(np.diff(value) / np.diff(size))
    points = ", ".join(f"{k:,}: {_short(v)}" for k, v in values.items())
    span = f"{min(values):,} to {max(values):,} households"
    unit = "s" if what.startswith("time") else "GiB"
    return [
        Figure(
            f"exponent, {what}",
            "Catallax, 1 thread",
            span,
            slope,
            "",
            f"least squares in logs; in {unit}, {points}",
            1.1,
            below=True,
        ),
        Figure(
            f"steepest step, {what}",
            "Catallax, 1 thread",
            span,
            float(steep),
            "",
            "between neighbouring sizes; caches end between two of them",
        ),
    ]


def _short(value: float) -> str:
    return f"{value:.{max(0, 1 - math.floor(math.log10(value)))}f}"


BENCH = Bench(
    "growth", "growth of time and memory", (1_000, 10_000, 100_000, 1_000_000), (200, 400), measure
)
