"""What passes between nature and an institution: views in, acts out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network.places import BidFloats, LinkFloats, RowFloats
from catallax.domains.production.network.rows import Network, Rows
from catallax.domains.production.network.table import Table
from catallax.domains.production.network.technology import Technology
from catallax.protocol.sealed import frozen


@final
@dataclass(frozen=True, eq=False)
class Event:
    """What is announced to hold from `week` on, until the next event.

    week   : first week, >= 0
    supply : (n,) flow of each endowment over its base-year flow; 1 for all others
    kept   : (m,) share that arrives over that of the base year
    tariff : (m,) rate that the buyer pays on top of the price, >= 0
    """

    week: int
    supply: Floats
    kept: Floats
    tariff: Floats

    def __post_init__(self) -> None:
        for name in ("supply", "kept", "tariff"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


@final
@dataclass(frozen=True, eq=False)
class Inbox:
    """The last message of each kind that arrived, and how old it is.

    value     : what was heard; where nothing arrived yet, the public base-year value
    age       : ticks since it was sent, same shape; infinite where nothing arrived yet
    announced : what a centre has been told of what is to come, ascending in weeks: nothing before
                week 0, all from then on. Nobody is told anything else
    """

    value: Table = field(default_factory=Table)
    age: Table = field(default_factory=Table)
    announced: tuple[Event, ...] = ()


@final
@dataclass(frozen=True, eq=False)
class Public:
    """What everybody knows: the map, the base-year table, the law of the channel.

    network   : names and who can trade with whom
    base      : the base-year technology; sigma is the mean of each kind of row, z that of the
                firms of one plant, and K what makes base-year sales with that z
    income    : (H,) base-year weekly income of each household
    output    : (n,) base-year weekly sales of each endowment and plant
    flow      : (m,) base-year weekly shipments on each link
    rounds    : ticks a week
    noise     : log s.d. of the error of a reported fact or observable as the centre hears it:
                measuring, noise on the way and rounding
    delay     : weeks from saying to hearing on that line
    weeks     : length of the run
    announced : what a centre has been told; empty at the start, since it is told in its inbox
    noises    : the same as `noise` for kinds of report that have a law of their own
    jitter    : log s.d. by which a directive that stays the same arrives different from tick to
                tick: noise on the way and rounding; 0 where the line has no noise
    decay     : (n,) share of each plant's product that spoils in a week, 0 to 1; 0 elsewhere, and
                everywhere where nothing is given
    """

    network: Network
    base: Technology
    income: Floats
    output: Floats
    flow: Floats
    rounds: int
    noise: float
    delay: float
    weeks: int
    announced: tuple[Event, ...] = ()
    noises: Mapping[str, float] = field(default_factory=dict)
    decay: Floats = field(default_factory=lambda: np.empty(0))
    jitter: float = 0.0

    def __post_init__(self) -> None:
        given = self.decay if len(self.decay) else np.zeros(self.network.n)
        object.__setattr__(self, "decay", frozen(given))


@final
@dataclass(frozen=True, eq=False)
class View:
    """All that agents see when they speak or act. Each row may use its own entries only.

    rows  : own place in the network
    facts : own private facts. In `report` their articulable part, in `act` the whole; nothing
            of a true eps can be said, so `report` shows the public one.
            row: z, K, sigma, eps, gamma, supply, decay (share of the own product that spoils in a
            week); link: share, norm, kept, tariff. Where everything arrives, or nothing is taxed,
            the last two are one number in all places
            (`numpy.broadcast_to`).
    seen  : own observables of the week before and today's stocks.
            row: stock, orders, shipped, output, cash, price; link: held, asked, got, used
    inbox : what arrived
    t     : week; below 0 while the economy settles
    draw  : purpose -> uniforms on (0, 1), shape (n,), from the row's own stream
    noise : log s.d. of the error of a reported fact or observable, which is public (see `Public`)
    jitter: the same of a directive from tick to tick (see `Public`)
    delay : weeks from saying to hearing on the line between partners, which is public
    bids  : the last of the buyers' bids that arrived, as sums over an owner's buyers. row: cheap,
            quoted and dear, units at e^-1, 1 and e times the price that buyers expected
    coming: what everybody is told of the next announced event, as it touches each row.
            row: week, its first week, infinite where nothing is announced; supply, own flow after
            it over the announced flow of today.
            link: supply, the same of the link's seller; kept, share that arrives after it over
            the announced one of today; tariff, rate after it. 1, 1 and 0 where nothing is announced
    """

    rows: Rows
    facts: Table
    seen: Table
    inbox: Inbox
    t: int
    draw: Callable[[str], Floats]
    noise: float = 0.0
    jitter: float = 0.0
    delay: float = 0.0
    coming: Table = field(default_factory=Table)
    bids: Inbox = field(default_factory=Inbox)


BIDS = 3  # prices at which a bid names a quantity


@final
@dataclass(frozen=True, eq=False)
class Act:
    """What agents decide in a week.

    ask   : (m,) units to be shipped on each link, >= 0
    use   : (m,) inputs to use up, at most what is held; None uses everything. On a link to an
            endowment what arrives is used, whatever stands here.
    price : (n,) price posted by each seller, binding next week, > 0; None: no money is used
    bids  : (m, 3) units that the buyer would ask for on each link to an endowment at e^-1, 1 and e
            times the price that it expects, >= 0. They go to the owner and bind nobody; on other
            links they mean nothing. None: nobody bids. Only where prices are posted
    """

    ask: LinkFloats
    use: LinkFloats | None = None
    price: RowFloats | None = None
    bids: BidFloats | None = None
