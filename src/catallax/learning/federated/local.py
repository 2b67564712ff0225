"""What a client does between hearing a model and answering: some steps of gradient descent."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.errors import InputError
from catallax.learning.federated.clients import Clients
from catallax.learning.federated.model import Model
from catallax.network import Floats, Ints
from catallax.streams import Streams

MOST_STEPS = 10_000


@final
@dataclass(frozen=True)
class Local:
    """Settings of a round's work.

    rate  : step size, > 0
    steps : steps of gradient descent, 1 to 10,000
    batch : examples a step, drawn anew for each step without repeats; None takes all

    Raises InputError for settings out of range.
    """

    rate: float = 0.5
    steps: int = 5
    batch: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.rate < float("inf"):
            raise InputError(f"local: rate is {self.rate}, expected a finite number above 0")
        if not 1 <= self.steps <= MOST_STEPS:
            raise InputError(f"local: steps is {self.steps}, expected 1 to {MOST_STEPS}")
        if self.batch is not None and self.batch < 1:
            raise InputError(f"local: batch is {self.batch}, expected at least 1, or None for all")

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
