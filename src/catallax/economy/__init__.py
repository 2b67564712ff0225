"""The economy that every institution meets: physics of rows, the week, shocks, real tables."""

from catallax.economy.economy import Economy, calibrate
from catallax.economy.generate import generate
from catallax.economy.real import from_table, us15, us71
from catallax.economy.shocks import (
    Disturbance,
    Shock,
    Tariff,
    announced,
    rate_at,
    supply_at,
    technology_at,
)
from catallax.economy.state import State, Week, start
from catallax.economy.week import fault, settle, step

__all__ = [
    "Disturbance",
    "Economy",
    "Shock",
    "State",
    "Tariff",
    "Week",
    "announced",
    "calibrate",
    "fault",
    "from_table",
    "generate",
    "rate_at",
    "settle",
    "start",
    "step",
    "supply_at",
    "technology_at",
    "us15",
    "us71",
]
