"""The most plausible contract under which the other institution wins."""

from catallax.experiments.adversary.hunt import Hunt, hunt
from catallax.experiments.adversary.priors import CentredPrior, priors_of
from catallax.experiments.adversary.search import Search
from catallax.experiments.adversary.trial import Trial, Trials

__all__ = ["CentredPrior", "Hunt", "Search", "Trial", "Trials", "hunt", "priors_of"]
