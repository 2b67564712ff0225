"""What is asked of many runs: comparisons, sweeps, maps, tuning, claims, sensitivity, searches."""

from catallax.study.comparison import Comparison, Outcome, compare
from catallax.study.statistics import Summary

__all__ = ["Comparison", "Outcome", "Summary", "compare"]
