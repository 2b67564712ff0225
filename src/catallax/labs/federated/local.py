"""What a client does between hearing a model and answering: some steps of gradient descent."""

from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Floats, Ints
from catallax.labs.federated.clients import Clients
from catallax.labs.federated.model import Model
from catallax.protocol.settings import ASSUMED, check_settings, setting
from catallax.streams import Streams

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
