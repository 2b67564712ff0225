"""Pure functions of stored runs, each with a unit, a direction and a source."""

from catallax.domains.production.measures.adaptation import adaptation_lag, area_lost
from catallax.domains.production.measures.assess import Assessed, assess
from catallax.domains.production.measures.measure import MEASURES, explain, measure_all
from catallax.domains.production.measures.measured import Measure, Measured
from catallax.domains.production.measures.nash import best_log, nash_welfare
from catallax.domains.production.measures.scarcity import Cuts, cuts, scarcity_price
from catallax.domains.production.run import sample_weeks

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
