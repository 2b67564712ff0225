"""One file per published institution."""

from collections.abc import Mapping

from catallax.mechanisms.base import Agents, Centre, Mechanism
from catallax.mechanisms.five_year_plan import FiveYearPlan, Obedient, five_year_plan
from catallax.mechanisms.market import Market, market

REGISTRY = {"market": market, "five_year_plan": five_year_plan}
"""Every registered mechanism by name: a function of its settings."""

VARIANTS: Mapping[str, Mapping[str, Mapping[str, bool | int | float | str]]] = {
    "five_year_plan": {"rigid": {"period": 260}},
}
"""Mechanism -> word -> the settings that the word stands for: `five_year_plan:rigid`."""

__all__ = [
    "REGISTRY",
    "VARIANTS",
    "Agents",
    "Centre",
    "FiveYearPlan",
    "Market",
    "Mechanism",
    "Obedient",
    "five_year_plan",
    "market",
]
