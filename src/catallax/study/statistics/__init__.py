"""How sure a result is: paired differences, many cells at once, and looking more than once."""

from catallax.study.statistics.chance import count_by_chance
from catallax.study.statistics.holm import Holm, holm
from catallax.study.statistics.looks import FIRST, cost, look, next_look
from catallax.study.statistics.paired import Estimate, estimate_mean
from catallax.study.statistics.verdict import Verdict, verdicts

__all__ = [
    "FIRST",
    "Estimate",
    "Holm",
    "Verdict",
    "cost",
    "count_by_chance",
    "estimate_mean",
    "holm",
    "look",
    "next_look",
    "verdicts",
]
