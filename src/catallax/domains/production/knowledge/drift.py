"""How facts move: surprises that revert, rare jumps, and a course that history predicts.

Every item (a household's taste for a good, a plant's productivity) moves in both of its parts,
what can be said and what cannot, alike in law and uncorrelated. A week's move depends on seed,
kind of fact and week alone.
"""

import numpy as np

from catallax.arrays import Floats
from catallax.domains.production.knowledge.law import KnowledgeLaw
from catallax.domains.production.knowledge.tacit import PARTS
from catallax.streams import Draws, Extent, size_of

YEAR = 52  # weeks of a season, and on average between two jumps of an item


def wander(
    law: KnowledgeLaw,
    sd: float,
    kind: str,
    before: Floats,
    extent: Extent,
    streams: Draws,
    t: int,
) -> Floats:
    """(2, k) unpredicted deviations in week `t`, not the first, from those of the week `before`.

    sd     : s.d. of the whole weekly change
    kind   : names the streams; "" for tastes
    extent : k, or where runs stand in it

    A share `novelty` of the variance is news, of which a share `jump` comes in jumps: in a week
    an item jumps with chance 1/52, in both of its parts at once, as far as keeps the variance.
    """
    calm = sd * np.sqrt(law.novelty * (1.0 - law.jump))
    after = before * (1.0 - law.reversion)
    now = None
    if law.jump > 0.0:
        now = streams.uniform(f"jump/{kind}when", extent, t) < 1.0 / YEAR
    for row, part in zip(after, PARTS, strict=True):
        news = calm * streams.normal(f"drift/{kind}{part}", extent, t)
        if now is not None:
            leap = sd * np.sqrt(law.novelty * law.jump * YEAR)
            news += leap * now * streams.normal(f"jump/{kind}{part}", extent, t)
        row += news
    return np.asarray(after)


def find_course(
    law: KnowledgeLaw, sd: float, kind: str, extent: Extent, streams: Draws, t: int
) -> Floats:
    """(2, k) predictable deviations in week `t`: its mean square weekly change is the rest.

    extent : k, or where runs stand in it

    Seasonal: a sine of 52 weeks with a phase of its own for each item and part; its mean square
    weekly change, 2 a^2 sin^2(pi/52), is (1 - novelty) sd^2. Trending: a slope of its own.
    """
    rest = sd * np.sqrt(1.0 - law.novelty)
    if rest == 0.0:
        return np.zeros((2, size_of(extent)))
    if law.pattern == "trending":
        slope = np.array([streams.normal(f"trend/{kind}{part}", extent) for part in PARTS])
        return np.asarray(t * rest * slope)
    phase = np.array([streams.uniform(f"season/{kind}{part}", extent) for part in PARTS])
    height = rest / (np.sqrt(2.0) * np.sin(np.pi / YEAR))
    return np.asarray(height * np.sin(2.0 * np.pi * (t % YEAR / YEAR + phase)))
