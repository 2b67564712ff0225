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

from catallax.domains.production.network.places import RunFlags, RunFloats


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
    silent : kind -> (runs,) in which runs no such message was ever sent, not even an empty one;
             left out where it was sent in all
    """

    counts: Mapping[str, RunFloats] = field(default_factory=dict)
    silent: Mapping[str, RunFlags] = field(default_factory=dict)

    def add_sends(
        self, kind: str, number: RunFloats, bits: RunFloats, by: RunFlags | None = None
    ) -> "MessageCounts":
        """The counts after `number` (runs,) more messages.

        by : in which runs any such message was sent; None for all
        """
        silent = self.silent
        if by is not None:
            before = silent.get(kind, np.array(kind not in self.counts))
            silent = {**silent, kind: before & ~by}
        none = np.zeros(len(number))
        return MessageCounts(self._added(kind, np.array([number, none, bits, none])), silent)

    def add_deliveries(self, kind: str, number: RunFloats, bits: RunFloats) -> "MessageCounts":
        """The counts after `number` (runs,) more deliveries."""
        none = np.zeros(len(number))
        return MessageCounts(self._added(kind, np.array([none, number, none, bits])), self.silent)

    def add_exchanges(
        self, kind: str, number: RunFloats, bits_sent: RunFloats, bits_delivered: RunFloats
    ) -> "MessageCounts":
        """The counts after `number` (runs,) more messages that arrived as they were sent."""
        flows = np.array([number, number, bits_sent, bits_delivered])
        return MessageCounts(self._added(kind, flows), self.silent)

    def meter(self, run: int = 0) -> Meter:
        """What one run has said so far."""
        return Meter(
            {
                kind: Traffic(*flows[:, run].tolist())
                for kind, flows in self.counts.items()
                if kind not in self.silent or not self.silent[kind][run]
            }
        )

    def _added(self, kind: str, flows: RunFloats) -> dict[str, npt.NDArray[np.float64]]:
        before = self.counts.get(kind)
        return {**self.counts, kind: flows if before is None else before + flows}
