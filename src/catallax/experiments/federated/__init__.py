"""Federated, pooled and local-only learning on one setting; privacy; the price as a model."""

from catallax.experiments.federated.border import AXES, Border, border
from catallax.experiments.federated.bridge import (
    Bridge,
    bridge,
    regional_economy,
    regions_drawn,
)
from catallax.experiments.federated.cost import Costs, costs
from catallax.experiments.federated.law import Rows, Setting, rows
from catallax.experiments.federated.leak import KINDS, Heard, Leaks, leaks
from catallax.experiments.federated.rivals import WAYS, Path, Rivals, paths, rivals

__all__ = [
    "AXES",
    "KINDS",
    "WAYS",
    "Border",
    "Bridge",
    "Costs",
    "Heard",
    "Leaks",
    "Path",
    "Rivals",
    "Rows",
    "Setting",
    "border",
    "bridge",
    "costs",
    "leaks",
    "paths",
    "regional_economy",
    "regions_drawn",
    "rivals",
    "rows",
]
