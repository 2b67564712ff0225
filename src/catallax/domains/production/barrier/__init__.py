"""How mechanisms of the economy are tried: runs drawn from a seed, every call cut to one party."""

from catallax.domains.production.barrier.calls import make_listening
from catallax.domains.production.barrier.recorder import record_run
from catallax.domains.production.barrier.trials import draw_trials, make_trial
from catallax.protocol import Barrier

__all__ = ["BARRIER", "OPEN"]

OPEN = (
    "catallax.domains.production.network",
    "catallax.domains.production.optimum",
    "catallax.learning",
    "catallax.kernels",
    "catallax.domains.production.mechanisms",
    "catallax.domains.production.barrier.calls",
)
"""Modules that mechanisms may use; the last one holds draws and inboxes on trial."""

BARRIER = Barrier(draw_trials, make_trial, record_run, OPEN, make_listening)
