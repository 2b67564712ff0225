"""Named random streams: a draw depends on seed, purpose, time and position, never on call order.

Row i's number is the i-th 64-bit output of its stream, so adding rows at the end, asking for
other purposes, or running another mechanism changes nothing that was drawn before. Streams are
those of a counter-based generator (Philox, Salmon et al. 2011), keyed by a hash of seed, purpose
and time: any part of a stream can be drawn on its own, and two streams never overlap.
"""

import hashlib
from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.errors import InputError
from catallax.kernels import draws
from catallax.kernels.threads import over

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]


@final
@dataclass(frozen=True)
class Streams:
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

    def generator(self, purpose: str, t: int = 0) -> np.random.Generator:
        """A generator of its own for `purpose` at time `t`."""
        return np.random.Generator(np.random.Philox(key=self.key(purpose, t)))

    def uniform(self, purpose: str, size: int, t: int = 0) -> Floats:
        """Uniforms on (0, 1), shape (size,): one 64-bit draw per position."""
        key, out = self.key(purpose, t), np.empty(size)
        over(size, size, lambda first, stop: draws.uniforms(key, out, first, stop))
        return out

    def normal(self, purpose: str, size: int, t: int = 0) -> Floats:
        """Standard normals, shape (size,), by inversion so that one position takes one draw."""
        key, out = self.key(purpose, t), np.empty(size)
        over(size, size, lambda first, stop: draws.normals(key, out, first, stop))
        return out
