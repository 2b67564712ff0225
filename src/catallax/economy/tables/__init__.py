"""Real economies: input-output tables that are shipped with the package, and their sources."""

from catallax.economy.tables.sources import (
    ARMINGTON,
    CONSUMPTION_ELASTICITY,
    QUINTILE_SHARES,
    RESOURCE_RENT_SHARE,
    SIGMA,
    SIGMA_DISTRIBUTION,
    SIGMA_ERROR,
    LogNormal,
    Sourced,
)
from catallax.economy.tables.table import USERS, InputOutputTable, load, shipped

__all__ = [
    "ARMINGTON",
    "CONSUMPTION_ELASTICITY",
    "QUINTILE_SHARES",
    "RESOURCE_RENT_SHARE",
    "SIGMA",
    "SIGMA_DISTRIBUTION",
    "SIGMA_ERROR",
    "USERS",
    "InputOutputTable",
    "LogNormal",
    "Sourced",
    "load",
    "shipped",
]
