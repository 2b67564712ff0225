"""The state of a run, what never changes in it, and how it begins."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from catallax.economy import Economy, State, announced, start
from catallax.errors import CatallaxError
from catallax.knowledge import (
    Meter,
    Post,
    public_technology,
    reference,
)
from catallax.mechanisms import Mechanism
from catallax.network import Floats, Public, Table, View
from catallax.optimum import Settled, solve
from catallax.run.contract import Contract
from catallax.run.oracle import Oracle
from catallax.run.truth import Truth
from catallax.run.views import facts, mailbox, seen
from catallax.streams import Abreast, Draws, Streams


@final
@dataclass(frozen=True, eq=False)
class Setup:
    """What stays the same in a run.

    beside : seeds of the runs, where the contract's economy is several side by side; of no
             account in a run alone
    """

    contract: Contract
    mechanism: Mechanism | Oracle
    seed: int
    beside: tuple[int, ...] = ()

    @property
    def economy(self) -> Economy:
        """The economy of the contract."""
        return self.contract.economy

    @cached_property
    def streams(self) -> Draws:
        """All randomness of the run."""
        if not self.beside:
            return Streams(self.seed)
        return Abreast(tuple(Streams(s) for s in self.beside), self.economy.network.pieces)

    @cached_property
    def public(self) -> Public:
        """What everybody knows."""
        e, channel = self.economy, self.contract.channel
        noises = {kind: law.error for kind, law in channel.kinds}
        return Public(
            network=e.network,
            base=public_technology(e.technology),
            income=e.income,
            output=e.output,
            flow=e.flow,
            rounds=channel.rounds,
            noise=channel.centre.error,
            delay=channel.centre.delay,
            weeks=self.contract.weeks,
            announced=announced(e, self.contract.shocks),
            noises=noises,
            decay=e.decay,
        )

    @cached_property
    def silent(self) -> dict[str, Floats]:
        """(n,) per line and kind of its own: NaN for rows that cannot send, 0 for the others."""
        channel, n = self.contract.channel, self.economy.network.n
        laws = {"line": channel.line, "centre": channel.centre}
        laws |= {f"centre/{kind}": law for kind, law in channel.kinds}
        return {
            name: np.where(self.streams.uniform(f"coverage/{name}", n) < law.coverage, 0.0, np.nan)
            for name, law in laws.items()
        }


@final
@dataclass(frozen=True, eq=False)
class World:
    """Where a run stands.

    truth        : this week's facts
    state        : stocks and money at the start of the week
    quotes       : posted prices on their way to buyers
    reports      : mail on its way to the centre
    directives   : mail on its way to the rows
    said, done   : agents' memories
    memory       : the centre's or the oracle's memory
    meter        : what was said so far
    tick         : since the start of the run
    """

    truth: Truth
    state: State
    quotes: Post
    reports: Post
    directives: Post
    said: Table
    done: Table
    memory: object
    meter: Meter
    tick: int = 0

    @property
    def t(self) -> int:
        """Week."""
        return self.truth.t


class Unsolved(CatallaxError):
    """No optimum to begin from; `simulate` makes it a recorded result."""


def begin(setup: Setup) -> World:
    """The first week of a run: stocks of the optimum of its facts, public beliefs, no mail.

    Raises Unsolved when that optimum is not found.
    """
    contract, economy = setup.contract, setup.economy
    truth = Truth.first(contract, setup.streams)
    best = solve(truth.whole.untaxed, economy.income)
    if best.stop is not Settled.CONVERGED:
        raise Unsolved(f"{economy.name}: the optimum to begin from was not found")
    public = reference(setup.public, getattr(setup.mechanism, "kinds", ()))
    post, table = Post.empty(public), Table()
    state = start(economy, best, backlog=contract.backlog)
    world = World(truth, state, post, post, post, table, table, None, Meter())
    if isinstance(setup.mechanism, Oracle):
        return replace(world, memory=best)
    said, done = setup.mechanism.agents.start(view_of(setup, world, tacit=False))
    centre = setup.mechanism.centre
    memory = (
        None
        if centre is None
        else centre.start(setup.public, Streams(setup.seed).generator("centre"))
    )
    return replace(world, said=said, done=done, memory=memory)


def view_of(setup: Setup, world: World, *, tacit: bool) -> View:
    """What agents see: with `tacit` to act on, without to speak from."""
    known = world.truth.whole if tacit else world.truth.sayable
    week, streams = world.t, setup.streams
    size = setup.economy.network.n
    return View(
        rows=setup.economy.network.rows,
        facts=facts(known),
        seen=seen(setup.economy, world.state),
        inbox=mailbox(world.directives.inbox, world.quotes.inbox),
        t=week,
        draw=lambda purpose: streams.uniform(f"agents/{purpose}", size, week),
        noise=setup.contract.channel.centre.error,
    )
