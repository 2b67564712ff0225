"""Many runs at once: runs of one mechanism that differ by seed or shocks, side by side.

The runs become one run of an economy in which every row and link stands once for each of them, so
that Python and NumPy are called once for all. Rows are shown their own entries only, so they say
and do what they would alone; what is not worked out row by row (random streams, sums, meters,
centres, oracles, recordings) is done run by run. Every run has the bits that `simulate` gives it.
"""

import time
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any, cast, final

import numpy as np

from catallax.economy import fault, technology_at
from catallax.errors import CatallaxError
from catallax.knowledge import Meter
from catallax.network import Act, Floats, Inbox, Lazy, Table
from catallax.optimum import Optimum
from catallax.run.deeds import Dealt, act, dealt_with
from catallax.run.log import Log
from catallax.run.mail import check_mail
from catallax.run.oracle import Oracle
from catallax.run.record import Run
from catallax.run.sides import Sides
from catallax.run.simulate import finished
from catallax.run.stop import Stop
from catallax.run.ticks import close_tick, open_tick
from catallax.run.traffic import Asked, orders
from catallax.run.union import Union, meter_of
from catallax.run.world import Setup, Unsolved, World, begin

TOLD = ("directive", "audit")  # kinds of message that only some runs' centres may have sent


@final
class Misshapen(CatallaxError):
    """An act of all runs that has no part for each: whose fault it is shows in a run alone."""


