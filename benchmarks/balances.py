"""A plan for 50,000 + 5,000 goods with 2,000 inputs each: balances, and the best plan."""

from collections.abc import Sequence
from typing import Any

from benchmarks.figure import Figure
from benchmarks.session import Session
from benchmarks.spec import Bench

CONSUMER = 10  # producer goods for each consumer good
INPUTS = 2_000
MOST = 5.7  # seconds, assembly included
TARGETS = {"balances: both": MOST, "balances, shuffled: both": MOST}


def measure(sizes: Sequence[int], session: Session) -> list[Figure]:
    """All records of `benchmarks.leontief`, from a process of their own on two threads."""
    return [f for size in sizes for f in _at(size, session)]


def _at(goods: int, session: Session) -> list[Figure]:
    final, inputs = goods // CONSUMER, min(INPUTS, goods // 12)
    asked: dict[str, Any] = {"sizes": [60, 120], "checks": [60]} if session.smoke else {}
    found = session.child("balances", threads=2, goods=goods, final=final, inputs=inputs, **asked)
    size = f"{goods:,} + {final:,} goods, {inputs:,} inputs each"
    return [
        Figure(name, "Catallax, 2 threads", size, value, unit, note, TARGETS.get(name), below=True)
        for name, value, unit, note in found["records"]
    ]


BENCH = Bench("balances", "a plan for 55,000 goods", (50_000,), (100,), measure)
