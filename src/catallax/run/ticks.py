"""The ticks of a week: rows report, the centre decides, directives and quotes arrive.

A person, a policy or a test may drive the same steps by hand: open a tick, say what the centre
says, and close it.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from catallax.knowledge import deliver, send, spoken
from catallax.network import Table
from catallax.run.mail import check_mail
from catallax.run.oracle import Oracle
from catallax.run.traffic import heard_traffic, orders, quote_traffic, said_traffic
from catallax.run.views import locked
from catallax.run.world import Setup, World, view_of


def open_tick(setup: Setup, world: World) -> World:
    """Rows hear what is due to them and report; the centre hears reports that are due."""
    mechanism = setup.mechanism
    if isinstance(mechanism, Oracle):
        return world
    world = _hear(setup, world)
    if mechanism.centre is None:
        return world
    mail, said = mechanism.agents.report(view_of(setup, world, tacit=False), world.said)
    check_mail(mail, mechanism, setup.economy.network, "report")
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
    if directive is not None:
        check_mail(directive, setup.mechanism, setup.economy.network, "decide")
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
        # What is filed as it came has a number in every place.
        whole = message.link["price"] is quotes.value.link["price"]
        meter = quote_traffic(meter, message, net, channel.line, whole=whole)
    for message in told:
        for kind, part in orders(message).items():
            meter = heard_traffic(meter, kind, part, setup.public, channel.centre, down=True)
    return replace(world, quotes=quotes, directives=directives, meter=meter)


def _audited(setup: Setup, world: World) -> npt.NDArray[np.bool_]:
    """(n,) rows whose order to be audited arrived since they last reported."""
    channel, inbox = setup.contract.channel, world.directives.inbox
    # What takes no time is said after the tick's reports, and so heard at the next.
    fresh = max(channel.ticks(channel.centre), 1)
    return np.asarray((inbox.age.row["audit"] == fresh) & (inbox.value.row["audit"] > 0))


def _silenced(setup: Setup, line: str, mail: Table) -> Table:
    """Mail without what rows outside the line's coverage would say."""
    quiet = setup.silent[line]
    if not np.isnan(quiet).any():
        return mail
    spread = setup.economy.network.rows.spread(quiet)
    return Table(
        {k: v + quiet for k, v in mail.row.items()}, {k: v + spread for k, v in mail.link.items()}
    )
