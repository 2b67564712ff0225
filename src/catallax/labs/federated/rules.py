"""Rules of training: what clients are asked to minimise, and whose answers count."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools
from catallax.labs.federated.participation import Turnout
from catallax.protocol.settings import check_settings, setting


class Rule(ABC):
    """What clients are asked to minimise, and whose answers count."""

    @property
    @abstractmethod
    def pull(self) -> float:
        """Weight of pull/2 |w - model|^2 in a client's loss, >= 0."""

    @abstractmethod
    def counted(self, drawn: Turnout, steps: int) -> Bools:
        """(C,) whose update is taken; `steps` is what each was given to do."""


@final
@dataclass(frozen=True)
class FedAvg(Rule):
    """Federated averaging (McMahan, Moore, Ramage, Hampson & Agüera y Arcas 2017).

    Clients minimise their own loss; who does not finish in time is left out.

    With one full step a round it is gradient descent on the pooled loss (their FedSGD).
    """

    @property
    def pull(self) -> float:
        """None."""
        return 0.0

    def counted(self, drawn: Turnout, steps: int) -> Bools:
        """Those who did all their steps."""
        return np.asarray(drawn.steps == steps)


@final
@dataclass(frozen=True)
class FedProx(Rule):
    """Federated optimisation with a proximal term (Li, Sahu, Zaheer et al. 2020).

    Clients also pay for leaving the common model, and partial work is taken.

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

    def counted(self, drawn: Turnout, steps: int) -> Bools:
        """All who did something."""
        return np.asarray(drawn.steps > 0)
