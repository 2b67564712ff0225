"""How old messages are when somebody acts on them: the delay of an institution's own loop.

Ages are those of the messages that really arrived, never the law's settings, so a plan of last
year, a silent row or a message that came late shows.
"""

from collections.abc import Iterable
from typing import final

import numpy as np

from catallax.network import Act, Floats, Table
from catallax.run.world import World

KINDS = ("report", "directive", "quote")  # first axis of a week's ages


@final
class Ages:
    """Sums and counts of ages in ticks, by kind; it grows with each week.

    report    : of all numbers that the centre has heard, when it sends a directive
    directive : of all numbers that rows have been told, when they act
    quote     : of the quotes on the links that are asked on, when they act

    What never arrived has no age and does not count.
    """

    def __init__(self) -> None:
        self.weeks: list[Floats] = []
        self.heard = np.zeros(2)

    def decided(self, world: World, directive: Table | None) -> None:
        """The centre has just decided."""
        if directive is not None and _spoken(directive):
            self.heard += _summed(_columns(world.reports.inbox.age))

    def acted(self, world: World, deed: Act) -> None:
        """Everybody has just acted, and nature accepted it; a week ends."""
        told = _summed(_columns(world.directives.inbox.age))
        quoted = _summed([world.quotes.inbox.age.link["price"][deed.ask > 0]])
        self.weeks.append(np.array([self.heard, told, quoted]))
        self.heard = np.zeros(2)

    def series(self) -> dict[str, Floats]:
        """ages : (weeks, 3, 2) by kind: sum of ages in ticks and how many there were."""
        return {"ages": np.array(self.weeks)}


def _columns(table: Table) -> list[Floats]:
    return [*table.row.values(), *table.link.values()]


def _spoken(mail: Table) -> bool:
    return any(not np.isnan(column).all() for column in _columns(mail))


def _summed(ages: Iterable[Floats]) -> Floats:
    """(2,) sum and number of the finite ages."""
    there = [age[np.isfinite(age)] for age in ages]
    return np.array([sum(a.sum() for a in there), sum(a.size for a in there)], dtype=np.float64)
