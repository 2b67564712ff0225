"""How sure a result is: paired differences, many cells at once, and looking more than once."""

from catallax.experiments.statistics.chance import by_chance
from catallax.experiments.statistics.holm import Holm, holm
from catallax.experiments.statistics.looks import FIRST, cost, look, next_look
from catallax.experiments.statistics.paired import Estimate, paired
from catallax.experiments.statistics.verdict import Verdict, verdicts

__all__ = [
    "FIRST",
    "Estimate",
    "Holm",
    "Verdict",
    "by_chance",
    "cost",
    "holm",
    "look",
    "next_look",
    "paired",
    "verdicts",
]
