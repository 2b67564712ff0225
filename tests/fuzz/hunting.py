"""Inputs by chance, each a list of pieces; of one that fails the fewest pieces are shown that do.

    python -m tests.fuzz 10000 --seed 7 --kind stores

plays 10,000 inputs of one kind, or of all. Hypothesis draws, cuts down and repeats them.
"""

import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catallax.kernels.ready import cold, prepare
from tests.fuzz.said import TOO_LONG

SLOWEST = 20  # seconds that an input may take

Pieces = Sequence[Any]


class Hangs(BaseException):
    """An input takes too long; nothing may catch it."""


@final
@dataclass(frozen=True)
class Kind:
    """Inputs of one kind.

    name   : what they are
    inputs : lists of pieces
    play   : gives the pieces to the product, in an empty folder, and raises where that does other
             than it should
    share  : of all inputs that are tried
    ready  : is done once before, and takes its time
    """

    name: str
    inputs: st.SearchStrategy[Pieces]
    play: Callable[[Pieces, Path], None]
    share: float
    ready: Callable[[], None] = lambda: None


def hunt(kind: Kind, count: int, seed: int) -> None:
    """Play `count` inputs of a kind; raises what the smallest one raises that goes wrong."""

    @hypothesis.seed(seed)
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=False,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(kind.inputs)
    def played(pieces: Pieces) -> None:
        with tempfile.TemporaryDirectory() as folder, within(SLOWEST):
            kind.play(pieces, Path(folder))
            halves = [str(p) for p in Path(folder).rglob("*.part") if p.is_file()]
            assert not halves, f"half-written: {halves}"

    if cold():  # or the first input would wait for loops
        prepare(lambda *_: None)
    kind.ready()
    played()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise Hangs in this block if it takes longer."""

    def ring(number: int, frame: object) -> None:
        raise Hangs(f"{TOO_LONG} {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
