"""One run: a contract, a mechanism and a seed, folded week by week into a record."""

from catallax.domains.production.run.actions import act, settle_week
from catallax.domains.production.run.batch import begin
from catallax.domains.production.run.contract import RESOURCE, Contract
from catallax.domains.production.run.many import batch_size, simulate_many
from catallax.domains.production.run.oracle import Oracle, StaticOptimum
from catallax.domains.production.run.record import Run, Stop
from catallax.domains.production.run.recording import Recording, sample_weeks
from catallax.domains.production.run.setup import Setup
from catallax.domains.production.run.simulate import expected_hash, simulate
from catallax.domains.production.run.ticks import close_tick, decide, open_tick
from catallax.domains.production.run.truth import Truth, draw_truths
from catallax.domains.production.run.world import World
from catallax.renamed import hand_out_old_names

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
    "draw_truths",
    "expected_hash",
    "open_tick",
    "sample_weeks",
    "settle_week",
    "simulate",
    "simulate_many",
]

hand_out_old_names(__name__)
