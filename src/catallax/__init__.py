"""Catallax: rival ways of coordinating an economy, run under one contract.

Names are imported when they are first used, so that `catallax --help` waits for no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catallax.domains.production.economy import (
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
    from catallax.domains.production.experiments import oil, tariff, tin
    from catallax.domains.production.knowledge import (
        BehaviourLaw,
        ChannelLaw,
        KnowledgeLaw,
        LineLaw,
    )
    from catallax.domains.production.measures import assess, measure_all
    from catallax.domains.production.mechanisms import (
        Agents,
        Centre,
        Mechanism,
        ai_planner,
        five_year_plan,
        habit,
        market,
    )
    from catallax.domains.production.optimum import farrell, solve
    from catallax.domains.production.run import Contract, Run, StaticOptimum, simulate
    from catallax.errors import CatallaxError, InputError, MissingExtra
    from catallax.study import Comparison, compare

from catallax.renamed import accept_old_names

__version__ = "0.1.0"

accept_old_names()

_FROM = {
    "domains.production.economy": "Economy InputOutputTable RegionalTable Shock Tariff "
    "disaggregate economy_named from_regions from_table generate read_economy read_table town "
    "us15 us71",
    "errors": "CatallaxError InputError MissingExtra",
    "study": "Comparison compare",
    "domains.production.experiments": "oil tariff tin",
    "domains.production.knowledge": "BehaviourLaw ChannelLaw KnowledgeLaw LineLaw",
    "domains.production.measures": "assess measure_all",
    "domains.production.mechanisms": "Agents Centre Mechanism ai_planner five_year_plan habit "
    "market",
    "domains.production.optimum": "farrell solve",
    "domains.production.run": "Contract Run StaticOptimum simulate",
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
    "habit",
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
