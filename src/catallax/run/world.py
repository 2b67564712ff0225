"""The state of a run, and the steps that `simulate` folds.

The week's timetable: shocks -> goods and messages arrive -> `rounds` ticks of report and decide
-> act -> settle -> step. A person, a policy or a test may drive the same steps by hand: open a
tick, say what the centre says, close it, and after the last tick settle the week.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np
import numpy.typing as npt

from catallax.economy import Economy, State, Week, announced, fault, settle, start, step
from catallax.errors import CatallaxError
from catallax.knowledge import (
    Meter,
    Post,
    claimed,
    deliver,
    public_technology,
    reference,
    send,
    spoken,
)
from catallax.mechanisms import Mechanism
from catallax.network import Act, Floats, Public, Table, View
from catallax.optimum import Settled, solve
from catallax.run.contract import Contract
from catallax.run.oracle import Oracle
from catallax.run.traffic import (
    ask_traffic,
    heard_traffic,
    orders,
    posted_traffic,
    quote_traffic,
    said_traffic,
)
from catallax.run.truth import Truth
from catallax.run.views import facts, locked, mailbox, seen
from catallax.streams import Streams


@final
@dataclass(frozen=True, eq=False)
class Setup:
    """What stays the same in a run."""

    contract: Contract
    mechanism: Mechanism | Oracle
    seed: int

    @property
    def economy(self) -> Economy:
        """The economy of the contract."""
        return self.contract.economy

    @cached_property
    def streams(self) -> Streams:
        """All randomness of the run."""
        return Streams(self.seed)

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
    public = reference(setup.public)
    post, table = Post.empty(public), Table()
    state = start(economy, best, backlog=contract.backlog)
    world = World(truth, state, post, post, post, table, table, None, Meter())
    if isinstance(setup.mechanism, Oracle):
        return replace(world, memory=best)
    said, done = setup.mechanism.agents.start(_view(setup, world, tacit=False))
    centre = setup.mechanism.centre
    memory = (
        None if centre is None else centre.start(setup.public, setup.streams.generator("centre"))
    )
    return replace(world, said=said, done=done, memory=memory)


def open_tick(setup: Setup, world: World) -> World:
    """Rows hear what is due to them and report; the centre hears reports that are due."""
    mechanism = setup.mechanism
    if isinstance(mechanism, Oracle):
        return world
    world = _hear(setup, world)
    if mechanism.centre is None:
        return world
    mail, said = mechanism.agents.report(_view(setup, world, tacit=False), world.said)
    mail = spoken(
        setup.contract.behaviour,
        mail,
        world.reports.public,
        setup.economy.network.rows,
        _audited(setup, world),
        world.tick,
        setup.streams,
    )
    return _report(setup, replace(world, said=said), mail)


def _report(setup: Setup, world: World, mail: Table) -> World:
    """What rows say goes to the centre, each kind by its law; what is due there arrives."""
    channel, public = setup.contract.channel, setup.public
    reports, meter, tick = world.reports, world.meter, world.tick
    for kind, part in channel.parts(mail).items():
        law = channel.law_of(part)
        part = _silenced(setup, f"centre/{kind}" if kind else "centre", part)
        due = tick + channel.ticks(law)
        reports = send(reports, law, due, tick, part, "report", setup.streams)
        meter = said_traffic(meter, "report", part, public, law)
    reports, arrived = deliver(reports, tick)
    for message in arrived:
        meter = heard_traffic(meter, "report", message, public, channel.law_of(message))
    return replace(world, reports=reports, meter=meter)


def decide(setup: Setup, world: World) -> tuple[Table | None, World]:
    """What the mechanism's own centre says at this tick."""
    if isinstance(setup.mechanism, Oracle) or setup.mechanism.centre is None:
        return None, world
    heard = locked(world.reports.inbox)
    directive, memory = setup.mechanism.centre.decide(heard, world.tick, world.memory)
    return directive, replace(world, memory=memory)


def close_tick(setup: Setup, world: World, directive: Table | None) -> World:
    """The centre's directives go out; without delay they arrive; the clock moves on."""
    channel, law = setup.contract.channel, setup.contract.channel.centre
    if directive is not None:
        due = world.tick + channel.ticks(law)
        posts = send(world.directives, law, due, world.tick, directive, "directive", setup.streams)
        meter = world.meter
        for kind, part in orders(directive).items():
            meter = said_traffic(meter, kind, part, setup.public, law, down=True)
        world = _hear(setup, replace(world, directives=posts, meter=meter))
    return replace(world, tick=world.tick + 1)


