"""What is asked of many runs: comparisons, sweeps, maps, tuning, claims, sensitivity, searches."""

from catallax.study.compare import compare
from catallax.study.comparison import Comparison, Outcome
from catallax.study.summary import Summary

__all__ = ["Comparison", "Outcome", "Summary", "compare"]
