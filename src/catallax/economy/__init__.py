"""The economy that every institution meets: physics of rows, the week, shocks, real tables."""

from catallax.economy.disaggregate import disaggregate
from catallax.economy.economy import Economy, calibrate
from catallax.economy.faults import fault
from catallax.economy.generate import generate, small
from catallax.economy.named import economy_named, is_path, read_economy
from catallax.economy.real import from_table, us15, us71
from catallax.economy.regional import from_regions
from catallax.economy.shocks import (
    KINDS,
    RESOURCE,
    Disturbance,
    Reach,
    Shock,
    Tariff,
    announced,
    rate_at,
    shock_of,
    supply_at,
    technology_at,
)
from catallax.economy.state import State, Week, start
from catallax.economy.tables import InputOutputTable, RegionalTable, read_table
from catallax.economy.town import town
from catallax.economy.week import Checked, checked, settle, step

__all__ = [
    "KINDS",
    "RESOURCE",
    "Checked",
    "Disturbance",
    "Economy",
    "InputOutputTable",
    "Reach",
    "RegionalTable",
    "Shock",
    "State",
    "Tariff",
    "Week",
    "announced",
    "calibrate",
    "checked",
    "disaggregate",
    "economy_named",
    "fault",
    "from_regions",
    "from_table",
    "generate",
    "is_path",
    "rate_at",
    "read_economy",
    "read_table",
    "settle",
    "shock_of",
    "small",
    "start",
    "step",
    "supply_at",
    "technology_at",
    "town",
    "us15",
    "us71",
]