def _hear(setup: Setup, world: World) -> World:
    """Quotes and directives that are due at this tick arrive at the rows."""
    channel, net = setup.contract.channel, setup.economy.network
    quotes, posted = deliver(world.quotes, world.tick)
    directives, told = deliver(world.directives, world.tick)
    meter = world.meter
    for message in posted:
        meter = quote_traffic(meter, message, net, channel.line)
    for message in told:
        for kind, part in orders(message).items():
            meter = heard_traffic(meter, kind, part, setup.public, channel.centre, down=True)
    return replace(world, quotes=quotes, directives=directives, meter=meter)


def act(setup: Setup, world: World) -> tuple[Act | None, World]:
    """What everybody does this week; None if the oracle found no optimum."""
    mechanism = setup.mechanism
    if isinstance(mechanism, Oracle):
        done, memory = mechanism.act(
            setup.economy,
            world.truth.whole,
            world.state,
            world.memory,  # type: ignore[arg-type]
        )
        return done, replace(world, memory=memory)
    deed, memory_done = mechanism.agents.act(_view(setup, world, tacit=True), world.done)
    return deed, replace(world, done=memory_done)


def settle_week(setup: Setup, world: World, deed: Act) -> tuple[World, Week | str]:
    """Settle the week's act, post its prices and step to the next week.

    Returns the world of next week and what happened, or the unchanged world and what is wrong.
    """
    wrong = fault(setup.economy, world.state, deed)
    if wrong is not None:
        return world, wrong
    deed = as_claimed(setup, world, deed)
    week = settle(setup.economy, world.truth.whole, world.state, deed)
    meter = world.meter
    if not isinstance(setup.mechanism, Oracle):
        meter = ask_traffic(meter, deed.ask, setup.economy.network, setup.contract.channel.line)
    state = step(setup.economy, world.state, deed, week)
    truth = world.truth.next(setup.streams)
    world = replace(world, truth=truth, state=state, meter=meter)
    return (world if deed.price is None else _post(setup, world, deed.price)), week


def _post(setup: Setup, world: World, price: Floats) -> World:
    """Quotes of the prices just posted, on their way to each buyer's link."""
    channel, law = setup.contract.channel, setup.contract.channel.line
    net = setup.economy.network
    quote = (price + setup.silent["line"])[net.seller]
    tick = world.t * channel.rounds
    due = tick + channel.ticks(law)
    mail = Table(link={"price": quote})
    quotes = send(world.quotes, law, due, tick, mail, "quote", setup.streams)
    return replace(world, quotes=quotes, meter=posted_traffic(world.meter, mail, net, law))


def _audited(setup: Setup, world: World) -> npt.NDArray[np.bool_]:
    """(n,) rows whose order to be audited arrived since they last reported."""
    channel, inbox = setup.contract.channel, world.directives.inbox
    # What takes no time is said after the tick's reports, and so heard at the next.
    fresh = max(channel.ticks(channel.centre), 1)
    return np.asarray((inbox.age.row["audit"] == fresh) & (inbox.value.row["audit"] > 0))


def as_claimed(setup: Setup, world: World, deed: Act) -> Act:
    """A faultless act as sellers hear it: plants that pay nothing may ask for more than needed."""
    if isinstance(setup.mechanism, Oracle) or deed.price is not None:
        return deed
    allotted = np.isfinite(world.directives.inbox.age.link["ask"])
    rows = setup.economy.network.rows
    return replace(deed, ask=claimed(setup.contract.behaviour, deed.ask, rows, allotted))


def _silenced(setup: Setup, line: str, mail: Table) -> Table:
    """Mail without what rows outside the line's coverage would say."""
    quiet = setup.silent[line]
    spread = setup.economy.network.rows.spread(quiet)
    return Table(
        {k: v + quiet for k, v in mail.row.items()}, {k: v + spread for k, v in mail.link.items()}
    )


def _view(setup: Setup, world: World, *, tacit: bool) -> View:
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
