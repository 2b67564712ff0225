"""Runs that go on side by side, until each has ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from catallax.domains.production.economy import start_state
from catallax.domains.production.knowledge import (
    MessageCounts,
    Meter,
    Post,
    make_bid_reference,
    make_reference,
)
from catallax.domains.production.network import Table
from catallax.domains.production.optimum import Settled, solve
from catallax.domains.production.run.log import Log
from catallax.domains.production.run.oracle import Oracle
from catallax.domains.production.run.record import Stop
from catallax.domains.production.run.setup import Setup, set_side_by_side
from catallax.domains.production.run.truth import Truth
from catallax.domains.production.run.views import make_view
from catallax.domains.production.run.world import World
from catallax.errors import CatallaxError
from catallax.streams import Streams


class Unsolved(CatallaxError):
    """No optimum to begin from; `simulate` makes it a recorded result."""


def begin(setup: Setup) -> World:
    """The first week of a run alone: stocks of its facts' optimum, public beliefs, no mail.

    It is the first in which the economy settles, `-contract.settle`.

    Raises Unsolved when that optimum is not found.
    """
    contract, economy = setup.contract, setup.economy
    truth = Truth.first(contract, setup.streams)
    best = solve(truth.whole.untaxed, economy.income)
    if best.stop is not Settled.CONVERGED:
        raise Unsolved(f"{economy.name}: the optimum to begin from was not found")
    public = make_reference(setup.public, getattr(setup.mechanism, "kinds", ()))
    tick = -contract.settle * contract.channel.rounds
    post, table = replace(Post.empty(public), now=tick), Table()
    state = start_state(economy, best, backlog=contract.backlog)
    bids = replace(Post.empty(make_bid_reference(setup.public)), now=tick)
    world = World(
        truth, state, post, bids, post, post, table, table, (None,), MessageCounts(), tick
    )
    if isinstance(setup.mechanism, Oracle):
        return replace(world, memories=(best,))
    say, do = setup.mechanism.agents.start(make_view(setup, world, tacit=False))
    world = replace(world, report_memory=say, act_memory=do)
    if setup.centre is None:
        return world
    memory = setup.centre.start(setup.public, Streams(setup.seed).generator("centre"))
    return replace(world, memories=(memory,))


@final
@dataclass(frozen=True, eq=False)
class Batch:
    """Runs that go on side by side, at least one.

    setup : what stays the same in them
    world : where they stand
    logs  : one a run
    """

    setup: Setup
    world: World
    logs: tuple[Log, ...]

    def end(self, why: Mapping[int, tuple[Stop, str]]) -> list["Batch"]:
        """The batch of runs that go on when those named have ended for their reasons, if any do."""
        for run, (stop, reason) in why.items():
            self.logs[run].ended = self.world.counts.meter(run), stop, reason
        going = [run for run in range(len(self.logs)) if run not in why]
        if not why or not going:
            return [self] if going else []
        setup = set_side_by_side(tuple(self.setup.runs[run] for run in going))
        worlds = self.setup.layout.split(self.world)
        world = setup.layout.join([worlds[run] for run in going])
        return [Batch(setup, world, tuple(self.logs[run] for run in going))]

    def apart(self) -> list["Batch"]:
        """Every run as a batch of its own."""
        worlds = self.setup.layout.split(self.world)
        alone = zip(self.setup.runs, worlds, self.logs, strict=True)
        return [Batch(setup, world, (log,)) for setup, world, log in alone]


def begin_batch(setups: Sequence[Setup], logs: Sequence[Log]) -> list[Batch]:
    """The batch of runs that can begin, in their first week, if any can; the others have ended."""
    begun: list[tuple[Setup, World, Log]] = []
    for setup, log in zip(setups, logs, strict=True):
        try:
            begun.append((setup, begin(setup), log))
        except Unsolved as e:
            log.ended = Meter(), Stop.UNSOLVED, str(e)
    return join_runs(begun)


def join_runs(runs: Sequence[tuple[Setup, World, Log]]) -> list[Batch]:
    """The batch of runs, each with its world and log, if there are any."""
    if not runs:
        return []
    going, worlds, logs = zip(*runs, strict=True)
    setup = set_side_by_side(going)
    return [Batch(setup, setup.layout.join(worlds), logs)]
