"""What is learned: anything that has a gradient for each client's own examples."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.labs.federated.clients import Clients


class Model(ABC):
    """A loss over examples, differentiable in p parameters; settings only.

    Row c of every result is worked out from client c's examples and row c of `w` alone.
    """

    @abstractmethod
    def size(self, width: int) -> int:
        """p for examples of `width` features."""

    @abstractmethod
    def loss(self, w: Floats, clients: Clients) -> Floats:
        """(C,) mean loss of each client's examples at its own row of `w` (C, p)."""

    @abstractmethod
    def gradient(self, w: Floats, clients: Clients) -> Floats:
        """(C, p) its gradient."""


@final
@dataclass(frozen=True)
class Linear(Model):
    """Ridge regression (Hoerl & Kennard 1970): half the squared error plus ridge/2 |w|^2.

    ridge : weight of the penalty, >= 0
    blur  : known variance of the error in each of d features, >= 0; none is (). Errors in features
            bias coefficients towards zero; taking blur/2 w^2 from the loss undoes that (Fuller
            1987), if there are examples enough for what is left to be convex

    Raises InputError for a negative ridge or blur.
    """

    ridge: float = 0.0
    blur: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.ridge < float("inf"):
            raise InputError(f"linear: ridge is {self.ridge}, expected a finite number >= 0")
        if not all(0 <= b < float("inf") for b in self.blur):
            raise InputError(f"linear: blur is {self.blur}, expected finite numbers >= 0")

    def size(self, width: int) -> int:
        """One coefficient a feature."""
        return width

    def errors(self, w: Floats, clients: Clients) -> Floats:
        """(N,) what is forecast less what came."""
        return predicted(w[clients.of_example], clients.features) - clients.targets

    def loss(self, w: Floats, clients: Clients) -> Floats:
        """(C,) mean loss."""
        squared = clients.sums(self.errors(w, clients)[:, None] ** 2)[:, 0]
        return np.asarray(0.5 * (squared / clients.size + predicted(self._weight(w) * w, w)))

    def gradient(self, w: Floats, clients: Clients) -> Floats:
        """(C, p) mean error times feature, plus the penalty's."""
        pull = clients.sums(self.errors(w, clients)[:, None] * clients.features)
        return np.asarray(pull / clients.size[:, None] + self._weight(w) * w)

    def _weight(self, w: Floats) -> Floats:
        """(d,) weight of each coefficient's square in the loss."""
        blur = np.array(self.blur) if self.blur else np.zeros(w.shape[1])
        return np.asarray(self.ridge - blur)


def predicted(w: Floats, features: Floats) -> Floats:
    """(N,) products of rows of `w` and `features`, both (N, d), each row by itself."""
    # A product of matrices rounds by its size; a row's sum does not depend on other rows.
    return np.asarray((w * features).sum(axis=1))
