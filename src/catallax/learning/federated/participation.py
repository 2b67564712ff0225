"""Who takes part in a round, who is slow and who falls silent."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.errors import InputError
from catallax.learning.track import Bools
from catallax.network import Floats, Ints
from catallax.streams import Streams


@final
@dataclass(frozen=True, eq=False)
class Drawn:
    """One round's fate of C clients.

    asked   : (C,) who was asked to take part
    steps   : (C,) steps that each one finishes in time; 0 for those not asked
    arrives : (C,) whose answer would reach the centre
    """

    asked: Bools
    steps: Ints
    arrives: Bools


@final
@dataclass(frozen=True)
class Participation:
    """Settings.

    share      : part of the clients that is asked in a round, in (0, 1]
    by_coin    : each is asked with probability `share` on its own (what the accounting of
                 privacy assumes); else round(share C) of them, one at least
    stragglers : probability that an asked client finishes only some of its steps: any number from
                 1 to all but one, 0 where one is all
    dropout    : probability that an asked client never answers

    Raises InputError for settings out of range.
    """

    share: float = 1.0
    by_coin: bool = False
    stragglers: float = 0.0
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise InputError(f"participation: share is {self.share}, expected above 0 and up to 1")
        for name in ("stragglers", "dropout"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise InputError(f"participation: {name} is {value}, expected 0 to 1")

    def draw(self, count: int, steps: int, streams: Streams, t: int) -> Drawn:
        """The fate of `count` clients in round `t`, each given `steps` to do."""
        asked = self._asked(streams.uniform("federated/asked", count, t))
        slow = streams.uniform("federated/slow", count, t) < self.stragglers
        part = np.floor(streams.uniform("federated/part", count, t) * (steps - 1)).astype(np.int64)
        some = part + 1 if steps > 1 else 0 * part
        done = np.where(asked, np.where(slow, some, steps), 0)
        lost = streams.uniform("federated/lost", count, t) < self.dropout
        return Drawn(asked, done, asked & ~lost & (done > 0))

    def _asked(self, luck: Floats) -> Bools:
        if self.by_coin:
            return np.asarray(luck < self.share)
        most = max(1, round(self.share * len(luck)))
        asked = np.zeros(len(luck), dtype=bool)
        asked[np.argsort(luck)[:most]] = True
        return asked
