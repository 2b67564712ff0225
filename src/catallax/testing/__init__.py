"""The barrier test for mechanisms, ours and users'."""

from catallax.testing.barrier import barrier
from catallax.testing.report import Report

__all__ = ["Report", "barrier"]
