"""The same effort for every mechanism: what is tuned, on what, and what came of it."""

from catallax.experiments.tuning.contracts import TrainingContract
from catallax.experiments.tuning.declared import SHIPPED, Declaration, declared
from catallax.experiments.tuning.record import FOLDER, Record, Trial, file_of, shipped
from catallax.experiments.tuning.search import candidates, spelt
from catallax.experiments.tuning.standing import Standing, overlap, spans, standing, told
from catallax.experiments.tuning.tune import plan, runs_of, tune
from catallax.experiments.tuning.verify import adrift, moved, problems
from catallax.protocol.tuned import Tuned, TunedChoice, TunedSpan

__all__ = [
    "FOLDER",
    "SHIPPED",
    "Declaration",
    "Record",
    "Standing",
    "TrainingContract",
    "Trial",
    "Tuned",
    "TunedChoice",
    "TunedSpan",
    "adrift",
    "candidates",
    "declared",
    "file_of",
    "moved",
    "overlap",
    "plan",
    "problems",
    "runs_of",
    "shipped",
    "spans",
    "spelt",
    "standing",
    "told",
    "tune",
]
