"""Catallax: rival ways of coordinating an economy, run under one contract.

Names are imported when they are first used, so that `catallax --help` waits for no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catallax.economy import (
        Economy,
        InputOutputTable,
        RegionalTable,
        Shock,
        Tariff,
        disaggregate,
        economy_named,
        from_regions,
        from_table,
        generate,
        read_economy,
        read_table,
        town,
        us15,
        us71,
    )
    from catallax.errors import CatallaxError, InputError, MissingExtra
    from catallax.experiments import Comparison, compare, oil, tariff, tin
    from catallax.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw
    from catallax.measures import assess, measure_all
    from catallax.mechanisms import Agents, Centre, Mechanism, ai_planner, five_year_plan, market
    from catallax.optimum import farrell, solve
    from catallax.run import Contract, Run, StaticOptimum, simulate

__version__ = "0.1.0"

_FROM = {
    "economy": "Economy InputOutputTable RegionalTable Shock Tariff disaggregate economy_named "
    "from_regions from_table generate read_economy read_table town us15 us71",
    "errors": "CatallaxError InputError MissingExtra",
    "experiments": "Comparison compare oil tariff tin",
    "knowledge": "BehaviourLaw ChannelLaw KnowledgeLaw LineLaw",
    "measures": "assess measure_all",
    "mechanisms": "Agents Centre Mechanism ai_planner five_year_plan market",
    "optimum": "farrell solve",
    "run": "Contract Run StaticOptimum simulate",
}
_PART = {name: part for part, names in _FROM.items() for name in names.split()}

__all__ = [
    "Agents",
    "BehaviourLaw",
    "CatallaxError",
    "Centre",
    "ChannelLaw",
    "Comparison",
    "Contract",
    "Economy",
    "InputError",
    "InputOutputTable",
    "KnowledgeLaw",
    "LineLaw",
    "Mechanism",
    "MissingExtra",
    "RegionalTable",
    "Run",
    "Shock",
    "StaticOptimum",
    "Tariff",
    "__version__",
    "ai_planner",
    "assess",
    "compare",
    "disaggregate",
    "economy_named",
    "farrell",
    "five_year_plan",
    "from_regions",
    "from_table",
    "generate",
    "market",
    "measure_all",
    "oil",
    "read_economy",
    "read_table",
    "simulate",
    "solve",
    "tariff",
    "tin",
    "town",
    "us15",
    "us71",
]


def __getattr__(name: str) -> Any:
    if name not in _PART:
        raise AttributeError(f"module 'catallax' has no attribute {name!r}")
    return getattr(import_module(f"catallax.{_PART[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
