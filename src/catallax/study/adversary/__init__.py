"""The most plausible contract under which the other institution wins."""

from catallax.study.adversary.hunt import Hunt, hunt
from catallax.study.adversary.priors import CentredPrior, priors_of
from catallax.study.adversary.search import Search
from catallax.study.adversary.trial import ContractTrial, ContractTrials

__all__ = ["CentredPrior", "ContractTrial", "ContractTrials", "Hunt", "Search", "hunt", "priors_of"]
