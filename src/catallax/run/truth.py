"""Nature's facts week by week: a pure function of contract and seed, never of a mechanism."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from catallax.economy import supply_at
from catallax.knowledge import Facts, advance, draw_facts, technology
from catallax.network import Technology
from catallax.run.contract import Contract
from catallax.streams import Streams


@final
@dataclass(frozen=True, eq=False)
class Truth:
    """The facts of one week.

    t     : week
    facts : what lies behind the whole
    whole : the true technology
    """

    t: int
    facts: Facts
    whole: Technology

    @staticmethod
    def first(contract: Contract, streams: Streams) -> "Truth":
        """The facts of week 0."""
        facts = draw_facts(contract.knowledge, contract.economy.network, streams)
        return Truth.of(contract, facts, 0)

    def next(self, contract: Contract, streams: Streams) -> "Truth":
        """The facts of the week after."""
        net, t = contract.economy.network, self.t + 1
        return Truth.of(contract, advance(contract.knowledge, net, streams, self.facts, t), t)

    @staticmethod
    def of(contract: Contract, facts: Facts, t: int) -> "Truth":
        """The truth behind `facts` in week `t`."""
        supply = supply_at(contract.economy, contract.shocks, t)
        base = contract.economy.technology
        return Truth(t, facts, technology(base, contract.knowledge, facts, supply, tacit=True))

    def sayable(self, contract: Contract) -> Technology:
        """The technology as far as it can be put into words."""
        base = contract.economy.technology
        return technology(base, contract.knowledge, self.facts, self.whole.supply, tacit=False)


def truths(contract: Contract, seed: int) -> Iterator[Truth]:
    """The truth of every week of a run."""
    streams = Streams(seed)
    truth = Truth.first(contract, streams)
    yield truth
    for _ in range(1, contract.weeks):
        truth = truth.next(contract, streams)
        yield truth
