"""Claims of two essays, each with its experiment, its rule and its answer."""

from catallax.study.claims.answer import Answer, answers, disagree
from catallax.study.claims.declared import UNVERIFIED, Claim, Part, Plan, Registry
from catallax.study.claims.places import places
from catallax.study.claims.read import registry
from catallax.study.claims.record import FILE, Record, recorded
from catallax.study.claims.samples import Sample, cells
from catallax.study.claims.verdict import VERDICTS, Finding, Spot, find

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
