"""Federated, pooled and local-only learning on one problem; privacy; the price as a model."""

from catallax.labs.federated.trials.border import AXES, LearningBorder, map_border
from catallax.labs.federated.trials.bridge import (
    PriceDiscovery,
    build_regional_economy,
    discover_price,
    draw_regions,
)
from catallax.labs.federated.trials.cost import PrivacyCosts, measure_costs
from catallax.labs.federated.trials.law import LearningProblem, LearningRows, draw_rows
from catallax.labs.federated.trials.leak import KINDS, Leakage, MessageKind, measure_leaks
from catallax.labs.federated.trials.rivals import (
    WAYS,
    LearningComparison,
    LearningCurve,
    compare_ways,
    train_every_way,
)
from catallax.renamed import hand_out_old_names

__all__ = [
    "AXES",
    "KINDS",
    "WAYS",
    "Leakage",
    "LearningBorder",
    "LearningComparison",
    "LearningCurve",
    "LearningProblem",
    "LearningRows",
    "MessageKind",
    "PriceDiscovery",
    "PrivacyCosts",
    "build_regional_economy",
    "compare_ways",
    "discover_price",
    "draw_regions",
    "draw_rows",
    "map_border",
    "measure_costs",
    "measure_leaks",
    "train_every_way",
]

hand_out_old_names(__name__)
