"""The most plausible contract under which the other institution wins."""

from catallax.study.adversary.hunt import Hunt, Search, hunt
from catallax.study.adversary.trials import CentredPrior, ContractTrial, ContractTrials, priors_of

__all__ = ["CentredPrior", "ContractTrial", "ContractTrials", "Hunt", "Search", "hunt", "priors_of"]
