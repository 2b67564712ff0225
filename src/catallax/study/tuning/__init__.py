"""The same effort for every mechanism: what is tuned, on what, and what came of it."""

from catallax.protocol.tuned import Tuned, TunedChoice, TunedSpan
from catallax.renamed import hand_out_old_names
from catallax.study.tuning.contracts import TrainingContract
from catallax.study.tuning.declared import SHIPPED, Declaration, read_declaration
from catallax.study.tuning.record import (
    FOLDER,
    SettingsTrial,
    TuningRecord,
    file_of,
    shipped_record,
)
from catallax.study.tuning.standing import (
    Standing,
    find_drifted_defaults,
    find_moved_scores,
    find_problems,
    overlap,
    spans,
    standing,
    tuning_report,
)
from catallax.study.tuning.tune import candidates, plan_trials, runs_of, spell_mechanism, tune

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
    "candidates",
    "file_of",
    "find_drifted_defaults",
    "find_moved_scores",
    "find_problems",
    "overlap",
    "plan_trials",
    "read_declaration",
    "runs_of",
    "shipped_record",
    "spans",
    "spell_mechanism",
    "standing",
    "tune",
    "tuning_report",
]

hand_out_old_names(__name__)
