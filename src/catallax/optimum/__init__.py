"""The full-information optimum of a technology, and how far an allocation is from it."""

from catallax.optimum.farrell import Efficiency, farrell
from catallax.optimum.solve import Optimum, Settled, solve

__all__ = ["Efficiency", "Optimum", "Settled", "farrell", "solve"]
