"""What single kinds of report are evidence of, in logs about the public value, and how good."""

from typing import NamedTuple

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.domains.production.mechanisms.audit import TINY
from catallax.domains.production.mechanisms.ground import Ground
from catallax.domains.production.network import tilt
from catallax.kernels.reports import any_news, find_bought_tastes, find_told_tastes
from catallax.learning import Followed

CHANCE = 3.0  # standard errors beyond which a mean is no chance

Evidence = tuple[Floats, Bools, Floats]
"""What is shown, where it is shown, and the s.d. of its error: what a forecaster takes in."""


class Ages(NamedTuple):
    """How old reports of a kind are, in ticks.

    now, before : (k,) ages, and those when the kind was last looked at
    past        : ticks since then
    """

    now: Floats
    before: Floats
    past: float

    @property
    def fresh(self) -> Bools:
        """(k,) whether a report is new."""
        return np.asarray(self.now < self.before + self.past)

    @property
    def any(self) -> bool:
        """Whether any is new."""
        return any_news(self.now, self.before, float(self.past))

    def of(self, part: slice) -> "Ages":
        """Those of a range."""
        return Ages(self.now[part], self.before[part], self.past)


def ratio(said: Floats, public: Floats, fresh: Bools) -> tuple[Floats, Bools]:
    """Logs of what was said over the public value, and where there is one."""
    live = fresh & (said > 0) & (public > 0)
    return np.log(np.where(live, said, 1.0) / np.where(live, public, 1.0)), live


def told_tastes(ground: Ground, said: Floats, ages: Ages) -> Evidence:
    """Tastes by nest as told: mean log share (m,) of its links against the public one."""
    said, ages = said[ground.last], ages.of(ground.last)
    public = ground.share, ground.part, ground.weight
    taste = find_told_tastes(ground.final, *public, said, *ages)
    return taste, ~np.isnan(taste), ground.error_share


def bought_tastes(ground: Ground, asked: Floats, ages: Ages, paid: Floats) -> Evidence:
    """Tastes by nest as revealed by what final users `asked` for (m,) at prices `paid` (f,)."""
    asked, ages = asked[ground.last], ages.of(ground.last)
    public = ground.share, ground.log_unit, ground.weight, ground.sigma, ground.eps
    taste = find_bought_tastes(ground.final, *public, paid, asked, *ages)
    return taste, ~np.isnan(taste), ground.error_asked


def tilted(ground: Ground, taste: Floats) -> tuple[Floats, Floats]:
    """Shares and norms of all links (m,) after log tastes (G,) of final users."""
    share, norm = ground.base.share.copy(), ground.base.norm.copy()
    moved = tilt(ground.final, ground.share, ground.norm, taste)
    share[ground.last], norm[ground.last] = moved
    return share, norm


def blended(
    said: tuple[Followed, Floats], seen: tuple[Followed, Floats], *, talk_in: int = 1
) -> Floats:
    """What was told and what was seen, weighed by how much words leave out.

    talk_in : which of the two is taken to err where they differ in the same way over all rows:
              0 what was told, 1 what was seen
    """
    (told_of, told), (shown_of, shown) = said, seen
    if not shown_of.told:
        return told
    heard, watched = told_of.count > 0, shown_of.count > 0
    both = heard & watched
    gap = shown - told
    if both.any():
        talk = _talk(gap[both])
        gap, told = gap - talk, told + talk if talk_in == 0 else told
    unsaid = _unsaid(gap[both], (told_of.error + shown_of.error)[both]) if both.any() else 0.0
    weight = np.where(both, unsaid / (unsaid + shown_of.error + TINY), watched)
    return np.asarray(told + weight * gap)


def _unsaid(gap: Floats, error: Floats) -> float:
    """Variance of gaps beyond that of their errors; where errors differ, the sure ones count most
    (DerSimonian & Laird 1986)."""
    weight = 1.0 / (error / error.max() + TINY) ** 2 if error.max() > 0 else np.ones_like(error)
    return max(float((weight * (gap**2 - error)).sum() / weight.sum()), 0.0)


def _talk(gap: Floats) -> float:
    """The mean gap where it is more than chance: what nobody can say has mean 0 over rows."""
    mean, error = float(gap.mean()), float(gap.std() / np.sqrt(len(gap)))
    return mean if abs(mean) > CHANCE * error else 0.0
