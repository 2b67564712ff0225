"""Input-output tables: those that are shipped, with their sources, and readers of users' own."""

from catallax.economy.tables.mend import TOLERANCE
from catallax.economy.tables.moved import Moved
from catallax.economy.tables.read import read_table
from catallax.economy.tables.regions import RegionalTable
from catallax.economy.tables.sources import (
    ARMINGTON,
    CONSUMPTION_ELASTICITY,
    INCOME_SPREAD,
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
    "INCOME_SPREAD",
    "QUINTILE_SHARES",
    "RESOURCE_RENT_SHARE",
    "SIGMA",
    "SIGMA_DISTRIBUTION",
    "SIGMA_ERROR",
    "TOLERANCE",
    "USERS",
    "InputOutputTable",
    "LogNormal",
    "Moved",
    "RegionalTable",
    "Sourced",
    "load",
    "read_table",
    "shipped",
]
