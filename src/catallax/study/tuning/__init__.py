"""The same effort for every mechanism: what is tuned, on what, and what came of it."""

from catallax.protocol.tuned import Tuned, TunedChoice, TunedSpan
from catallax.study.tuning.contracts import TrainingContract
from catallax.study.tuning.declared import SHIPPED, Declaration, declared
from catallax.study.tuning.record import FOLDER, SettingsTrial, TuningRecord, file_of, shipped
from catallax.study.tuning.search import candidates, spelt
from catallax.study.tuning.standing import Standing, overlap, spans, standing, told
from catallax.study.tuning.tune import plan, runs_of, tune
from catallax.study.tuning.verify import adrift, moved, problems

__all__ = [
    "FOLDER",
    "SHIPPED",
    "Declaration",
    "SettingsTrial",
    "Standing",
    "TrainingContract",
    "Tuned",
    "TunedChoice",
    "TunedSpan",
    "TuningRecord",
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
