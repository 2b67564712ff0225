"""The ticks of a week: rows report, the centre decides, directives and quotes arrive.

A person, a policy or a test may drive the same steps by hand: open a tick, say what the centre
says, and close it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from catallax.domains.production.knowledge import deliver, distort_reports, send
from catallax.domains.production.network import Inbox, Table
from catallax.domains.production.run.mail import take_mail
from catallax.domains.production.run.message_accounting import (
    count_bids_heard,
    count_heard,
    count_quotes,
    count_sent,
    orders_by_kind,
)
from catallax.domains.production.run.oracle import Oracle
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.views import lock, make_view
from catallax.domains.production.run.world import World

Directives = Sequence[Table | None]


def open_tick(setup: Setup, world: World) -> World:
    """Rows hear what is due to them and report; the centre hears reports that are due."""
    mechanism = setup.mechanism
    if isinstance(mechanism, Oracle):
        return world
    world = _hear(setup, world)
    if mechanism.centre is None:
        return world
    view = make_view(setup, world, tacit=False)
    mail, memory = mechanism.agents.report(view, world.report_memory)
    mail = distort_reports(
        setup.contract.behaviour,
        take_mail(mail, mechanism, setup.economy.network, "report"),
        world.reports.public,
        setup.economy.network.rows,
        _find_audited(setup, world),
        world.tick,
        setup.streams,
        setup.layout.places,
    )
    return _report(setup, replace(world, report_memory=memory), mail)


def _report(setup: Setup, world: World, mail: Table) -> World:
    """What rows say goes to the centre, each kind by its law; what is due there arrives."""
    channel, net = setup.contract.channel, setup.economy.network
    reports, counts, tick = world.reports, world.counts, world.tick
    for kind, part in channel.parts(mail).items():
        law = channel.law_of(part)
        part = _silence(setup, f"centre/{kind}" if kind else "centre", part)
        due = tick + channel.ticks(law)
        given = "report", setup.streams, net.places, channel.measuring
        reports = send(reports, law, due, tick, part, *given)
        counts = count_sent(counts, "report", part, net, law)
    reports, arrived = deliver(reports, tick)
    for message in arrived:
        counts = count_heard(counts, "report", message, net, channel.law_of(message))
    return replace(world, reports=reports, counts=counts)


def decide(setup: Setup, world: World) -> tuple[Directives, World]:
    """What the mechanism's own centre says at this tick in each run; None where it is silent."""
    mechanism = setup.mechanism
    if isinstance(mechanism, Oracle) or mechanism.centre is None:
        return [None for _ in world.memories], world
    answers = [
        mechanism.centre.decide(lock(heard), world.tick, memory)
        for heard, memory in zip(_list_inboxes(setup, world), world.memories, strict=True)
    ]
    said, memories = zip(*answers, strict=True)
    net = setup.contract.economy.network
    directives = [
        None if mail is None else take_mail(mail, mechanism, net, "decide") for mail in said
    ]
    return directives, replace(world, memories=memories)


def _list_inboxes(setup: Setup, world: World) -> list[Inbox]:
    """What each centre hears: reports, and from week 0 on what is announced in its run."""
    inboxes = setup.layout.split(world.reports.inbox)
    if world.t < 0:
        return inboxes
    of_runs = zip(inboxes, setup.announced, strict=True)
    return [replace(inbox, announced=told) for inbox, told in of_runs]


def close_tick(setup: Setup, world: World, directives: Directives | None) -> World:
    """The centre's directives go out; without delay they arrive; the clock moves on.

    directives : of each run; None if nobody says anything
    """
    directive = setup.layout.join_mail(directives) if directives else None
    if directives and directive is not None:
        world = _hear(setup, _direct(setup, world, directive, directives))
    return replace(world, tick=world.tick + 1)


def _direct(setup: Setup, world: World, directive: Table, directives: Directives) -> World:
    """The directive of all runs is on its way.

    directives : of each run
    """
    channel, law = setup.contract.channel, setup.contract.channel.centre
    counts, net, due = world.counts, setup.economy.network, world.tick + channel.ticks(law)
    posts = send(
        world.directives, law, due, world.tick, directive, "directive", setup.streams, net.places
    )
    said = [set() if part is None else set(orders_by_kind(part)) for part in directives]
    for kind, part in orders_by_kind(directive).items():
        by = np.array([kind in kinds for kinds in said])
        counts = count_sent(counts, kind, part, net, law, down=True, by=by)
    return replace(world, directives=posts, counts=counts)


def _hear(setup: Setup, world: World) -> World:
    """Quotes, bids and directives that are due at this tick arrive at the rows."""
    channel, net = setup.contract.channel, setup.economy.network
    quotes, posted = deliver(world.quotes, world.tick)
    directives, told = deliver(world.directives, world.tick)
    bids, offered = deliver(world.bids, world.tick)
    counts = world.counts
    for message in posted:
        # What is filed as it came has a number in every place.
        whole = message.link["price"] is quotes.value.link["price"]
        counts = count_quotes(counts, message, net, channel.line, whole=whole)
    for message in offered:
        counts = count_bids_heard(counts, message, net, channel.line)
    for message in told:
        for kind, part in orders_by_kind(message).items():
            counts = count_heard(counts, kind, part, net, channel.centre, down=True)
    return replace(world, quotes=quotes, bids=bids, directives=directives, counts=counts)


def _find_audited(setup: Setup, world: World) -> npt.NDArray[np.bool_]:
    """(n,) rows whose order to be audited arrived since they last reported."""
    channel, inbox = setup.contract.channel, world.directives.inbox
    # What takes no time is said after the tick's reports, and so heard at the next.
    fresh = max(channel.ticks(channel.centre), 1)
    return np.asarray((inbox.age.row["audit"] == fresh) & (inbox.value.row["audit"] > 0))


def _silence(setup: Setup, line: str, mail: Table) -> Table:
    """Mail without what rows outside the line's coverage would say."""
    quiet = setup.silent[line]
    if not np.isnan(quiet).any():
        return mail
    spread = setup.economy.network.rows.spread(quiet)
    return Table(
        {k: v + quiet for k, v in mail.row.items()}, {k: v + spread for k, v in mail.link.items()}
    )
