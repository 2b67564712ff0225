"""How old messages are when somebody acts on them: the delay of an institution's own loop.

Ages are those of the messages that really arrived, never the law's settings, so a plan of last
year, a silent row or a message that came late shows. A report counts once, in the first decision
after it came: a fact that stands and is not told again does not grow old.
"""

from typing import final

import numpy as np

from catallax.kernels import messages as kernels
from catallax.kernels.switch import compiled
from catallax.knowledge import Post
from catallax.network import Floats, Network, Table
from catallax.run.traffic import Asked
from catallax.run.world import World

KINDS = ("report", "directive", "quote")  # first axis of a week's ages
AUDITS = ("audit", "audited")  # kinds that ask for and mark a report, and are no facts or orders


@final
class Ages:
    """Sums and counts of ages in ticks, by kind; it grows with each week.

    report    : of the numbers that reached the centre since it last sent a directive, when it
                sends one
    directive : of all numbers that rows have been told, when they act
    quote     : of the quotes on the links that are asked on, when they act

    What never arrived has no age and does not count, nor do audits.
    """

    def __init__(self) -> None:
        self.weeks: list[Floats] = []
        self.heard = np.zeros(2)
        self.known = Table()  # when what was known was sent, when the centre last directed

    def decided(self, world: World, directive: Table | None) -> None:
        """The centre has just decided."""
        if directive is None or not _spoken(directive):
            return
        sent, known, tick = world.reports.sent, self.known, world.tick
        for now, before in ((sent.row, known.row), (sent.link, known.link)):
            for kind, column in now.items():
                if kind not in AUDITS:
                    self.heard += _new(column, before.get(kind), tick)
        self.known = sent

    def acted(self, told: Floats, asks: Asked) -> None:
        """Everybody has just acted, and nature accepted it; a week ends.

        told : (2,) of `told`
        """
        self.weeks.append(np.array([self.heard, told, [asks.age, asks.quoted]]))
        self.heard = np.zeros(2)

    def series(self) -> dict[str, Floats]:
        """ages : (weeks, 3, 2) by kind: sum of ages in ticks and how many there were."""
        return {"ages": np.array(self.weeks)}


def told(post: Post, net: Network) -> Floats:
    """(copies, 2) sum and number of the ages of all that was told."""
    total = np.zeros((net.copies, 2))
    for sent in _columns(post.sent):
        if sent.strides == (0,):  # all told at once, or never
            if sent[0] > -np.inf:
                size = len(sent) // net.copies
                total += np.array([(post.now - sent[0]) * size, size])
            continue
        there = sent > -np.inf
        ages = np.where(there, post.now - sent, 0.0)  # whole numbers: exact in any order
        total += np.array([net.each(ages).sum(axis=1), net.each(there).sum(axis=1)]).T
    return total


def _columns(table: Table) -> list[Floats]:
    both = (*table.row.items(), *table.link.items())
    return [column for kind, column in both if kind not in AUDITS]


def _new(sent: Floats, before: Floats | None, tick: int) -> Floats:
    """(2,) sum and number of the ages of what was sent later than what was known `before`."""
    known = np.broadcast_to(-np.inf, sent.shape) if before is None else before
    if sent.strides == (0,) == known.strides:  # all sent at once, or never, now as before
        count, total = len(sent) * (sent[0] > known[0]), len(sent) * sent[0]
        return np.array([tick * count - total, count]) if count else np.zeros(2)
    if not compiled():
        new = sent > known
        return np.array([tick * new.sum() - sent[new].sum(), new.sum()])
    found = np.empty(2)
    kernels.newer(np.ascontiguousarray(sent), np.ascontiguousarray(known), found)
    return np.array([tick * found[0] - found[1], found[0]])


def _spoken(mail: Table) -> bool:
    return any(not np.isnan(column).all() for column in _columns(mail))
