"""One law of communication, one clock and one meter for every mechanism.

Two lines: `line` between trading partners and `centre` between rows and a centre, both ways.
What is said arrives `delay` weeks later, blurred by noise drawn by tick, kind and slot, in
`resolution` bits around its public value; NaN in a message means that nothing is said there.

Prices, asks and directives are numbers that somebody sets: without noise they arrive as they were
set, but for rounding. A fact or an observable has to be measured before it is reported, and that
errs, whoever hears of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge.messages import blurred
from catallax.domains.production.knowledge.reference import KINDS, MEASURED
from catallax.domains.production.network import Inbox, Lazy, Table
from catallax.domains.production.network.places import Places
from catallax.errors import InputError, unknown
from catallax.kernels.messages import count_spoken, file_spoken
from catallax.placement import Placement
from catallax.protocol.sealed import sealed
from catallax.protocol.settings import ASSUMED, check_settings, keep_as_floats, setting
from catallax.streams import Draws

RANGE = 4.0  # logs either side of the public value that a message can express
FULL = 64.0  # bits a value when resolution is not limited


@final
@dataclass(frozen=True)
class LineLaw:
    """The law of one line."""

    delay: float = setting(
        1.0,
        "time from saying to hearing",
        unit="weeks",
        low=0.0,
        high=520.0,
        source="assumption: at 0 a planner would hear a shock in its own week, as no seller can",
    )
    noise: float = setting(
        0.0,
        "s.d. of log noise of transmission on every value",
        unit="logs",
        low=0.0,
        high=2.0,
        source="off unless asked for: numbers that somebody sets arrive as they were set",
    )
    coverage: float = setting(
        1.0,
        "share of rows that can send at all, drawn once by seed",
        low=0.0,
        high=1.0,
        source="assumption: everybody is heard",
    )
    resolution: int = setting(
        16,
        "size of a value, spread evenly in logs within 4 of the public value; 0 means exact",
        unit="bits",
        low=0,
        high=52,
        source=ASSUMED,
    )

    def __post_init__(self) -> None:
        keep_as_floats(self)  # 1 and 1.0 are one law, so they must be one hash

    def check(self, name: str, rounds: int) -> None:
        """Raise InputError naming the setting that is out of range."""
        check_settings(self, f"channel.{name}.")
        if abs(self.delay * rounds - round(self.delay * rounds)) > 1e-9:
            raise InputError(
                f"channel.{name}.delay: {self.delay} weeks is not a whole number of ticks at "
                f"{rounds} rounds a week; use a multiple of {1 / rounds:g}"
            )

    def on_ticks(self, rounds: int) -> "LineLaw":
        """The law with just the delay that it has in ticks: rounding is no other law."""
        delay = round(self.delay * rounds) / rounds
        return self if delay == self.delay else replace(self, delay=delay)

    @property
    def error(self) -> float:
        """S.d. of the log error on the way: noise, and rounding within a step of the code."""
        step = RANGE / max(2.0 ** (self.resolution - 1) - 1.0, 1.0) if self.resolution else 0.0
        return float(np.hypot(self.noise, step / np.sqrt(12.0)))

    @property
    def jitter(self) -> float:
        """The same as far as it differs from tick to tick: rounding alone does not."""
        return self.error if self.noise > 0 else 0.0

    @property
    def bits(self) -> float:
        """Bits of one value."""
        return float(self.resolution) if self.resolution else FULL


@final
@dataclass(frozen=True)
class ChannelLaw:
    """The law of both lines and the clock they share.

    line   : between trading partners
    centre : between rows and a centre, both ways
    kinds  : kind of report -> the law that it obeys in place of the centre line's; a mapping or
             pairs, kept as sorted pairs

    A kind with a law of its own travels as a message of its own, arrives at its own tick and has
    silent rows of its own; all other reports of a row at a tick are one message, and so are all
    directives. Noise is drawn by tick, kind and slot in either case.

    Raises InputError for settings out of range and for kinds that nobody knows.
    """

    rounds: int = setting(
        1,
        "speed of the common clock; at a tick every row may report once and a centre decide once",
        unit="ticks a week",
        low=1,
        high=1000,
        source=ASSUMED,
    )
    line: LineLaw = field(default_factory=LineLaw)
    centre: LineLaw = field(default_factory=LineLaw)
    kinds: tuple[tuple[str, LineLaw], ...] = ()
    measuring: float = setting(
        0.05,
        "s.d. of the log error with which facts and observables are measured before they are "
        "reported",
        unit="logs",
        low=0.0,
        high=2.0,
        source=ASSUMED,
    )

    def __post_init__(self) -> None:
        keep_as_floats(self)
        check_settings(self, "channel.")
        self.line.check("line", self.rounds)
        self.centre.check("centre", self.rounds)
        object.__setattr__(self, "kinds", tuple(sorted(dict(self.kinds).items())))
        for kind, law in self.kinds:
            if kind not in KINDS:
                raise unknown("kind of report", kind, KINDS)
            law.check(f"kinds.{kind}", self.rounds)
        for name in ("line", "centre"):
            object.__setattr__(self, name, getattr(self, name).on_ticks(self.rounds))
        kinds = tuple((kind, law.on_ticks(self.rounds)) for kind, law in self.kinds)
        object.__setattr__(self, "kinds", kinds)

    @cached_property
    def own(self) -> Mapping[str, LineLaw]:
        """The kinds of report that have a law of their own."""
        return dict(self.kinds)

    def report_error(self, kind: str) -> float:
        """S.d. of the log error of a kind of report as heard: measured, and then told."""
        law = self.own.get(kind, self.centre)
        return float(np.hypot(law.error, self.measuring if kind in MEASURED else 0.0))

    def ticks(self, law: LineLaw) -> int:
        """Ticks from saying to hearing under a law."""
        return round(law.delay * self.rounds)

    def parts(self, mail: Table) -> Mapping[str, Table]:
        """A report as the messages in which it travels: kinds of their own by name, "" the rest."""
        apart = {
            kind: Table(
                {k: v for k, v in mail.row.items() if k == kind},
                {k: v for k, v in mail.link.items() if k == kind},
            )
            for kind in self.own
            if kind in mail.row or kind in mail.link
        }
        rest = Table(
            {k: v for k, v in mail.row.items() if k not in apart},
            {k: v for k, v in mail.link.items() if k not in apart},
        )
        return {"": rest, **apart}

    def law_of(self, mail: Table) -> LineLaw:
        """The law of one message: that of its kinds."""
        return next((self.own[k] for k in (*mail.row, *mail.link) if k in self.own), self.centre)


@final
@dataclass(frozen=True, eq=False)
class Post:
    """One direction of one line: what was heard and what is still on the way.

    public  : the base-year value of each kind
    value   : last arrived of each kind; public where nothing arrived yet
    sent    : the tick at which that was sent, -inf where nothing arrived yet; one number in all
              places (`numpy.broadcast_to`) where all were sent at once
    now     : tick
    flight  : (due tick, tick of sending, message), oldest first
    """

    public: Table
    value: Table
    sent: Table
    now: int = 0
    flight: tuple[tuple[int, int, Table], ...] = ()

    @staticmethod
    def empty(public: Table) -> "Post":
        """Nothing heard yet: public values, infinitely old."""
        row, link = ({k: sealed(v) for k, v in c.items()} for c in (public.row, public.link))
        known = Table(row, link)
        never = Table(
            {k: _alike(-np.inf, v) for k, v in row.items()},
            {k: _alike(-np.inf, v) for k, v in link.items()},
        )
        return Post(known, known, never)

    @cached_property
    def inbox(self) -> Inbox:
        """Last arrived of each kind and its age in ticks."""
        return Inbox(self.value, Table(self._ages(self.sent.row), self._ages(self.sent.link)))

    def _ages(self, sent: Mapping[str, Floats]) -> Lazy:
        return Lazy({k: partial(np.subtract, float(self.now), v) for k, v in sent.items()})


def send(
    post: Post,
    law: LineLaw,
    due: int,
    tick: int,
    mail: Table,
    name: str,
    s: Draws,
    places: Places | None = None,
    measuring: float = 0.0,
) -> Post:
    """`post` with `mail` on the way, as the law leaves it, to arrive at tick `due`.

    places    : where runs stand in the mail; None: it is of one
    measuring : s.d. of the log error of what was measured (`MEASURED`), if the mail reports it
    """
    public = post.public
    noise = {k: float(np.hypot(law.noise, measuring)) for k in MEASURED} if measuring else {}
    rows, links = (places.rows, places.links) if places else (None, None)

    sd = {k: noise.get(k, law.noise) for k in (*mail.row, *mail.link)}
    heard = Table(
        {
            k: _blur(law, sd[k], v, public.row.get(k), f"{name}/{k}", tick, s, rows)
            for k, v in mail.row.items()
        },
        {
            k: _blur(law, sd[k], v, public.link.get(k), f"{name}/link/{k}", tick, s, links)
            for k, v in mail.link.items()
        },
    )
    return replace(post, flight=(*post.flight, (due, tick, heard)))


def deliver(post: Post, tick: int) -> tuple[Post, list[Table]]:
    """`post` at `tick`, with all that is due put in its inbox, and the messages that arrived."""
    due = [f for f in post.flight if f[0] <= tick]
    if not due:
        return (post if tick == post.now else replace(post, now=tick)), []
    row, link = dict(post.value.row), dict(post.value.link)
    row_sent, link_sent = dict(post.sent.row), dict(post.sent.link)
    for _, sent, mail in due:
        _file(row, row_sent, mail.row, float(sent))
        _file(link, link_sent, mail.link, float(sent))
    flight = tuple(f for f in post.flight if f[0] > tick)
    arrived = [f[2] for f in due]
    return Post(post.public, Table(row, link), Table(row_sent, link_sent), tick, flight), arrived


def _alike(number: float, column: Floats) -> Floats:
    return np.broadcast_to(np.float64(number), column.shape)


def _file(
    value: dict[str, Floats], sent: dict[str, Floats], mail: Mapping[str, Floats], tick: float
) -> None:
    for kind, said in mail.items():
        spoken = count_spoken(said)
        if spoken == len(said):
            value[kind], sent[kind] = said, _alike(tick, said)
        elif spoken or kind not in value:
            before = value.get(kind, np.ones_like(said))
            old = sent.get(kind, _alike(-np.inf, said))
            value[kind], sent[kind] = file_spoken(said, tick, before, old)


def _blur(
    law: LineLaw,
    noise: float,
    said: Floats,
    public: Floats | None,
    purpose: str,
    tick: int,
    streams: Draws,
    place: Placement | None,
) -> Floats:
    """Noise and resolution, in logs around the public value; 0 is a code of its own.

    A negative number keeps its sign; its size is treated like a positive one's.
    """
    if noise == 0 and not law.resolution:
        return sealed(said.copy())  # what is on its way can be changed by nobody
    base = np.ones_like(said) if public is None else public
    # Zero and 2 top + 1 steps make 2^bits codes; the middle step is the public value.
    top = 2.0 ** (law.resolution - 1) - 1.0 if law.resolution else None
    heard = blurred(said, base, noise, top, RANGE, streams, f"noise/{purpose}", tick, place)
    return sealed(heard)
