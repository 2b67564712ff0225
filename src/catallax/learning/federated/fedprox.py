"""Federated optimisation with a proximal term (Li, Sahu, Zaheer et al. 2020)."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.errors import InputError
from catallax.learning.federated.participation import Drawn
from catallax.learning.federated.training import Rule
from catallax.learning.track import Bools


@final
@dataclass(frozen=True)
class FedProx(Rule):
    """Clients also pay for leaving the common model, and partial work is taken.

    mu : weight of mu/2 |w - model|^2, >= 0; 0 is `FedAvg` that takes partial work

    Raises InputError for a negative mu.
    """

    mu: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.mu < float("inf"):
            raise InputError(f"fedprox: mu is {self.mu}, expected a finite number >= 0")

    @property
    def pull(self) -> float:
        """mu."""
        return self.mu

    def counted(self, drawn: Drawn, steps: int) -> Bools:
        """All who did something."""
        return np.asarray(drawn.steps > 0)
