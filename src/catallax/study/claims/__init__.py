"""Claims of two essays, each with its experiment, its rule and its answer."""

from catallax.study.claims.answer import Answer, answers, disagree
from catallax.study.claims.declared import UNVERIFIED, Claim, ClaimMap, Part, Registry
from catallax.study.claims.places import places
from catallax.study.claims.read import registry
from catallax.study.claims.record import FILE, AnswerRecord, recorded
from catallax.study.claims.samples import Sample, cells
from catallax.study.claims.verdict import VERDICTS, PartVerdict, Spot, find

__all__ = [
    "FILE",
    "UNVERIFIED",
    "VERDICTS",
    "Answer",
    "AnswerRecord",
    "Claim",
    "ClaimMap",
    "Part",
    "PartVerdict",
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
