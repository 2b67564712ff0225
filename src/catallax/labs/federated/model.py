"""What is learned, and what a client does between hearing a model and answering.

A model has a gradient for each client's own examples; a client takes some steps of descent.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.errors import InputError
from catallax.labs.federated.clients import Clients
from catallax.protocol.settings import ASSUMED, check_settings, setting
from catallax.streams import Streams


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
        return predict(w[clients.of_example], clients.features) - clients.targets

    def loss(self, w: Floats, clients: Clients) -> Floats:
        """(C,) mean loss."""
        squared = clients.sums(self.errors(w, clients)[:, None] ** 2)[:, 0]
        return np.asarray(0.5 * (squared / clients.size + predict(self._weight(w) * w, w)))

    def gradient(self, w: Floats, clients: Clients) -> Floats:
        """(C, p) mean error times feature, plus the penalty's."""
        pull = clients.sums(self.errors(w, clients)[:, None] * clients.features)
        return np.asarray(pull / clients.size[:, None] + self._weight(w) * w)

    def _weight(self, w: Floats) -> Floats:
        """(d,) weight of each coefficient's square in the loss."""
        blur = np.array(self.blur) if self.blur else np.zeros(w.shape[1])
        return np.asarray(self.ridge - blur)


def predict(w: Floats, features: Floats) -> Floats:
    """(N,) products of rows of `w` and `features`, both (N, d), each row by itself."""
    # A product of matrices rounds by its size; a row's sum does not depend on other rows.
    return np.asarray((w * features).sum(axis=1))


MOST_STEPS = 10_000


@final
@dataclass(frozen=True)
class Local:
    """Settings of a round's work.

    Raises InputError for settings out of range.
    """

    rate: float = setting(0.5, "size of a step", above=0, source=ASSUMED)
    steps: int = setting(
        5, "steps of gradient descent in a round", low=1, high=MOST_STEPS, source=ASSUMED
    )
    batch: int | None = setting(
        None,
        "examples of a step, drawn anew for each without repeats; left out, all are taken",
        low=1,
        source=ASSUMED,
    )

    def __post_init__(self) -> None:
        check_settings(self, "local.")

    def data(self, clients: Clients, step: int, streams: Streams, t: int) -> Clients:
        """The examples of one step of round `t`."""
        if self.batch is None or self.batch >= clients.size.max():
            return clients
        keys = streams.uniform(f"federated/batch/{step}", len(clients.targets), t)
        return clients.batch(keys, self.batch)


def descend(
    model: Model,
    clients: Clients,
    heard: Floats,
    local: Local,
    steps: Ints,
    streams: Streams,
    t: int,
    pull: float = 0.0,
) -> Floats:
    """(C, p) where each client's steps lead from the model it `heard` (C, p).

    steps : (C,) how many each takes, >= 0
    t     : round, which names the draws of batches
    pull  : weight of pull/2 |w - heard|^2 in its loss, FedProx's mu

    Numbers that grow beyond all bounds come back as infinite or NaN.
    """
    w = heard
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(int(steps.max(initial=0))):
            slope = model.gradient(w, local.data(clients, k, streams, t)) + pull * (w - heard)
            w = np.where((k < steps)[:, None], w - local.rate * slope, w)
    return np.asarray(w)
