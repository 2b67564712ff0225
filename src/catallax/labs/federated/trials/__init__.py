"""Federated, pooled and local-only learning on one setting; privacy; the price as a model."""

from catallax.labs.federated.trials.border import AXES, Border, border
from catallax.labs.federated.trials.bridge import (
    Bridge,
    bridge,
    regional_economy,
    regions_drawn,
)
from catallax.labs.federated.trials.cost import Costs, costs
from catallax.labs.federated.trials.law import Rows, Setting, rows
from catallax.labs.federated.trials.leak import KINDS, Heard, Leaks, leaks
from catallax.labs.federated.trials.rivals import WAYS, Path, Rivals, paths, rivals

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
