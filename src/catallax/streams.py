"""Named random streams: a draw depends on seed, purpose, time and position, never on call order.

Row i's number is the i-th 64-bit output of its stream, so adding rows at the end, asking for
other purposes, or running another mechanism changes nothing that was drawn before. Streams are
those of a counter-based generator (Philox, Salmon et al. 2011), keyed by a hash of seed, purpose
and time: any part of a stream can be drawn on its own, and two streams never overlap.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
import numpy.typing as npt

from catallax.errors import InputError
from catallax.kernels import draws
from catallax.kernels.threads import over

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]


@final
class Part(NamedTuple):
    """Places `at` + `first` to `at` + `stop` - 1 get numbers `first` to `stop` - 1 of a stream."""

    key: Words
    at: int
    first: int
    stop: int

    def fill(self, kernel: Callable[[Words, Floats, int, int], None], out: Floats) -> None:
        """Put what `kernel` draws in its places of `out`."""
        self.over(lambda a, b: kernel(self.key, out[self.at :], a, b))

    def over(self, work: Callable[[int, int], object]) -> None:
        """Call `work(first, stop)` on ranges of numbers, shared out to threads."""
        size, first = self.stop - self.first, self.first
        over(size, size, lambda a, b: work(first + a, first + b))


class Draws(ABC):
    """Numbers by purpose, time and position."""

    @abstractmethod
    def parts(self, purpose: str, size: int, t: int = 0) -> Iterator[Part]:
        """Which streams the places of an array of `size` are drawn from.

        t : weeks or ticks, >= 0
        """

    @final
    def uniform(self, purpose: str, size: int, t: int = 0) -> Floats:
        """Uniforms on (0, 1), shape (size,): one 64-bit draw per position."""
        out = np.empty(size)
        for part in self.parts(purpose, size, t):
            part.fill(draws.uniforms, out)
        return out

    @final
    def normal(self, purpose: str, size: int, t: int = 0) -> Floats:
        """Standard normals, shape (size,), by inversion so that one position takes one draw."""
        out = np.empty(size)
        for part in self.parts(purpose, size, t):
            part.fill(draws.normals, out)
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
        """(2,) the key of the stream for `purpose` at time `t` (weeks or ticks, >= 0)."""
        # hash(str) is salted per process, so the name goes through a stable digest.
        text = f"{self.seed}/{t}/{purpose}"
        return np.frombuffer(hashlib.blake2b(text.encode(), digest_size=16).digest(), dtype="<u8")

    def parts(self, purpose: str, size: int, t: int = 0) -> Iterator[Part]:
        """One stream for all places."""
        yield Part(self.key(purpose, t), 0, 0, size)

    def generator(self, purpose: str, t: int = 0) -> np.random.Generator:
        """A generator of its own for `purpose` at time `t`."""
        return np.random.Generator(np.random.Philox(key=self.key(purpose, t)))


@final
@dataclass(frozen=True, eq=False)
class Abreast(Draws):
    """The randomness of several runs whose arrays stand side by side: each draws its own numbers.

    runs   : the streams of each run
    pieces : size of a whole array -> lengths of the pieces in which one run's entries come; the
             first pieces of all runs come first, then their second ones, and so on
    """

    runs: tuple[Streams, ...]
    pieces: Mapping[int, tuple[int, ...]]

    def parts(self, purpose: str, size: int, t: int = 0) -> Iterator[Part]:
        """Every piece of every run, from that run's own stream at the run's own positions."""
        keys = [run.key(purpose, t) for run in self.runs]
        first, count = 0, len(self.runs)
        for length in self.pieces[size]:
            for k, key in enumerate(keys):
                at = first * count + k * length  # where the piece stands in the whole
                yield Part(key, at - first, first, first + length)
            first += length
