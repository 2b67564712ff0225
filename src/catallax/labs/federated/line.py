"""The line between clients and centre: what is said arrives blurred and rounded."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.protocol.settings import ASSUMED, OFF, check_settings, setting
from catallax.streams import Streams

FULL = 64.0  # bits of a number that is not rounded


@final
@dataclass(frozen=True)
class Line:
    """Settings.

    The laws of `knowledge.channel`, for numbers of either sign around 0. Raises InputError for
    settings out of range.
    """

    noise: float = setting(
        0.0,
        "s.d. of the log error of the size of every number; its sign is kept",
        unit="logs",
        low=0,
        high=2,
        source=OFF,
    )
    resolution: int = setting(
        0,
        "size of a number, evenly spaced between -reach and reach: 2 or more, or 0 for exact",
        unit="bits",
        low=0,
        high=52,
        source=OFF,
    )
    reach: float = setting(4.0, "largest number that can be said", above=0, source=ASSUMED)

    def __post_init__(self) -> None:
        check_settings(self, "line.")
        if self.resolution == 1:
            raise InputError("line.resolution: 1 bit tells no sizes; give 2 to 52, or 0 for exact")

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
