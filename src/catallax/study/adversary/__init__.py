"""The most plausible contract under which the other institution wins."""

from catallax.renamed import hand_out_old_names
from catallax.study.adversary.hunt import Hunt, Search, hunt
from catallax.study.adversary.trials import CentredPrior, ContractTrial, ContractTrials, priors_of

__all__ = ["CentredPrior", "ContractTrial", "ContractTrials", "Hunt", "Search", "hunt", "priors_of"]

hand_out_old_names(__name__)
