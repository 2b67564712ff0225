"""The barrier test for mechanisms, ours and users'."""

from catallax.testing.report import Report
from catallax.testing.trying import barrier
from catallax.testing.whose import whose

__all__ = ["Report", "barrier", "whose"]
