"""One file per published institution."""

from collections.abc import Mapping

from catallax.mechanisms.ai_planner import AIPlanner, ai_planner
from catallax.mechanisms.base import Agents, Centre, Mechanism
from catallax.mechanisms.five_year_plan import FiveYearPlan, five_year_plan
from catallax.mechanisms.market import Market, market
from catallax.mechanisms.planned import DELEGATIONS, Planned

REGISTRY = {"market": market, "ai_planner": ai_planner, "five_year_plan": five_year_plan}
"""Every registered mechanism by name: a function of its settings."""

_DELEGATED = {name: {"delegation": name} for name in DELEGATIONS}

VARIANTS: Mapping[str, Mapping[str, Mapping[str, bool | int | float | str]]] = {
    "ai_planner": _DELEGATED,
    "five_year_plan": {**_DELEGATED, "rigid": {"period": 260}},
}
"""Mechanism -> word -> the settings that the word stands for: `five_year_plan:rigid`."""

__all__ = [
    "DELEGATIONS",
    "REGISTRY",
    "VARIANTS",
    "AIPlanner",
    "Agents",
    "Centre",
    "FiveYearPlan",
    "Market",
    "Mechanism",
    "Planned",
    "ai_planner",
    "five_year_plan",
    "market",
]
