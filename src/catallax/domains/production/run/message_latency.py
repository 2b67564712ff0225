"""How old messages are when somebody acts on them: the delay of an institution's own loop.

Ages are those of the messages that really arrived, never the law's settings, so a plan of last
year, a silent row or a message that came late shows. A report counts once, in the first decision
after it came: a fact that stands and is not told again does not grow old.
"""

from collections.abc import Iterator, Mapping
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge import Post
from catallax.domains.production.network import Table
from catallax.domains.production.network.places import Places
from catallax.kernels.messages import sum_newer
from catallax.placement import Placement

KINDS = ("report", "directive", "quote")  # first axis of a week's ages
AUDITS = ("audit", "audited")  # kinds that ask for and mark a report, and are no facts or orders


@final
class MessageLatency:
    """Sums and counts of ages in ticks, by kind, of one run; it grows with each week.

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

    def after_start(self) -> "MessageLatency":
        """The same from week 0 on: what was known before is known, but does not count."""
        fresh = MessageLatency()
        fresh.known = self.known
        return fresh

    def add_decision(self, sent: Table, directive: Table | None, tick: int) -> None:
        """The centre has just decided on reports that were `sent` at these ticks."""
        if directive is None or not _speaks(directive):
            return
        for now, before in ((sent.row, self.known.row), (sent.link, self.known.link)):
            for kind, column in _facts(now):
                self.heard += _sum_new_ages(column, before.get(kind), tick)
        self.known = sent

    def add_week(self, told: Floats, quoted: Floats) -> None:
        """Everybody has just acted, and nature accepted it; a week ends.

        told   : (2,) sum and number of the ages of all that rows have been told
        quoted : (2,) the same of the quotes on links that are asked on
        """
        self.weeks.append(np.array([self.heard, told, quoted]))
        self.heard = np.zeros(2)

    def series(self) -> dict[str, Floats]:
        """ages : (weeks, 3, 2) by kind: sum of ages in ticks and how many there were."""
        return {"ages": np.array(self.weeks)}


def sum_ages_told(post: Post, places: Places) -> Floats:
    """(runs, 2) sum and number of the ages of all that was told in each run."""
    total = np.zeros((places.runs, 2))
    for place, columns in ((places.rows, post.sent.row), (places.links, post.sent.link)):
        for kind, sent in columns.items():
            never = sent.strides == (0,) and sent[0] == -np.inf
            if kind not in AUDITS and not never:
                total += _sum_ages(sent, post.now, place)
    return total


def _sum_ages(sent: Floats, now: int, place: Placement) -> Floats:
    """(runs, 2) of one column; the ages are whole numbers, and so exact in any order."""
    if sent.strides == (0,):  # all told at once
        return np.array([(now - sent[0]) * place.one, place.one])
    arrived = sent > -np.inf
    ages = np.where(arrived, now - sent, 0.0)
    return np.array([place.sums(ages), place.sums(arrived)]).T


def _facts(columns: Mapping[str, Floats]) -> Iterator[tuple[str, Floats]]:
    """Columns by kind without audits; those that nobody asks for are not looked at."""
    return ((kind, columns[kind]) for kind in columns if kind not in AUDITS)


def _sum_new_ages(sent: Floats, before: Floats | None, tick: int) -> Floats:
    """(2,) sum and number of the ages of what was sent later than what was known `before`."""
    known = np.broadcast_to(-np.inf, sent.shape) if before is None else before
    if sent.strides == (0,) == known.strides:  # all sent at once, or never, now as before
        count, total = len(sent) * (sent[0] > known[0]), len(sent) * sent[0]
        return np.array([tick * count - total, count]) if count else np.zeros(2)
    count, total = sum_newer(sent, known)
    return np.array([tick * count - total, count])


def _speaks(mail: Table) -> bool:
    both = (*_facts(mail.row), *_facts(mail.link))
    return any(not np.isnan(column).all() for _, column in both)
