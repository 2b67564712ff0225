"""The line between clients and centre: what is said arrives blurred and rounded, and is counted.

A message's bits are its numbers x resolution plus log2 of those it must be told apart from: when
sent, the recipients that its sender could have addressed (1 for a broadcast and for whoever talks
to the centre alone); when delivered, the senders that its recipient listens to. It is the meter's
rule for messages to a centre.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.protocol.settings import ASSUMED, OFF, check_settings, setting
from catallax.streams import Streams

FULL = 64.0  # bits of a number that is not rounded


@final
@dataclass(frozen=True)
class TrainingLine:
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


@final
@dataclass(frozen=True)
class MessageCount:
    """Counts of one kind of message; bits are not rounded."""

    sends: float = 0.0
    deliveries: float = 0.0
    scalars: float = 0.0
    bits_sent: float = 0.0
    bits_delivered: float = 0.0

    def __add__(self, other: "MessageCount") -> "MessageCount":
        return MessageCount(
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

    kinds: Mapping[str, MessageCount] = field(default_factory=dict)

    def add(self, kind: str, count: MessageCount) -> "Tally":
        """The tally after more messages of a kind."""
        return Tally({**self.kinds, kind: self.kinds.get(kind, MessageCount()) + count})

    def __add__(self, other: "Tally") -> "Tally":
        total = self
        for kind, count in other.kinds.items():
            total = total.add(kind, count)
        return total

    @property
    def total(self) -> MessageCount:
        """All kinds together."""
        return sum(self.kinds.values(), MessageCount())

    @property
    def bits(self) -> float:
        """Bits delivered, as the measure `bits` counts them."""
        return self.total.bits_delivered


def count_up(messages: float, scalars: float, bits: float, clients: int) -> MessageCount:
    """Each of `messages` clients says `scalars` numbers of `bits` each to the centre."""
    each = scalars * bits
    return MessageCount(
        messages, messages, messages * scalars, messages * each,
        messages * (each + np.log2(clients)),
    )  # fmt: skip


def count_down(messages: float, scalars: float, bits: float, clients: int) -> MessageCount:
    """The centre says `scalars` numbers to `messages` of its clients: one broadcast if to all."""
    each = scalars * bits
    if messages == clients:
        return MessageCount(1.0, messages, scalars, each, messages * each)
    return count_addressed(messages, scalars, bits, clients)


def count_addressed(messages: float, scalars: float, bits: float, clients: int) -> MessageCount:
    """The centre says `scalars` numbers, to each of `messages` clients others."""
    each = scalars * bits
    sent = messages * (each + np.log2(clients))
    return MessageCount(messages, messages, messages * scalars, sent, messages * each)
