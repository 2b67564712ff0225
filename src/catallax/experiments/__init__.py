"""Many runs: what is compared, on which seeds, and with what intervals."""

from catallax.experiments.bound import Gap, Gaps, bound_gap, perfect_foresight, shortage
from catallax.experiments.compare import Comparison, Outcome, Summary, compare
from catallax.experiments.registry import (
    EXPERIMENTS,
    Experiment,
    every_mechanism,
    experiment,
    mechanism_named,
)
from catallax.experiments.tin import tin

__all__ = [
    "EXPERIMENTS",
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
    "mechanism_named",
    "perfect_foresight",
    "shortage",
    "tin",
]
