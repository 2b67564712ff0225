"""Prices against quantities: a price, a quota or both, where only plants know their costs."""

from catallax.domains.prices_quantities.contract import PlantsContract
from catallax.domains.prices_quantities.domain import DOMAIN
from catallax.domains.prices_quantities.mechanisms import (
    CommonKnowledge,
    Instrument,
    PlantView,
    TradedInstrument,
    full_information,
    habit,
    hybrid,
    licences,
    price,
    quantity,
)
from catallax.domains.prices_quantities.run import PlantsRun
from catallax.domains.prices_quantities.shocks import CostShift, PlantsShock

__all__ = [
    "DOMAIN",
    "CommonKnowledge",
    "CostShift",
    "Instrument",
    "PlantView",
    "PlantsContract",
    "PlantsRun",
    "PlantsShock",
    "TradedInstrument",
    "full_information",
    "habit",
    "hybrid",
    "licences",
    "price",
    "quantity",
]
