"""The deeds of a week: what everybody does, how nature settles it, and the prices it leaves."""

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.economy import Checked, Week, checked, fault, settle, step
from catallax.knowledge import claimed, send
from catallax.network import Act, Floats, Table
from catallax.run.ages import told
from catallax.run.oracle import Oracle
from catallax.run.traffic import Asked, ask_traffic, asked, posted_traffic
from catallax.run.world import Setup, World, view_of


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
    deed, memory_done = mechanism.agents.act(view_of(setup, world, tacit=True), world.done)
    return deed, replace(world, done=memory_done)


def settle_week(setup: Setup, world: World, deed: Act) -> tuple[World, Week | str]:
    """Settle the week's act, post its prices and step to the next week.

    Returns the world of next week and what happened, or the unchanged world and what is wrong.
    """
    after, dealt = deal(setup, world, deed)
    return after, dealt if isinstance(dealt, str) else dealt.week


@final
@dataclass(frozen=True, eq=False)
class Dealt:
    """A settled week: the act as sellers heard it, what its asks came to, what happened.

    told : (2,) sum and number of the ages of all that rows had been told by then
    """

    deed: Act
    asks: Asked
    week: Week
    told: Floats


def deal(setup: Setup, world: World, deed: Act) -> tuple[World, Dealt | str]:
    """The same with the act that was settled."""
    settled: Checked | str
    if deed.price is None:
        wrong = fault(setup.economy, world.state, deed)
        deed = deed if wrong else as_claimed(setup, world, deed)
        settled = wrong or Checked(_settle(setup, world, deed), None)
    else:  # it is heard as it is, and looked at as it is settled
        settled = checked(setup.economy, world.truth.whole, world.state, deed)
    if isinstance(settled, str):
        return world, settled
    after, dealt = _settled(setup, world, deed, settled)
    return after, replace(dealt, told=dealt.told[0])


def dealt_with(setup: Setup, world: World, deed: Act) -> tuple[World, Dealt]:
    """The same of a faultless act, also of runs side by side; `told` is then (copies, 2)."""
    deed = as_claimed(setup, world, deed)
    return _settled(setup, world, deed, Checked(_settle(setup, world, deed), None))


def _settle(setup: Setup, world: World, deed: Act) -> Week:
    return settle(setup.economy, world.truth.whole, world.state, deed)


def _settled(setup: Setup, world: World, deed: Act, settled: Checked) -> tuple[World, Dealt]:
    """What is said about a settled week, and the world after it."""
    week, net = settled.week, setup.economy.network
    meter, asks = world.meter, asked(deed.ask, world.quotes, net, settled.asks)
    if not isinstance(setup.mechanism, Oracle):
        meter = ask_traffic(meter, asks, setup.contract.channel.line)
    state = step(setup.economy, world.state, deed, week)
    truth = world.truth.next(setup.streams)
    world = replace(world, truth=truth, state=state, meter=meter)
    dealt = Dealt(deed, asks, week, told(world.directives, setup.economy.network))
    return (world if deed.price is None else _post(setup, world, deed.price)), dealt


def _post(setup: Setup, world: World, price: Floats) -> World:
    """Quotes of the prices just posted, on their way to each buyer's link."""
    channel, law = setup.contract.channel, setup.contract.channel.line
    net = setup.economy.network
    said = price + setup.silent["line"]
    tick = world.t * channel.rounds
    due = tick + channel.ticks(law)
    mail = Table(link={"price": net.gather(said)})
    quotes = send(world.quotes, law, due, tick, mail, "quote", setup.streams)
    return replace(world, quotes=quotes, meter=posted_traffic(world.meter, said, net, law))


def as_claimed(setup: Setup, world: World, deed: Act) -> Act:
    """A faultless act as sellers hear it: plants that pay nothing may ask for more than needed."""
    if isinstance(setup.mechanism, Oracle) or deed.price is not None:
        return deed
    allotted = np.isfinite(world.directives.inbox.age.link["ask"])
    rows = setup.economy.network.rows
    return replace(deed, ask=claimed(setup.contract.behaviour, deed.ask, rows, allotted))
