"""Pure functions of stored runs, each with a unit, a direction and a source."""

from catallax.measures.adaptation import adaptation_lag, area_lost
from catallax.measures.assess import Assessed, assess
from catallax.measures.measure import MEASURES, explain, measure_all
from catallax.measures.measured import Measure, Measured
from catallax.measures.nash import best_log, nash_welfare
from catallax.measures.scarcity import Cuts, cuts, scarcity_price
from catallax.run import sample_weeks

__all__ = [
    "MEASURES",
    "Assessed",
    "Cuts",
    "Measure",
    "Measured",
    "adaptation_lag",
    "area_lost",
    "assess",
    "best_log",
    "cuts",
    "explain",
    "measure_all",
    "nash_welfare",
    "sample_weeks",
    "scarcity_price",
]
