"""Federated optimisation with a proximal term (Li, Sahu, Zaheer et al. 2020)."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools
from catallax.labs.federated.participation import Drawn
from catallax.labs.federated.training import Rule
from catallax.protocol.settings import check_settings, setting


@final
@dataclass(frozen=True)
class FedProx(Rule):
    """Clients also pay for leaving the common model, and partial work is taken.

    Raises InputError for a negative mu.
    """

    mu: float = setting(
        0.1,
        "weight of mu/2 |w - model|^2 in a client's loss; 0 is FedAvg that takes partial work",
        low=0,
        source="assumption (its form: Li et al. 2020)",
    )

    def __post_init__(self) -> None:
        check_settings(self, "fedprox.")

    @property
    def pull(self) -> float:
        """mu."""
        return self.mu

    def counted(self, drawn: Drawn, steps: int) -> Bools:
        """All who did something."""
        return np.asarray(drawn.steps > 0)
