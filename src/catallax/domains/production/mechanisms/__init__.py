"""One file per published institution."""

from collections.abc import Callable, Mapping

from catallax.domains.production.mechanisms.ai_market import AIMarket, ai_market
from catallax.domains.production.mechanisms.ai_planner import AIPlanner, ai_planner
from catallax.domains.production.mechanisms.base import Agents, Centre, Mechanism
from catallax.domains.production.mechanisms.federated_market import (
    FederatedMarket,
    federated_market,
)
from catallax.domains.production.mechanisms.five_year_plan import FiveYearPlan, five_year_plan
from catallax.domains.production.mechanisms.habit import HabitualAgents, habit
from catallax.domains.production.mechanisms.market import Market, market
from catallax.domains.production.mechanisms.planner import DELEGATIONS, DirectedAgents
from catallax.renamed import hand_out_old_names

REGISTRY: Mapping[str, Callable[..., Mechanism]] = {
    "market": market,
    "ai_market": ai_market,
    "federated_market": federated_market,
    "ai_planner": ai_planner,
    "five_year_plan": five_year_plan,
    "habit": habit,
}
"""Every registered mechanism by name: a function of its settings."""

VARIANTS: Mapping[str, Mapping[str, Mapping[str, bool | int | float | str]]] = {
    "market": {
        "exchange": {
            "exchange": True,
            "quote_smoothing": 0.507,
            "kappa": 0.00853,
            "theta": 0.308,
            "clearing": 0.062,
            "taut": 0.0181,
            "beta": 0.0333,
            "a": 0.0447,
            "cover": 0.0186,
            "smoothing": 0.644,
        }
    },
    "ai_planner": {
        "in_kind": {"delegation": "in_kind", "taut": 0.23},
        "own_mix": {"delegation": "own_mix", "taut": 0.032, "cover": 0.132},
        "retail": {"delegation": "retail"},
        "plain": {
            "forecast": "holt_winters",
            "taut": 0.0327,
            "weight": 0.123,
            "cover": 0.0866,
            "lag_compensation": False,
            "infer_elasticities": False,
            "accounts": False,
            "horizon": 0,
        },
    },
    "five_year_plan": {
        "in_kind": {
            "delegation": "in_kind",
            "smoothing": 0.537,
            "taut": 0.28,
            "reserve": 0.00652,
            "priority": 0.182,
        },
        "own_mix": {
            "delegation": "own_mix",
            "smoothing": 0.0507,
            "taut": 0.196,
            "cover": 0.0798,
            "reserve": 0.0326,
            "priority": 0.304,
        },
        "retail": {"delegation": "retail"},
        "rigid": {"period": 260, "correction": 0, "reserve": 0.0, "priority": 0.0},
        "norms": {
            "smoothing": 0.0115,
            "taut": 0.262,
            "cover": 0.248,
            "correction": 0,
            "fixed_norms": True,
            "reserve": 0.0,
            "priority": 0.0,
            "announcements": False,
        },
    },
}
"""Mechanism -> word -> the settings that the word stands for: `five_year_plan:rigid`.

Gains are the best of the records of tuning; those of `retail` are the planners' own defaults."""

__all__ = [
    "DELEGATIONS",
    "REGISTRY",
    "VARIANTS",
    "AIMarket",
    "AIPlanner",
    "Agents",
    "Centre",
    "DirectedAgents",
    "FederatedMarket",
    "FiveYearPlan",
    "HabitualAgents",
    "Market",
    "Mechanism",
    "ai_market",
    "ai_planner",
    "federated_market",
    "five_year_plan",
    "habit",
    "market",
]

hand_out_old_names(__name__)
