"""Catallax: rival ways of coordinating an economy, run under one contract."""

from catallax.economy import Economy, Shock, generate, us15, us71
from catallax.errors import CatallaxError, InputError, MissingExtra
from catallax.experiments import Comparison, compare, tin
from catallax.knowledge import ChannelLaw, KnowledgeLaw, LineLaw
from catallax.measures import assess, measure_all
from catallax.mechanisms import Agents, Centre, Mechanism, five_year_plan, market
from catallax.optimum import farrell, solve
from catallax.run import Contract, Run, StaticOptimum, simulate

__version__ = "0.1.0"

__all__ = [
    "Agents",
    "CatallaxError",
    "Centre",
    "ChannelLaw",
    "Comparison",
    "Contract",
    "Economy",
    "InputError",
    "KnowledgeLaw",
    "LineLaw",
    "Mechanism",
    "MissingExtra",
    "Run",
    "Shock",
    "StaticOptimum",
    "__version__",
    "assess",
    "compare",
    "farrell",
    "five_year_plan",
    "generate",
    "market",
    "measure_all",
    "simulate",
    "solve",
    "tin",
    "us15",
    "us71",
]
