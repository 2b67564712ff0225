"""Messages, numbers and bits of training, by kind: the meter's rule for messages to a centre.

A message's bits are its numbers x resolution plus log2 of those it must be told apart from: when
sent, the recipients that its sender could have addressed (1 for a broadcast and for whoever talks
to the centre alone); when delivered, the senders that its recipient listens to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np


@final
@dataclass(frozen=True)
class Count:
    """Counts of one kind of message; bits are not rounded."""

    sends: float = 0.0
    deliveries: float = 0.0
    scalars: float = 0.0
    bits_sent: float = 0.0
    bits_delivered: float = 0.0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.sends + other.sends,
            self.deliveries + other.deliveries,
            self.scalars + other.scalars,
            self.bits_sent + other.bits_sent,
            self.bits_delivered + other.bits_delivered,
        )


@final
@dataclass(frozen=True)
class Tally:
    """What was said so far, by kind: "model", "update", "data", "keys", "shares", "unmasking"."""

    kinds: Mapping[str, Count] = field(default_factory=dict)

    def add(self, kind: str, count: Count) -> "Tally":
        """The tally after more messages of a kind."""
        return Tally({**self.kinds, kind: self.kinds.get(kind, Count()) + count})

    def __add__(self, other: "Tally") -> "Tally":
        total = self
        for kind, count in other.kinds.items():
            total = total.add(kind, count)
        return total

    @property
    def total(self) -> Count:
        """All kinds together."""
        return sum(self.kinds.values(), Count())

    @property
    def bits(self) -> float:
        """Bits delivered, as the measure `bits` counts them."""
        return self.total.bits_delivered


def up(messages: float, scalars: float, bits: float, clients: int) -> Count:
    """Each of `messages` clients says `scalars` numbers of `bits` each to the centre."""
    each = scalars * bits
    return Count(
        messages, messages, messages * scalars, messages * each,
        messages * (each + np.log2(clients)),
    )  # fmt: skip


def down(messages: float, scalars: float, bits: float, clients: int) -> Count:
    """The centre says `scalars` numbers to `messages` of its clients: one broadcast if to all."""
    each = scalars * bits
    if messages == clients:
        return Count(1.0, messages, scalars, each, messages * each)
    return addressed(messages, scalars, bits, clients)


def addressed(messages: float, scalars: float, bits: float, clients: int) -> Count:
    """The centre says `scalars` numbers, to each of `messages` clients others."""
    each = scalars * bits
    sent = messages * (each + np.log2(clients))
    return Count(messages, messages, messages * scalars, sent, messages * each)
