"""Sums of updates of which the centre sees none (Bonawitz et al. 2017)."""

from dataclasses import dataclass
from math import ceil
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.errors import InputError
from catallax.labs.federated.aggregate import NOBODY, Aggregation, Combined, Updates
from catallax.labs.federated.fixed_point import decoded, encoded
from catallax.labs.federated.keys import PUBLIC_BITS, Words
from catallax.labs.federated.protocol import exchanged
from catallax.labs.federated.shamir import SHARE_BITS
from catallax.labs.federated.tally import Tally, addressed, down, up
from catallax.protocol.settings import ASSUMED, OFF, check_settings, setting
from catallax.streams import Streams


@final
@dataclass(frozen=True)
class SecureSum(Aggregation):
    """Means weighted by examples, from sums under masks: see `protocol`.

    Noise of the line strikes what is said before it is masked. Numbers of examples are masked too.
    A round is refused, with a reason, where too few help or where a number is so large that the
    sum could run over. Raises InputError for settings out of range.
    """

    threshold: float = setting(
        2 / 3,
        "share of those asked that must help to take masks off; two at least",
        above=0,
        high=1,
        source=ASSUMED,
    )
    bits: int = setting(
        32, "size of a masked number, modulo 2^bits", unit="bits", low=8, high=63, source=ASSUMED
    )
    fraction: int = setting(
        16,
        "part of a masked number behind the point, 0 to bits - 8",
        unit="bits",
        low=0,
        high=55,
        source=ASSUMED,
    )
    silence: float = setting(
        0.0,
        "probability that a client whose update arrived does not help",
        low=0,
        high=1,
        source=OFF,
    )

    def __post_init__(self) -> None:
        check_settings(self, "secure_sum.")
        if self.fraction > self.bits - 8:
            raise InputError(
                f"secure_sum.fraction: {self.fraction} is out of range, expected 0 to "
                f"{self.bits - 8} for numbers of {self.bits} bits"
            )

    @property
    def legs(self) -> int:
        """Keys and model down, shares up and down, update up, names down, shares up.

        The keys of a round travel up with the last shares of the round before.
        """
        return 6

    def least(self, asked: int) -> int:
        """How many must help of those asked."""
        return max(2, ceil(self.threshold * asked - 1e-9))

    def combine(self, said: Updates, streams: Streams, t: int) -> Combined:
        """The weighted mean of what arrived, exact to half a step of the code for each client."""
        values = self._values(said, streams, t)
        asked = np.flatnonzero(said.drawn.asked)
        heard = np.zeros(values.shape, dtype=np.uint64)
        reason = self._refusal(values, said.counted, len(asked))
        if reason:
            return Combined(None, heard, Tally(), reason)
        luck = streams.uniform("federated/silent", len(values), t)
        sent, helps = said.counted[asked], (said.counted & (luck >= self.silence))[asked]
        words = self._encoded(values[asked])
        least = self.least(len(asked))
        total, seen = exchanged(words, asked.tolist(), sent, helps, least, self.bits, streams, t)
        heard[asked] = seen.masked
        tally = self._tally(values.shape, sent, helps)
        if total is None:
            told = f"{helps.sum()} clients helped to take masks off, expected at least {least}"
            return Combined(None, heard, tally, told)
        sums = decoded(total[:-1], self.fraction, self.bits)
        return Combined(sums / decoded(total[-1:], 0, self.bits), heard, tally)

    def _values(self, said: Updates, streams: Streams, t: int) -> Floats:
        """(C, p + 1) weighted updates, then weights."""
        change = said.carried(streams, t)
        return np.column_stack([said.weight[:, None] * change, said.weight])

    def _encoded(self, values: Floats) -> Words:
        sums = encoded(values[:, :-1], self.fraction, self.bits)
        return np.column_stack([sums, encoded(values[:, -1:], 0, self.bits)])

    def _refusal(self, values: Floats, counted: Bools, asked: int) -> str:
        """Why no sum can be formed; "" if it can."""
        if not counted.any():
            return NOBODY
        room = 2.0 ** (self.bits - 1) / asked - 1.0
        scale = np.array([2.0**self.fraction] * (values.shape[1] - 1) + [1.0])
        most = float((np.abs(values[counted]) * scale).max())
        if most <= room:
            return ""
        return (
            f"an update times its examples is {most:.3g} steps of the code and the sum of {asked} "
            f"could run over 2^{self.bits - 1}; take more bits or a smaller fraction"
        )

    def _tally(self, shape: tuple[int, ...], sent: Bools, helps: Bools) -> Tally:
        """What was said besides the model."""
        clients, size = shape
        asked, dealt = len(sent), 2 * (len(sent) - 1)
        keys = up(asked, 1, PUBLIC_BITS, clients) + down(asked, asked, PUBLIC_BITS, clients)
        shares = up(asked, dealt, SHARE_BITS, clients) + addressed(
            asked, dealt, SHARE_BITS, clients
        )
        names = down(float(sent.sum()), asked, 1.0, clients)
        handed = up(float(helps.sum()), asked, SHARE_BITS, clients)
        update = up(float(sent.sum()), size, self.bits, clients)
        said = {"keys": keys, "shares": shares, "update": update, "unmasking": names + handed}
        return Tally(said)
