"""Reports that say something together only if they are of one tick, filed until all have come.

What was made out of what was used shows productivity, and what was taken of what was made shows
who pads, but only where both were written at the same tick. Where kinds of report travel at
their own speeds, the quick ones are put by until the slow ones of that tick arrive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, final

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.network import Inbox, Rows

FILED = ("output", "used", "got")  # kinds that are read together


class Paper(NamedTuple):
    """What stood in the inbox of one kind.

    said    : (k,) what was said
    age     : (k,) in ticks, at `tick`; infinite where nothing was heard
    newest  : tick of writing of the newest, -inf if nothing was heard
    """

    said: Floats
    age: Floats
    tick: int
    newest: float

    @property
    def written(self) -> Floats:
        """(k,) tick of writing, -inf where nothing was heard."""
        return self.tick - self.age


class Pair(NamedTuple):
    """What plants made (n,) and used (m,), and the ages of both in ticks.

    Where the two are not of one tick, their ages differ or are infinite.
    """

    output: Floats
    used: Floats
    output_age: Floats
    used_age: Floats


class Books(NamedTuple):
    """Output (n,), inputs used (m,) and receipts (m,) written at one tick."""

    output: Floats
    used: Floats
    got: Floats


@final
@dataclass(frozen=True, eq=False)
class Files:
    """What was heard of `FILED` kinds and can still be matched with what is to come.

    papers   : kind -> what stood in the inbox, the newest first
    newest   : kind -> tick of writing of the newest that was heard
    wait     : ticks that the slowest kind took to arrive, so far; at first the line's own delay
    compared : tick of writing of the last books that were compared
    """

    papers: Mapping[str, tuple[Paper, ...]] = field(default_factory=dict)
    newest: Mapping[str, float] = field(default_factory=dict)
    wait: float = 0.0
    compared: float = -np.inf

    def opened(self, inbox: Inbox, ages: Mapping[str, Floats], tick: int) -> "Files":
        """With what stands in the inbox on top; ages are those of `FILED` kinds."""
        said = {k: (inbox.value.row if k == "output" else inbox.value.link)[k] for k in FILED}
        now = {k: Paper(said[k], ages[k], tick, tick - float(np.min(ages[k]))) for k in FILED}
        new = [p for k, p in now.items() if p.newest > self.newest.get(k, -np.inf)]
        return replace(
            self,
            papers={k: (p, *self.papers.get(k, ())) for k, p in now.items()},
            newest={k: p.newest for k, p in now.items()},
            wait=max([self.wait, *(tick - p.newest for p in new)]),
        )

    def closed(self, tick: int) -> "Files":
        """Without what nothing that is still to come can be of the same tick as."""
        kept = {
            k: tuple(p for p in papers if p.newest > tick - self.wait)
            for k, papers in self.papers.items()
        }
        return replace(self, papers=kept)

    def pair(self, rows: Rows) -> Pair:
        """The newest output and inputs of each plant, of one tick where kinds differ in speed."""
        made, used = self.papers["output"], self.papers["used"]
        now = Pair(made[0].said, used[0].said, made[0].age, used[0].age)
        if made[0].newest == used[0].newest:  # they travel together
            return now
        least = np.full(rows.n, np.inf)
        np.minimum.at(least, rows.row_of, used[0].written)
        tick = np.minimum(made[0].written, least)
        output, inputs = _of(made, tick), _of(used, rows.spread(tick))
        lost = np.isnan(output) | (rows.sum(np.isnan(inputs).astype(float)) > 0)
        age = np.where(lost, np.inf, made[0].tick - tick)
        link_age = rows.spread(age)
        output = np.where(lost, now.output, output)
        return Pair(output, np.where(np.isinf(link_age), now.used, inputs), age, link_age)

    def books(self) -> tuple["Files", Books | None]:
        """The newest books that were not compared yet, once all of that tick have come."""
        for got in self.papers["got"]:
            both = [_about(self.papers[k], got.newest) for k in ("output", "used")]
            if got.newest > self.compared and both[0] is not None and both[1] is not None:
                return replace(self, compared=got.newest), Books(both[0], both[1], got.said)
        return self, None


def _of(papers: tuple[Paper, ...], tick: Floats) -> Floats:
    """(k,) what was written at the tick of each place, NaN where no paper has it."""
    found = np.full(len(tick), np.nan)
    for paper in papers:
        found = np.where(np.isnan(found) & (paper.written == tick), paper.said, found)
    return found


def _about(papers: tuple[Paper, ...], tick: float) -> Floats | None:
    """What stood in the inbox with something written at `tick`; who was audited since is newer."""
    at = (p for p in papers if p.newest == tick or (p.newest > tick and (p.written == tick).any()))
    return next((p.said for p in at), None)
