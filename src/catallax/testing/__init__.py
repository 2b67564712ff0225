"""Contract tests for mechanisms, ours and users': the barrier test."""

from catallax.testing.barrier import Report, barrier, fresh_process
from catallax.testing.recorder import Call, Drawn, recorded
from catallax.testing.replayed import replayed

__all__ = ["Call", "Drawn", "Report", "barrier", "fresh_process", "recorded", "replayed"]
