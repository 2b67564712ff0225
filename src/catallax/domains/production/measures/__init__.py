"""Pure functions of stored runs, each with a unit, a direction and a source."""

from catallax.domains.production.measures.assess import Assessed, assess
from catallax.domains.production.measures.catalogue import MEASURES, explain, measure_all
from catallax.domains.production.measures.dynamics import compute_adaptation_lag, compute_area_lost
from catallax.domains.production.measures.income_optimum import find_best_log, measure_nash_welfare
from catallax.domains.production.measures.scarcity import Cuts, find_cuts, find_scarcity_price
from catallax.domains.production.run import sample_weeks
from catallax.protocol import Measure, Measured
from catallax.renamed import hand_out_old_names

__all__ = [
    "MEASURES",
    "Assessed",
    "Cuts",
    "Measure",
    "Measured",
    "assess",
    "compute_adaptation_lag",
    "compute_area_lost",
    "explain",
    "find_best_log",
    "find_cuts",
    "find_scarcity_price",
    "measure_all",
    "measure_nash_welfare",
    "sample_weeks",
]

hand_out_old_names(__name__)
