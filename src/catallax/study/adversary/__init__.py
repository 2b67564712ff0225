"""The most plausible contract under which the other institution wins."""

from catallax.study.adversary.hunt import Hunt, hunt
from catallax.study.adversary.priors import CentredPrior, priors_of
from catallax.study.adversary.search import Search
from catallax.study.adversary.trial import Trial, Trials

__all__ = ["CentredPrior", "Hunt", "Search", "Trial", "Trials", "hunt", "priors_of"]
