"""Messages and bits by kind, sent and delivered, for every mechanism alike.

A message carries scalars from one sender to one recipient, or to all its listeners at once (a
broadcast: one send, one delivery a listener). Its bits are scalars x resolution plus log2 of the
number of parties it has to be told apart from: when sent, the recipients the sender could have
addressed (1 for a broadcast); when delivered, the senders its recipient listens to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final


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
