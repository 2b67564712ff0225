"""Claims of two essays, each with its experiment, its rule and its answer."""

from catallax.experiments.claims.answer import Answer, answers, disagree
from catallax.experiments.claims.declared import UNVERIFIED, Claim, Part, Plan, Registry
from catallax.experiments.claims.places import places
from catallax.experiments.claims.read import registry
from catallax.experiments.claims.record import FILE, Record, recorded
from catallax.experiments.claims.samples import Sample, cells
from catallax.experiments.claims.verdict import VERDICTS, Finding, Spot, find

__all__ = [
    "FILE",
    "UNVERIFIED",
    "VERDICTS",
    "Answer",
    "Claim",
    "Finding",
    "Part",
    "Plan",
    "Record",
    "Registry",
    "Sample",
    "Spot",
    "answers",
    "cells",
    "disagree",
    "find",
    "places",
    "recorded",
    "registry",
]
