"""How old messages are when somebody acts on them: the delay of an institution's own loop.

Ages are those of the messages that really arrived, never the law's settings, so a plan of last
year, a silent row or a message that came late shows. A report counts once, in the first decision
after it came: a fact that stands and is not told again does not grow old.
"""

from collections.abc import Iterable, Mapping
from typing import final

import numpy as np

from catallax.knowledge import Post
from catallax.network import Floats, Table
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
        self.known = Table()  # when what it knew was sent, as the centre last directed

    def decided(self, world: World, directive: Table | None) -> None:
        """The centre has just decided."""
        if directive is None or not _spoken(directive):
            return
        post = world.reports
        for now, before in (
            (post.sent.row, self.known.row),
            (post.sent.link, self.known.link),
        ):
            self.heard += _new(now, before, post.now)
        self.known = post.sent

    def acted(self, world: World, asks: Asked) -> None:
        """Everybody has just acted, and nature accepted it; a week ends."""
        told = _told(world.directives)
        self.weeks.append(np.array([self.heard, told, [asks.age, asks.quoted]]))
        self.heard = np.zeros(2)

    def series(self) -> dict[str, Floats]:
        """ages : (weeks, 3, 2) by kind: sum of ages in ticks and how many there were."""
        return {"ages": np.array(self.weeks)}


def _told(post: Post) -> Floats:
    """(2,) sum and number of the ages of all that was told."""
    total = np.zeros(2)
    for sent in _columns(post.sent):
        if sent.strides == (0,):  # all told at once, or never
            if np.isfinite(sent[0]):
                total += np.array([(post.now - sent[0]) * len(sent), len(sent)])
            continue
        total += _summed([post.now - sent])
    return total


def _columns(table: Table) -> list[Floats]:
    both = (*table.row.items(), *table.link.items())
    return [column for kind, column in both if kind not in AUDITS]


def _new(sent: Mapping[str, Floats], before: Mapping[str, Floats], tick: int) -> Floats:
    """(2,) sum and number of the ages at `tick` of what was sent since what was known `before`."""
    total = np.zeros(2)
    for kind, now in sent.items():
        known = before.get(kind)
        if kind in AUDITS or now is known:
            continue
        fresh = now > (-np.inf if known is None else known)
        total += np.array([(tick - now[fresh]).sum(), np.count_nonzero(fresh)])
    return total


def _spoken(mail: Table) -> bool:
    return any(not np.isnan(column).all() for column in _columns(mail))


def _summed(ages: Iterable[Floats]) -> Floats:
    """(2,) sum and number of the finite ages."""
    there = [age[np.isfinite(age)] for age in ages]
    return np.array([sum(a.sum() for a in there), sum(a.size for a in there)], dtype=np.float64)
