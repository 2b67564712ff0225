"""The economy that every institution meets: physics of rows, the week, shocks, real tables."""

from catallax.economy.economy import Economy, calibrate
from catallax.economy.generate import generate, small
from catallax.economy.real import from_table, us15, us71
from catallax.economy.shocks import Shock, announced, supply_at
from catallax.economy.state import State, Week, start
from catallax.economy.week import fault, settle, step

__all__ = [
    "Economy",
    "Shock",
    "State",
    "Week",
    "announced",
    "calibrate",
    "fault",
    "from_table",
    "generate",
    "settle",
    "small",
    "start",
    "step",
    "supply_at",
    "us15",
    "us71",
]
