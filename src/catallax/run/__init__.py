"""One run: a contract, a mechanism and a seed, folded week by week into a record."""

from catallax.run.actions import act, settle_week
from catallax.run.batch import begin
from catallax.run.contract import RESOURCE, Contract
from catallax.run.log import Recording
from catallax.run.many import batch_size, simulate_many
from catallax.run.oracle import Oracle, StaticOptimum
from catallax.run.record import Run
from catallax.run.samples import sample_weeks
from catallax.run.setup import Setup
from catallax.run.simulate import foreseen, simulate
from catallax.run.stop import Stop
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
    "foreseen",
    "open_tick",
    "sample_weeks",
    "settle_week",
    "simulate",
    "simulate_many",
    "truths",
]
