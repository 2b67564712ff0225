"""Named random streams: a draw depends on seed, purpose, time and position, never on call order.

Row i's number is the i-th 64-bit output of its stream, so adding rows at the end, asking for
other purposes, or running another mechanism changes nothing that was drawn before.
"""

import hashlib
from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from catallax.errors import InputError

Floats = npt.NDArray[np.float64]


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

    def generator(self, purpose: str, t: int = 0) -> np.random.Generator:
        """A generator of its own for `purpose` at time `t` (weeks or ticks, >= 0)."""
        # hash(str) is salted per process, so the name goes through a stable digest.
        digest = hashlib.blake2b(purpose.encode(), digest_size=16).digest()
        words = np.frombuffer(digest, dtype="<u4").tolist()
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, t, *words])))

    def uniform(self, purpose: str, size: int, t: int = 0) -> Floats:
        """Uniforms on (0, 1), shape (size,): one 64-bit draw per position."""
        u = self.generator(purpose, t).random(size)
        return np.asarray(np.maximum(u, 2.0**-54), dtype=np.float64)

    def normal(self, purpose: str, size: int, t: int = 0) -> Floats:
        """Standard normals, shape (size,), by inversion so that one position takes one draw."""
        return np.asarray(ndtri(self.uniform(purpose, size, t)), dtype=np.float64)
