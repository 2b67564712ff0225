"""Nature's facts week by week: a pure function of contract and seed, never of a mechanism."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

from catallax.economy import technology_at
from catallax.knowledge import Facts, advance, draw_facts, technology
from catallax.network import Technology
from catallax.run.contract import Contract
from catallax.streams import Streams


@final
@dataclass(frozen=True, eq=False)
class Truth:
    """The facts of one week of a contract.

    t     : week
    facts : private facts in their two parts
    """

    contract: Contract
    t: int
    facts: Facts

    @staticmethod
    def first(contract: Contract, streams: Streams) -> "Truth":
        """The facts of week 0."""
        return Truth(contract, 0, draw_facts(contract.knowledge, contract.economy.network, streams))

    def next(self, streams: Streams) -> "Truth":
        """The facts of the week after."""
        t = self.t + 1
        return replace(self, t=t, facts=advance(self.contract.knowledge, streams, self.facts, t))

    @cached_property
    def whole(self) -> Technology:
        """The true technology."""
        return self._technology(tacit=True)

    @cached_property
    def sayable(self) -> Technology:
        """The technology as far as it can be put into words."""
        return self._technology(tacit=False)

    def _technology(self, *, tacit: bool) -> Technology:
        c = self.contract
        base = technology_at(c.economy, c.shocks, self.t)
        return technology(base, c.knowledge, self.facts, base.supply, tacit=tacit)


def truths(contract: Contract, seed: int) -> Iterator[Truth]:
    """The truth of every week of a run."""
    streams = Streams(seed)
    truth = Truth.first(contract, streams)
    yield truth
    for _ in range(1, contract.weeks):
        truth = truth.next(streams)
        yield truth
