"""The actions of a week: what everybody does, how nature settles it, and the prices it leaves."""

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.economy import (
    CheckedWeek,
    Week,
    advance_state,
    check_and_settle,
    find_fault,
    settle_act,
)
from catallax.domains.production.knowledge import BID_KINDS, Post, inflate_asks, send
from catallax.domains.production.network import Act, Table
from catallax.domains.production.optimum import Optimum
from catallax.domains.production.run.handed import take_act
from catallax.domains.production.run.message_accounting import (
    AskTotals,
    count_asks,
    count_bids_sent,
    count_postings,
    sum_asks,
)
from catallax.domains.production.run.oracle import Oracle
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.views import make_view
from catallax.domains.production.run.world import World


def act(setup: Setup, world: World) -> tuple[Act | None, World]:
    """What everybody does this week; None if an oracle found no optimum in some run."""
    if isinstance(setup.mechanism, Oracle):
        acts, world = foresee(setup, world)
        found = [one for one in acts if one is not None]
        return (setup.layout.join(found) if len(found) == len(acts) else None), world
    view = make_view(setup, world, tacit=True)
    done, memory = setup.mechanism.agents.act(view, world.act_memory)
    taken = take_act(done, setup.mechanism, setup.economy.network)
    return taken, replace(world, act_memory=memory)


def foresee(setup: Setup, world: World) -> tuple[list[Act | None], World]:
    """What an oracle does this week in each run; None where it found no optimum.

    Raises TypeError for a mechanism.
    """
    oracle, split = setup.mechanism, setup.layout.split
    if not isinstance(oracle, Oracle):
        raise TypeError(f"{oracle.name} is no oracle; use act")
    acts, memories = [], []
    of_runs = zip(split(world.truth.whole), split(world.state), world.memories, strict=True)
    for truth, state, memory in of_runs:
        known = memory if isinstance(memory, Optimum) else None
        done, best = oracle.act(setup.contract.economy, truth, state, known)
        acts.append(done)
        memories.append(best)
    return acts, replace(world, memories=tuple(memories))


@final
@dataclass(frozen=True, eq=False)
class SettledWeek:
    """A week that nature has settled.

    act  : as sellers heard it
    asks : what its asks came to
    week : what happened
    """

    act: Act
    asks: AskTotals
    week: Week


def settle_week(setup: Setup, world: World, act: Act) -> tuple[World, SettledWeek | str]:
    """Settle the week's act, post its prices and step to the next week.

    Returns the world of next week and what happened, or the unchanged world and what is wrong.
    """
    e, truth, state = setup.economy, world.truth.whole, world.state
    found: CheckedWeek | str
    if act.price is None:
        wrong = find_fault(e, state, act)
        act = act if wrong else _claim_inputs(setup, world, act)
        found = wrong or CheckedWeek(settle_act(e, truth, state, act), None)
    else:  # it is heard as it is, and looked at as it is settled
        found = check_and_settle(e, truth, state, act)
    if isinstance(found, str):
        return world, found
    asks = sum_asks(act.ask, world.quotes, e.network, found.asks)
    settled = SettledWeek(act, asks, found.week)
    return _step(setup, world, settled), settled


def _claim_inputs(setup: Setup, world: World, act: Act) -> Act:
    """A faultless act as sellers hear it: plants that pay nothing may ask for more than needed."""
    if isinstance(setup.mechanism, Oracle):
        return act
    allotted = np.isfinite(world.directives.inbox.age.link["ask"])
    rows = setup.economy.network.rows
    return replace(act, ask=inflate_asks(setup.contract.behaviour, act.ask, rows, allotted))


def _step(setup: Setup, world: World, settled: SettledWeek) -> World:
    """The world a week later, with what was said about the settled one."""
    counts, quotes, bids, act = world.counts, world.quotes, world.bids, settled.act
    if not isinstance(setup.mechanism, Oracle):
        counts = count_asks(counts, settled.asks, setup.contract.channel.line)
    if act.price is not None:
        said = act.price + setup.silent["line"]
        quotes = _post(setup, world, said)
        counts = count_postings(counts, said, setup.economy.network, setup.contract.channel.line)
    if act.bids is not None:
        mail = _make_bid_mail(setup, act.bids)
        bids = _send(setup, world, bids, mail, "bid")
        counts = count_bids_sent(counts, mail, setup.economy.network, setup.contract.channel.line)
    state = advance_state(setup.economy, world.state, act, settled.week)
    truth = world.truth.next(setup.streams, setup.layout)
    return replace(world, truth=truth, state=state, quotes=quotes, bids=bids, counts=counts)


def _post(setup: Setup, world: World, said: Floats) -> Post:
    """Quotes of the prices just posted, on their way to each buyer's link from next week on."""
    mail = Table(link={"price": setup.economy.network.gather(said)})
    return _send(setup, world, world.quotes, mail, "quote")


def _make_bid_mail(setup: Setup, bids: Floats) -> Table:
    """Bids (m, 3) as they are sent: on links to endowments, by rows that can send."""
    rows = setup.economy.network.rows
    silent = np.where(rows.perishable, rows.spread(setup.silent["line"]), np.nan)
    return Table(link={k: bids[:, at] + silent for at, k in enumerate(BID_KINDS)})


def _send(setup: Setup, world: World, post: Post, mail: Table, name: str) -> Post:
    """The post of partners with `mail` on its way, as if said at next week's first tick."""
    channel, law = setup.contract.channel, setup.contract.channel.line
    tick = (world.t + 1) * channel.rounds
    due = tick + channel.ticks(law)
    return send(post, law, due, tick, mail, name, setup.streams, setup.economy.network.places)
