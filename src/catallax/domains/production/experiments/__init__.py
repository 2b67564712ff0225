"""Contracts of the production economy that ask a question, and what is learned from them."""

from catallax.domains.production.experiments.bound import (
    Gap,
    Gaps,
    bound_gap,
    perfect_foresight,
    shortage,
)
from catallax.domains.production.experiments.free import FREE, free
from catallax.domains.production.experiments.oil import oil
from catallax.domains.production.experiments.question import question
from catallax.domains.production.experiments.registry import EXPERIMENTS, experiment
from catallax.domains.production.experiments.tariff import tariff
from catallax.domains.production.experiments.tin import tin

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
