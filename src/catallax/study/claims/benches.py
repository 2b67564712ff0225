"""What claims are tried on that is no run of a mechanism: a bench, found by its name."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from catallax.errors import unknown
from catallax.protocol import AbstractContract, Measured, Value

BenchFunction = Callable[[Mapping[str, Value], AbstractContract | None, int], Measured]
"""(axes of a place, its contract if it has one, seed) -> what was found."""

BENCHES: Mapping[str, str] = dict.fromkeys(
    ("training_time", "training_bits", "price_gap", "price_bits", "skill"), "catallax.labs.benches"
)
"""Name of a bench -> the module with its function, read when it is first tried."""


def bench_named(name: str) -> BenchFunction:
    """The bench called `name`; InputError lists the known ones."""
    check_bench(name)
    found: Any = getattr(import_module(BENCHES[name]), name)
    return found  # type: ignore[no-any-return]


def check_bench(name: str) -> None:
    """Raise InputError that lists the known ones for a name that no bench has."""
    if name not in BENCHES:
        raise unknown("bench", name, BENCHES)
