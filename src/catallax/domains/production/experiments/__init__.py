"""Contracts of the production economy that ask a question, and what is learned from them."""

from catallax.domains.production.experiments.bound import (
    Gap,
    Gaps,
    bound_gap,
    perfect_foresight,
    shortage,
)
from catallax.domains.production.experiments.questions import (
    EXPERIMENTS,
    FREE,
    experiment,
    free,
    oil,
    question,
    tariff,
    tin,
)

__all__ = [
    "EXPERIMENTS",
    "FREE",
    "Gap",
    "Gaps",
    "bound_gap",
    "experiment",
    "free",
    "oil",
    "perfect_foresight",
    "question",
    "shortage",
    "tariff",
    "tin",
]
