"""Ten years of weeks of a market with a million households."""

import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.figure import Figure
from benchmarks.machine import machine
from benchmarks.session import Session
from benchmarks.spec import Bench

YEARS, WEEKS = 10, 520
PATIENCE = 300.0  # seconds: longer ten years are scaled up from a part, unless in full


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """Time and memory of 520 weeks, in full if that takes less than five minutes."""
    return [f for size in sizes for f in [*_calm(size, session), *_default(size, session)]]


def _calm(households: int, session: Session) -> list[Figure]:
    part = _weeks(households, 4 if session.smoke else 12, "calm", session)
    whole = WEEKS * statistics.median(part["seconds"])
    room = part["peak"] + part["grows"] * WEEKS < (machine()["ram_gib"] or np.inf) / 2
    if not session.smoke and room and (session.full or whole < PATIENCE):
        part = _weeks(households, WEEKS, "calm", session)
    size = f"town:{households}"
    return [
        Figure(
            "ten years of market",
            "Catallax, 2 threads",
            size,
            _scaled(part),
            "s",
            f"{_how(part)}; still facts, exact messages",
            60.0,
            below=True,
        ),
        Figure(
            "peak memory",
            "Catallax, 2 threads",
            size,
            part["peak"] + max(part["grows"], 0.0) * (WEEKS - 1 - len(part["seconds"])),
            "GiB",
            f"of the whole process, economy and recording included; {_how(part)}, "
            f"growing by {1024 * part['grows']:.1f} MiB a week",
            4.0,
            below=True,
        ),
        Figure(
            "until the first week is over",
            "Catallax, 2 threads",
            size,
            part["first"],
            "s",
            "once: the optimum to begin from, and what is compiled; not in the ten years",
        ),
        Figure(
            "building the economy",
            "Catallax, 2 threads",
            size,
            part["build"],
            "s",
            "once; not in the ten years",
        ),
    ]


def _default(households: int, session: Session) -> list[Figure]:
    part = _weeks(households, 4 if session.smoke else 8, "default", session)
    return [
        Figure(
            "ten years of market, default knowledge and channel",
            "Catallax, 2 threads",
            f"town:{households}",
            _scaled(part),
            "s",
            f"{_how(part)}; tastes drift and every message has noise",
        )
    ]


def _weeks(households: int, weeks: int, contract: str, session: Session) -> dict[str, Any]:
    economy = f"town:{households}"
    return session.child("weeks", threads=2, economy=economy, weeks=weeks, contract=contract)


def _scaled(part: dict[str, Any]) -> float:
    seconds: list[float] = part["seconds"]
    if len(seconds) == WEEKS - 1:
        return sum(seconds) * WEEKS / (WEEKS - 1)
    return WEEKS * statistics.median(seconds)


def _how(part: dict[str, Any]) -> str:
    count = len(part["seconds"])
    return "all weeks run" if count == WEEKS - 1 else f"520 × the median of {count} weeks"


BENCH = Bench("ten_years", "ten years weekly", (1_000_000,), (200,), measure)
