"""Nature's facts week by week: a pure function of contract and seed, never of a mechanism."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, final

from catallax.domains.production.economy import find_technology
from catallax.domains.production.knowledge import (
    Facts,
    KnowledgeLaw,
    advance_facts,
    draw_facts,
    make_technology,
)
from catallax.domains.production.network import Technology
from catallax.domains.production.network.layout import Layout
from catallax.domains.production.network.places import Along
from catallax.domains.production.run.contract import Contract
from catallax.streams import Draws, Streams


@final
@dataclass(frozen=True, eq=False)
class KnownFacts:
    """What holds as long as nothing changes: technologies are worked out once.

    base  : the base-year technology under what has happened from outside
    facts : private facts in their two parts
    """

    law: KnowledgeLaw
    base: Technology
    facts: Facts

    @cached_property
    def whole(self) -> Technology:
        """The true technology."""
        return make_technology(self.base, self.law, self.facts, self.base.supply, tacit=True)

    @cached_property
    def sayable(self) -> Technology:
        """The technology as far as it can be put into words."""
        return make_technology(self.base, self.law, self.facts, self.base.supply, tacit=False)


@final
@dataclass(frozen=True, eq=False)
class Truth:
    """The facts of one week of a run, or of several side by side.

    contracts : of each run
    t         : week
    known     : what is true in it
    """

    contracts: Annotated[tuple[Contract, ...], Along.RUNS]
    t: int
    known: KnownFacts

    @staticmethod
    def first(contract: Contract, streams: Draws) -> "Truth":
        """The facts of the first week in which the economy settles; of week 0 if it does not."""
        t = -contract.settle
        facts = draw_facts(contract.knowledge, contract.economy.network, streams, t)
        base = find_technology(contract.economy, contract.shocks, t)
        return Truth((contract,), t, KnownFacts(contract.knowledge, base, facts))

    def under(self, contract: Contract) -> "Truth":
        """The same week's facts of a run alone, with what `contract` has happen from outside."""
        base = find_technology(contract.economy, contract.shocks, self.t)
        return Truth((contract,), self.t, KnownFacts(self.known.law, base, self.facts))

    def next(self, streams: Draws, layout: Layout) -> "Truth":
        """The facts of the week after, with what then happens from outside in each run."""
        t, known, contracts = self.t + 1, self.known, self.contracts
        facts, base = advance_facts(known.law, streams, known.facts, t, layout.places), known.base
        if any(shock.week == t for c in contracts for shock in c.shocks):
            base = layout.join([find_technology(c.economy, c.shocks, t) for c in contracts])
        if facts is known.facts and base is known.base:
            return Truth(contracts, t, known)
        return Truth(contracts, t, KnownFacts(known.law, base, facts))

    @property
    def facts(self) -> Facts:
        """Private facts in their two parts."""
        return self.known.facts

    @property
    def whole(self) -> Technology:
        """The true technology."""
        return self.known.whole

    @property
    def sayable(self) -> Technology:
        """The technology as far as it can be put into words."""
        return self.known.sayable


def draw_truths(contract: Contract, seed: int, first: int = 0) -> Iterator[Truth]:
    """The truth of every week of a run, from `first` on.

    first : week, >= -contract.settle
    """
    streams, layout = Streams(seed), Layout(contract.economy.network)
    truth = Truth.first(contract, streams)
    while truth.t < contract.weeks:
        if truth.t >= first:
            yield truth
        truth = truth.next(streams, layout)
