"""One file per published institution."""

from catallax.mechanisms.base import Agents, Centre, Mechanism
from catallax.mechanisms.five_year_plan import FiveYearPlan, Obedient, five_year_plan
from catallax.mechanisms.market import Market, market

REGISTRY = {"market": market, "five_year_plan": five_year_plan}
"""Every registered mechanism by name: a function of its settings."""

__all__ = [
    "REGISTRY",
    "Agents",
    "Centre",
    "FiveYearPlan",
    "Market",
    "Mechanism",
    "Obedient",
    "five_year_plan",
    "market",
]
