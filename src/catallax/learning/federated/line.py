"""The line between clients and centre: what is said arrives blurred and rounded."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.errors import InputError
from catallax.network import Floats
from catallax.streams import Streams

FULL = 64.0  # bits of a number that is not rounded


@final
@dataclass(frozen=True)
class Line:
    """Settings.

    noise      : s.d. of the log error of the size of every number, 0 to 2; its sign is kept
    resolution : bits a number, evenly spaced between -reach and reach, 0 to 52; 0 means exact
    reach      : largest number that can be said, > 0

    The laws of `knowledge.channel`, for numbers of either sign around 0. Raises InputError for
    settings out of range.
    """

    noise: float = 0.0
    resolution: int = 0
    reach: float = 4.0

    def __post_init__(self) -> None:
        if not 0 <= self.noise <= 2:
            raise InputError(f"line: noise is {self.noise}, expected 0 to 2")
        if not 0 <= self.resolution <= 52 or self.resolution == 1:
            raise InputError(
                f"line: resolution is {self.resolution}, expected 2 to 52 bits, or 0 for exact"
            )
        if not 0 < self.reach < float("inf"):
            raise InputError(f"line: reach is {self.reach}, expected a finite number above 0")

    @property
    def bits(self) -> float:
        """Bits of one number."""
        return float(self.resolution) if self.resolution else FULL

    def carried(self, said: Floats, what: str, streams: Streams, t: int) -> Floats:
        """What arrives of `said`, any shape; `what` and the round `t` name the draws."""
        heard = said
        if self.noise > 0:
            luck = streams.normal(f"federated/line/{what}", said.size, t).reshape(said.shape)
            heard = said * np.exp(self.noise * luck)
        return self.rounded(heard)

    def rounded(self, said: Floats) -> Floats:
        """The nearest numbers that can be said."""
        if not self.resolution:
            return said
        step = self.reach / (2.0 ** (self.resolution - 1) - 1.0)
        return np.asarray(np.round(np.clip(said, -self.reach, self.reach) / step) * step)
