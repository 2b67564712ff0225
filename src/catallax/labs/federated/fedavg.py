"""Federated averaging (McMahan, Moore, Ramage, Hampson & Agüera y Arcas 2017)."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools
from catallax.labs.federated.participation import Drawn
from catallax.labs.federated.training import Rule


@final
@dataclass(frozen=True)
class FedAvg(Rule):
    """Clients minimise their own loss; who does not finish in time is left out.

    With one full step a round it is gradient descent on the pooled loss (their FedSGD).
    """

    @property
    def pull(self) -> float:
        """None."""
        return 0.0

    def counted(self, drawn: Drawn, steps: int) -> Bools:
        """Those who did all their steps."""
        return np.asarray(drawn.steps == steps)
