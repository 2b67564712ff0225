"""Where a run stands, or several that go side by side."""

from dataclasses import dataclass
from typing import Annotated, final

from catallax.domains.production.economy import State
from catallax.domains.production.knowledge import MessageCounts, Meter, Post
from catallax.domains.production.network import Table
from catallax.domains.production.network.places import Along
from catallax.domains.production.run.truth import Truth


@final
@dataclass(frozen=True, eq=False)
class World:
    """Where a run stands. Of several, every array holds all of them (`network.layout`).

    truth         : this week's facts
    state         : stocks and money at the start of the week
    quotes        : posted prices on their way to buyers
    bids          : bids on their way to owners of endowments
    reports       : mail on its way to the centre
    directives    : mail on its way to the rows
    report_memory : what agents remember to speak from
    act_memory    : what agents remember to act on
    memories      : for each run what its centre or its oracle remembers
    counts        : what was said so far
    tick          : since the start of week 0; below 0 while the economy settles
    """

    truth: Truth
    state: State
    quotes: Post
    bids: Post
    reports: Post
    directives: Post
    report_memory: Table
    act_memory: Table
    memories: Annotated[tuple[object, ...], Along.RUNS]
    counts: MessageCounts
    tick: int = 0

    @property
    def t(self) -> int:
        """Week."""
        return self.truth.t

    @property
    def memory(self) -> object:
        """What the centre or the oracle of a run alone remembers; ValueError if there are more."""
        (memory,) = self.memories
        return memory

    @property
    def meter(self) -> Meter:
        """What a run alone has said so far; of several, the first."""
        return self.counts.meter()
