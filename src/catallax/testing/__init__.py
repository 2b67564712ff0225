"""The barrier test for mechanisms, ours and users'."""

from catallax.renamed import hand_out_old_names
from catallax.testing.nursery import domain_of_mechanism
from catallax.testing.report import Report
from catallax.testing.trying import barrier

__all__ = ["Report", "barrier", "domain_of_mechanism"]

hand_out_old_names(__name__)
