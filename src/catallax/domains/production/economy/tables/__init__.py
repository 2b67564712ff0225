"""Input-output tables: those that are shipped, with their sources, and readers of users' own."""

from catallax.domains.production.economy.tables.mend import TOLERANCE, MovedCell
from catallax.domains.production.economy.tables.read import read_table
from catallax.domains.production.economy.tables.regions import RegionalTable
from catallax.domains.production.economy.tables.sources import (
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
from catallax.domains.production.economy.tables.table import (
    USERS,
    InputOutputTable,
    list_shipped,
    load_table,
)
from catallax.renamed import hand_out_old_names

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
    "MovedCell",
    "RegionalTable",
    "Sourced",
    "list_shipped",
    "load_table",
    "read_table",
]

hand_out_old_names(__name__)
