"""Named random streams: a draw depends on seed, purpose, time and position, never on call order.

Row i's number is the i-th 64-bit output of its stream, so adding rows at the end, asking for
other purposes, or running another mechanism changes nothing that was drawn before. Streams are
those of a counter-based generator (Philox, Salmon et al. 2011), keyed by a hash of seed, purpose
and time: any part of a stream can be drawn on its own, and two streams never overlap.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
import numpy.typing as npt

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.kernels import draws
from catallax.kernels.threads import over
from catallax.placement import Piece, Placement

Words = npt.NDArray[np.uint64]
Extent = int | Placement  # of a drawn array: its size, or where several runs stand in it


def size_of(extent: Extent) -> int:
    """How many numbers an array has."""
    return extent.size if isinstance(extent, Placement) else extent


@final
class StreamPart(NamedTuple):
    """A piece of an array, whose entries are drawn under their own numbers from one stream."""

    key: Words
    piece: Piece

    def fill(self, kernel: Callable[[Words, Floats, int, int], None], out: Floats) -> None:
        """Put what `kernel` draws in its places of `out`."""
        key, mine = self.key, self.piece.aligned(out)
        self.over(lambda a, b: kernel(key, mine, a, b))

    def over(self, work: Callable[[int, int], object]) -> None:
        """Call `work(first, stop)` on ranges of numbers, shared out to threads."""
        _, _, first, stop = self.piece
        over(stop - first, stop - first, lambda a, b: work(first + a, first + b))


class Draws(ABC):
    """Numbers by purpose, time and position."""

    @abstractmethod
    def parts(self, purpose: str, extent: Extent, t: int = 0) -> Iterator[StreamPart]:
        """Which streams the places of an array are drawn from.

        t : weeks or ticks; below 0 before a run is looked at

        Raises ValueError where other runs stand in the array than these numbers are for.
        """

    @final
    def uniform(self, purpose: str, extent: Extent, t: int = 0) -> Floats:
        """Uniforms on (0, 1): one 64-bit draw per position."""
        return self._drawn(draws.uniforms, purpose, extent, t)

    @final
    def normal(self, purpose: str, extent: Extent, t: int = 0) -> Floats:
        """Standard normals, by inversion so that one position takes one draw."""
        return self._drawn(draws.normals, purpose, extent, t)

    def _drawn(
        self,
        kernel: Callable[[Words, Floats, int, int], None],
        purpose: str,
        extent: Extent,
        t: int,
    ) -> Floats:
        out = np.empty(size_of(extent))
        for part in self.parts(purpose, extent, t):
            part.fill(kernel, out)
        return out


@final
@dataclass(frozen=True)
class Streams(Draws):
    """All randomness of one run.

    seed : any integer >= 0; two runs with the same seed meet the same draws.
    """

    seed: int

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise InputError(f"seed: {self.seed} is negative; seeds are non-negative whole numbers")

    def key(self, purpose: str, t: int = 0) -> Words:
        """(2,) the key of the stream for `purpose` at time `t` (weeks or ticks)."""
        # hash(str) is salted per process, so the name goes through a stable digest.
        text = f"{self.seed}/{t}/{purpose}"
        return np.frombuffer(hashlib.blake2b(text.encode(), digest_size=16).digest(), dtype="<u8")

    def parts(self, purpose: str, extent: Extent, t: int = 0) -> Iterator[StreamPart]:
        """One stream for all places."""
        if not isinstance(extent, Placement):
            piece = Piece(0, 0, 0, extent)
        elif extent.runs == 1:
            piece = extent.pieces[0]
        else:
            raise ValueError(f"streams: an array of {extent.runs} runs, but these are of one")
        yield StreamPart(self.key(purpose, t), piece)

    def generator(self, purpose: str, t: int = 0) -> np.random.Generator:
        """A generator of its own for `purpose` at time `t`."""
        return np.random.Generator(np.random.Philox(key=self.key(purpose, t)))


@final
@dataclass(frozen=True, eq=False)
class BatchStreams(Draws):
    """The randomness of several runs that stand side by side: each draws its own numbers.

    runs : the streams of each run
    """

    runs: tuple[Streams, ...]

    def parts(self, purpose: str, extent: Extent, t: int = 0) -> Iterator[StreamPart]:
        """Every piece of every run, from that run's own stream at the run's own positions."""
        if not isinstance(extent, Placement) or extent.runs != len(self.runs):
            raise ValueError(f"streams: {extent} does not say where {len(self.runs)} runs stand")
        keys = [run.key(purpose, t) for run in self.runs]
        for piece in extent.pieces:
            yield StreamPart(keys[piece.run], piece)
