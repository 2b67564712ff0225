"""Messages and bits by kind, sent and delivered, for every mechanism alike.

A message carries scalars from one sender to one recipient, or to all its listeners at once (a
broadcast: one send, one delivery a listener). Its bits are scalars x resolution plus log2 of the
number of parties it has to be told apart from: when sent, the recipients the sender could have
addressed (1 for a broadcast); when delivered, the senders its recipient listens to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.network.places import RunFlags, RunFloats


@final
@dataclass(frozen=True)
class Traffic:
    """Counts of one kind of message; bits are not rounded."""

    sends: float = 0.0
    deliveries: float = 0.0
    bits_sent: float = 0.0
    bits_delivered: float = 0.0

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(
            self.sends + other.sends,
            self.deliveries + other.deliveries,
            self.bits_sent + other.bits_sent,
            self.bits_delivered + other.bits_delivered,
        )


@final
@dataclass(frozen=True)
class Meter:
    """What a run has said so far, by kind of message."""

    kinds: Mapping[str, Traffic] = field(default_factory=dict)

    def add(self, kind: str, traffic: Traffic) -> "Meter":
        """The meter after more traffic of a kind."""
        return Meter({**self.kinds, kind: self.kinds.get(kind, Traffic()) + traffic})

    @property
    def total(self) -> Traffic:
        """All kinds together."""
        return sum(self.kinds.values(), Traffic())


@final
@dataclass(frozen=True, eq=False)
class MessageCounts:
    """The meters of runs that go side by side.

    counts : kind -> (4, runs) sends, deliveries, bits sent and bits delivered so far
    said   : kind -> (runs,) whether such a message was sent in a run, were it an empty one
    """

    counts: Mapping[str, RunFloats] = field(default_factory=dict)
    said: Mapping[str, RunFlags] = field(default_factory=dict)

    def sent(
        self, kind: str, number: RunFloats, bits: RunFloats, by: RunFlags | None = None
    ) -> "MessageCounts":
        """The counts after `number` (runs,) more messages; `by`: in which runs, None for all."""
        more = np.ones(len(number), dtype=bool) if by is None else by
        said = {**self.said, kind: more | self.said.get(kind, False)}
        return MessageCounts(self._added(kind, 0, number, bits), said)

    def heard(self, kind: str, number: RunFloats, bits: RunFloats) -> "MessageCounts":
        """The counts after `number` (runs,) more deliveries."""
        return MessageCounts(self._added(kind, 1, number, bits), self.said)

    def meter(self, run: int = 0) -> Meter:
        """What one run has said so far."""
        return Meter(
            {
                kind: Traffic(*flows[:, run].tolist())
                for kind, flows in self.counts.items()
                if kind in self.said and self.said[kind][run]
            }
        )

    def _added(
        self, kind: str, way: int, number: RunFloats, bits: RunFloats
    ) -> dict[str, npt.NDArray[np.float64]]:
        before = self.counts.get(kind)
        after = np.zeros((4, len(number))) if before is None else before.copy()
        after[way] += number
        after[way + 2] += bits
        return {**self.counts, kind: after}
