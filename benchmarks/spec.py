"""What a benchmark is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

from benchmarks.figure import Figure
from benchmarks.session import Session

Measure = Callable[[Sequence[int], Session], list[Figure]]


@final
@dataclass(frozen=True)
class Bench:
    """One row of the table: what is measured, at which sizes, and how.

    name    : as on the command line
    title   : the work, in a few words
    sizes   : sizes of the real run
    tiny    : sizes of a smoke run
    measure : (sizes, session) -> figures; pure but for the time that passes
    peers   : peers whose environments it uses; without them their figures are left out
    """

    name: str
    title: str
    sizes: tuple[int, ...]
    tiny: tuple[int, ...]
    measure: Measure
    peers: tuple[str, ...] = ()
