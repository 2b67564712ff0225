"""The economy that every institution meets: physics of rows, the week, shocks, real tables."""

from catallax.domains.production.economy.disaggregate import disaggregate
from catallax.domains.production.economy.economy import Economy, calibrate
from catallax.domains.production.economy.faults import find_fault
from catallax.domains.production.economy.generate import generate, small
from catallax.domains.production.economy.named import economy_named, is_path, read_economy
from catallax.domains.production.economy.real import from_table, us15, us71
from catallax.domains.production.economy.regional import from_regions
from catallax.domains.production.economy.shocks import (
    KINDS,
    RESOURCE,
    Disturbance,
    Reach,
    Shock,
    Tariff,
    find_rate,
    find_supply,
    find_technology,
    list_announcements,
    read_shock,
)
from catallax.domains.production.economy.state import State, Week, start_state
from catallax.domains.production.economy.tables import InputOutputTable, RegionalTable, read_table
from catallax.domains.production.economy.town import town
from catallax.domains.production.economy.week import (
    CheckedWeek,
    advance_state,
    check_and_settle,
    settle_act,
)
from catallax.renamed import hand_out_old_names

__all__ = [
    "KINDS",
    "RESOURCE",
    "CheckedWeek",
    "Disturbance",
    "Economy",
    "InputOutputTable",
    "Reach",
    "RegionalTable",
    "Shock",
    "State",
    "Tariff",
    "Week",
    "advance_state",
    "calibrate",
    "check_and_settle",
    "disaggregate",
    "economy_named",
    "find_fault",
    "find_rate",
    "find_supply",
    "find_technology",
    "from_regions",
    "from_table",
    "generate",
    "is_path",
    "list_announcements",
    "read_economy",
    "read_shock",
    "read_table",
    "settle_act",
    "small",
    "start_state",
    "town",
    "us15",
    "us71",
]

hand_out_old_names(__name__)
