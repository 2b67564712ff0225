"""Many runs: what is compared, on which seeds, and with what intervals."""

from catallax.experiments.bound import Gap, Gaps, bound_gap, perfect_foresight, shortage
from catallax.experiments.compare import compare
from catallax.experiments.comparison import Comparison, Outcome
from catallax.experiments.free import FREE, free
from catallax.experiments.oil import oil
from catallax.experiments.question import question
from catallax.experiments.registry import (
    EXPERIMENTS,
    every_mechanism,
    experiment,
    mechanism_named,
)
from catallax.experiments.summary import Summary
from catallax.experiments.tariff import tariff
from catallax.experiments.tin import tin
from catallax.protocol import Experiment

__all__ = [
    "EXPERIMENTS",
    "FREE",
    "Comparison",
    "Experiment",
    "Gap",
    "Gaps",
    "Outcome",
    "Summary",
    "bound_gap",
    "compare",
    "every_mechanism",
    "experiment",
    "free",
    "mechanism_named",
    "oil",
    "perfect_foresight",
    "question",
    "shortage",
    "tariff",
    "tin",
]