@final
class Stack:
    """Runs that go on together until each has ended.

    setups : of the runs: one economy, mechanism, channel, knowledge, behaviour and length
    logs   : one a run
    """

    def __init__(self, setups: Sequence[Setup], logs: Sequence[Log]) -> None:
        self.began = time.perf_counter()
        self.setups, self.logs = list(setups), list(logs)
        self.ended: dict[int, Run] = {}
        self.told: list[set[str]] = [set() for _ in setups]
        self.going = list(range(len(setups)))  # positions of the runs that stand side by side

    def run(self) -> list[Run]:
        """All weeks of all runs; raises Misshapen."""
        worlds = {k: world for k in list(self.going) if (world := self._begun(k)) is not None}
        self.going = list(worlds)
        if self.going:
            self._weeks(list(worlds.values()))
        return [self.ended[k] for k in range(len(self.setups))]

    def _begun(self, k: int) -> World | None:
        try:
            return begin(self.setups[k])
        except Unsolved as e:
            self._end(k, Meter(), Stop.UNSOLVED, str(e))
            return None

    def _weeks(self, worlds: list[World]) -> None:
        world = self._join(worlds)
        for t in range(self.setups[0].contract.weeks):
            world = self._week(world, t)
            if not self.going:
                return
        for at, k in enumerate(self.going):
            self._end(k, self._meter(world, at), Stop.COMPLETED, "")

    def _join(self, worlds: Sequence[World]) -> World:
        """The runs that are still going, side by side."""
        first = self.setups[self.going[0]]
        self.union = Union(first.economy, len(self.going))
        contract = replace(first.contract, economy=self.union.whole, shocks=())
        seeds = tuple(self.setups[k].seed for k in self.going)
        self.setup = Setup(contract, first.mechanism, first.seed, seeds)
        world = self.union.join(worlds)
        return replace(world, truth=replace(world.truth, contract=contract))

    def _meter(self, world: World, at: int) -> Meter:
        """The counts of one run: without kinds of message that its centre never sent."""
        kinds = meter_of(world.meter, at).kinds
        told = self.told[self.going[at]]
        return Meter({kind: t for kind, t in kinds.items() if kind not in TOLD or kind in told})

    def _end(self, k: int, meter: Meter, stop: Stop, reason: str) -> None:
        seconds = (time.perf_counter() - self.began) / len(self.setups)
        self.ended[k] = finished(self.setups[k], self.logs[k], meter, stop, reason, seconds)

    def _week(self, world: World, t: int) -> World:
        """One week of the timetable, of all runs; those that cannot go on are ended."""
        for _ in range(self.setup.contract.channel.rounds):
            world = open_tick(self.setup, world)
            directive, world = self._decide(world)
            world = close_tick(self.setup, world, directive)
        deed, world, wrong = self._act(world)
        if wrong:
            for at, (stop, reason) in wrong.items():
                self._end(self.going[at], self._meter(world, at), stop, f"week {t}: {reason}")
            world, deed = self._without(world, deed, set(wrong))
        if not self.going:
            return world
        before = world
        world, dealt = dealt_with(self.setup, world, cast(Act, deed))
        world = self._shocked(world)
        self._keep(before, dealt, world)
        return world

    def _without(self, world: World, deed: Act, stopped: set[int]) -> tuple[World, Act]:
        """The runs that go on, side by side without the others."""
        left = [at for at in range(len(self.going)) if at not in stopped]
        self.going = [self.going[at] for at in left]
        if not left:
            return world, deed
        worlds = [self.union.cut(world, at) for at in left]
        deeds = [self.union.cut(deed, at) for at in left]
        return self._join(worlds), self.union.join(deeds)

    # ------------------------------------------------------------ what each run does on its own

    def _decide(self, world: World) -> tuple[Table | None, World]:
        """What every run's centre says, as one directive; NaN for those that say nothing."""
        mechanism = self.setup.mechanism
        centre = None if isinstance(mechanism, Oracle) else mechanism.centre
        if isinstance(mechanism, Oracle) or centre is None:
            return None, world
        memories, told = list(cast(tuple[Any, ...], world.memory)), list[Table | None]()
        sides = Sides(self.union)
        for at, k in enumerate(self.going):
            heard = self._heard(world, sides, at)
            directive, memories[at] = centre.decide(heard, world.tick, memories[at])
            if directive is not None:
                check_mail(directive, mechanism, self.union.one, "decide")
            self.logs[k].decided(cast(World, sides.of(world, at)), directive)
            self.told[k] |= set() if directive is None else set(orders(directive))
            told.append(directive)
        return self._one(told), replace(world, memory=tuple(memories))

    def _heard(self, world: World, sides: Sides, at: int) -> Inbox:
        """The inbox of one run's centre."""
        post, of = world.reports, sides.of

        def age(sent: Floats) -> Floats:
            return float(post.now) - cast(Floats, of(sent, at))

        def table(of_kind: Any, columns: Table) -> Table:
            row, link = (
                Lazy({k: partial(of_kind, v) for k, v in c.items()})
                for c in (columns.row, columns.link)
            )
            return Table(row, link)

        return Inbox(table(lambda v: of(v, at), post.value), table(age, post.sent))

    def _one(self, told: Sequence[Table | None]) -> Table | None:
        """One directive of all."""
        if all(part is None for part in told):
            return None
        said = [part or Table() for part in told]
        net = self.union.one
        return Table(
            self._columns([part.row for part in said], net.n),
            self._columns([part.link for part in said], net.m),
        )

    def _columns(self, parts: Sequence[Any], size: int) -> dict[str, Floats]:
        silent = np.full(size, np.nan)
        kinds = dict.fromkeys(kind for part in parts for kind in part)
        return {k: self.union.join([part.get(k, silent) for part in parts]) for k in kinds}

    def _act(self, world: World) -> tuple[Any, World, dict[int, tuple[Stop, str]]]:
        """What everybody does, and by position why runs cannot go on."""
        if isinstance(self.setup.mechanism, Oracle):
            return self._foreseen(self.setup.mechanism, world)
        deed, world = act(self.setup, world)
        if deed is None:
            reason = Stop.BAD_ACT, "act returned None, expected an Act"
            return None, world, dict.fromkeys(range(len(self.going)), reason)
        return deed, world, self._faults(world, deed)

    def _faults(self, world: World, deed: Act) -> dict[int, tuple[Stop, str]]:
        """By position of a run what is wrong with its acts."""
        net = self.union.whole.network
        shapes = ((deed.ask, net.m), (deed.use, net.m), (deed.price, net.n))
        if any(x is not None and x.shape != (size,) for x, size in shapes):
            raise Misshapen
        if fault(self.union.whole, world.state, deed) is None:
            return {}
        one, cut = self.setups[self.going[0]].economy, self.union.cut
        found = {
            at: fault(one, cut(world.state, at), cut(deed, at)) for at in range(len(self.going))
        }
        return {at: (Stop.BAD_ACT, wrong) for at, wrong in found.items() if wrong is not None}

    def _foreseen(
        self, oracle: Oracle, world: World
    ) -> tuple[Any, World, dict[int, tuple[Stop, str]]]:
        """What an oracle does in each run."""
        memories, deeds, wrong = list(cast(tuple[Any, ...], world.memory)), [], {}
        truth, net, reason = world.truth.whole, self.union.one, "no optimum of the true facts"
        for at, k in enumerate(self.going):
            parts = self.union.cut(truth, at), self.union.cut(world.state, at)
            economy = self.setups[k].economy
            done, memories[at] = oracle.act(economy, *parts, cast(Optimum, memories[at]))
            if done is None:
                wrong[at] = Stop.UNSOLVED, f"{reason} was found"
            deeds.append(done or Act(np.zeros(net.m)))
        world = replace(world, memory=tuple(memories))
        deed = self.union.join(deeds)
        return deed, world, wrong or self._faults(world, deed)

    def _shocked(self, world: World) -> World:
        """The week's truth with what happens from outside in each run."""
        t, contracts = world.t, [self.setups[k].contract for k in self.going]
        if not any(shock.week == t for c in contracts for shock in c.shocks):
            return world
        bases = [technology_at(c.economy, c.shocks, t) for c in contracts]
        known = replace(world.truth.known, base=self.union.join(bases))
        return replace(world, truth=replace(world.truth, known=known))

    def _keep(self, before: World, dealt: Dealt, after: World) -> None:
        """Every run's own log of the week."""
        sides = Sides(self.union)
        asks = np.array([getattr(dealt.asks, f.name) for f in fields(Asked)]).reshape(
            -1, len(self.going)
        )
        for at, k in enumerate(self.going):
            mine = replace(
                dealt,
                deed=sides.of(dealt.deed, at),
                asks=Asked(*asks[:, at].tolist()),
                week=sides.of(dealt.week, at),
                told=dealt.told[at],
            )
            world, state = sides.of(before, at), sides.of(after.state, at)
            self.logs[k].add(cast(World, world), mine, state)
