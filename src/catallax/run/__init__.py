"""One run: a contract, a mechanism and a seed, folded week by week into a record."""

from catallax.run.actions import act, settle_week
from catallax.run.batch import begin
from catallax.run.contract import RESOURCE, Contract
from catallax.run.many import batch_size, simulate_many
from catallax.run.oracle import Oracle, StaticOptimum
from catallax.run.record import Run, Stop
from catallax.run.recording import Recording, sample_weeks
from catallax.run.setup import Setup
from catallax.run.simulate import expected_hash, simulate
from catallax.run.ticks import close_tick, decide, open_tick
from catallax.run.truth import Truth, truths
from catallax.run.world import World

__all__ = [
    "RESOURCE",
    "Contract",
    "Oracle",
    "Recording",
    "Run",
    "Setup",
    "StaticOptimum",
    "Stop",
    "Truth",
    "World",
    "act",
    "batch_size",
    "begin",
    "close_tick",
    "decide",
    "expected_hash",
    "open_tick",
    "sample_weeks",
    "settle_week",
    "simulate",
    "simulate_many",
    "truths",
]
