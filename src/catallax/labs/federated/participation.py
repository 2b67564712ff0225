"""Who takes part in a round, who is slow and who falls silent."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats, Ints
from catallax.protocol.settings import ASSUMED, OFF, check_settings, setting
from catallax.streams import Streams


@final
@dataclass(frozen=True, eq=False)
class Turnout:
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

    Raises InputError for settings out of range.
    """

    share: float = setting(
        1.0, "part of the clients that is asked in a round", above=0, high=1, source=ASSUMED
    )
    by_coin: bool = setting(
        False,
        "whether each is asked with probability share on its own, as the accounting of privacy "
        "assumes; else round(share C) of them are, one at least",
        source=ASSUMED,
    )
    stragglers: float = setting(
        0.0,
        "probability that an asked client finishes only some of its steps: any number from 1 to "
        "all but one, 0 where one is all",
        low=0,
        high=1,
        source=OFF,
    )
    dropout: float = setting(
        0.0, "probability that an asked client never answers", low=0, high=1, source=OFF
    )

    def __post_init__(self) -> None:
        check_settings(self, "participation.")

    def draw(self, count: int, steps: int, streams: Streams, t: int) -> Turnout:
        """The fate of `count` clients in round `t`, each given `steps` to do."""
        asked = self._asked(streams.uniform("federated/asked", count, t))
        slow = streams.uniform("federated/slow", count, t) < self.stragglers
        part = np.floor(streams.uniform("federated/part", count, t) * (steps - 1)).astype(np.int64)
        some = part + 1 if steps > 1 else 0 * part
        done = np.where(asked, np.where(slow, some, steps), 0)
        lost = streams.uniform("federated/lost", count, t) < self.dropout
        return Turnout(asked, done, asked & ~lost & (done > 0))

    def _asked(self, luck: Floats) -> Bools:
        if self.by_coin:
            return np.asarray(luck < self.share)
        most = max(1, round(self.share * len(luck)))
        asked = np.zeros(len(luck), dtype=bool)
        asked[np.argsort(luck)[:most]] = True
        return asked
