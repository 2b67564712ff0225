"""Claims of two essays, each with its experiment, its rule and its answer."""

from catallax.renamed import hand_out_old_names
from catallax.study.claims.answer import (
    FILE,
    Answer,
    AnswerRecord,
    answers,
    figures_disagree,
    shipped_answers,
)
from catallax.study.claims.declared import UNVERIFIED, Claim, ClaimMap, Part, Registry
from catallax.study.claims.read import registry
from catallax.study.claims.samples import Sample, cells, map_points
from catallax.study.claims.verdict import VERDICTS, PartVerdict, Spot, judge_part

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
    "figures_disagree",
    "judge_part",
    "map_points",
    "registry",
    "shipped_answers",
]

hand_out_old_names(__name__)
