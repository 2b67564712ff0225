"""The barrier test for mechanisms, ours and users'."""

from catallax.testing.report import Report
from catallax.testing.trying import barrier
from catallax.testing.whose import domain_of_mechanism

__all__ = ["Report", "barrier", "domain_of_mechanism"]
