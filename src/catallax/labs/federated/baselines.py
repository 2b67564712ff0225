"""What federated training is held against: all data at one place, and everybody alone.

Both make the same number of steps, of the same size, as federated clients do. Nothing is lost on
any line here: who sends data somewhere passes them through `Line.carried` first.
"""

from dataclasses import replace

import numpy as np

from catallax.arrays import Floats
from catallax.labs.federated.clients import Clients
from catallax.labs.federated.local import descend
from catallax.labs.federated.model import Model
from catallax.labs.federated.training import HUGE, Training
from catallax.streams import Streams


def pooled(training: Training, model: Model, clients: Clients, streams: Streams) -> Floats:
    """(R + 1, p) the common model, step for step of each round, when one place holds all data.

    A step takes as many examples as all clients' steps together.
    """
    local = training.local
    batch = None if local.batch is None else local.batch * clients.count
    one = replace(local, batch=batch)
    return local_only(replace(training, local=one), model, clients.pooled, streams)[:, 0]


def local_only(training: Training, model: Model, clients: Clients, streams: Streams) -> Floats:
    """(R + 1, C, p) each client's own model when nobody says anything; NaN once it is lost."""
    steps = np.full(clients.count, training.local.steps)
    path = [np.zeros((clients.count, model.size(clients.width)))]
    for t in range(training.rounds):
        path.append(descend(model, clients, path[-1], training.local, steps, streams, t))
    found = np.array(path)
    return np.where(np.abs(found) < HUGE, found, np.nan)
