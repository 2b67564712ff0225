"""Flower's strategies with our clients: a check of ours, and a way to real deployments.

Flower (Beutel et al. 2020) chooses clients, tells them the model and averages their answers; the
work of each is ours. Its simulation engine and its network are left out: everything happens in
this process, and nothing is sent to Flower's makers.
"""

import os
from typing import Any

import numpy as np

from catallax.arrays import Floats
from catallax.errors import InputError
from catallax.extras import extra
from catallax.labs.federated import Clients, FedProx, Local, Model, Training
from catallax.labs.federated.model import descend
from catallax.renamed import hand_out_old_names
from catallax.streams import Streams


def train_with_flower(training: Training, model: Model, clients: Clients) -> Floats:
    """(R + 1, p) common models from zeros, averaged by Flower's FedAvg or FedProx strategy.

    What Flower has no notion of (noise of the line, masks, stragglers) must be left out of
    `training`, and steps must take all examples. Raises InputError where it is not, and
    MissingExtra where Flower is not installed.
    """
    _check(training)
    flwr = _import_flower()
    strategy = _make_strategy(flwr, training, clients.count)
    manager = flwr.server.SimpleClientManager()
    for c in range(clients.count):
        manager.register(_make_proxy(flwr, str(c), model, clients.only(c), training.local))
    path = [np.zeros(model.size(clients.width))]
    for t in range(training.rounds):
        said = flwr.common.ndarrays_to_parameters([path[-1]])
        answers = [
            (proxy, proxy.fit(order, None, None))
            for proxy, order in strategy.configure_fit(t + 1, said, manager)
        ]
        combined, _ = strategy.aggregate_fit(t + 1, answers, [])
        path.append(flwr.common.parameters_to_ndarrays(combined)[0])
    return np.array(path)


def _check(training: Training) -> None:
    plain = Training(training.rule, training.rounds, local=training.local)
    if training != plain or training.local.batch is not None:
        raise InputError(
            "flower: takes part, line, aggregation, tol and batch as they are by default; give "
            "Training(rule, rounds, local=Local(rate, steps))"
        )


def _import_flower() -> Any:
    """Flower, which then keeps what it counts about its use to itself."""
    os.environ["FLWR_TELEMETRY_ENABLED"] = "0"
    for part in ("common", "server", "server.client_proxy", "server.strategy"):
        extra(f"flwr.{part}", "averaging by Flower", "fl")
    return extra("flwr", "averaging by Flower", "fl")


def _make_strategy(flwr: Any, training: Training, count: int) -> Any:
    """Flower's rule of the same name, which asks everybody in every round."""
    few = {"min_fit_clients": count, "min_available_clients": count, "fraction_evaluate": 0.0}
    if isinstance(training.rule, FedProx):
        return flwr.server.strategy.FedProx(proximal_mu=training.rule.mu, **few)
    return flwr.server.strategy.FedAvg(**few)


def _make_proxy(flwr: Any, name: str, model: Model, own: Clients, local: Local) -> Any:
    """One client as Flower addresses it."""
    common = flwr.common

    class Proxy(flwr.server.client_proxy.ClientProxy):  # type: ignore[misc]
        """Does the steps that it is told to do."""

        def fit(self, ins: Any, timeout: float | None, group_id: int | None) -> Any:
            """Descend from the model heard."""
            heard = common.parameters_to_ndarrays(ins.parameters)[0][None]
            pull = float(ins.config.get("proximal_mu", 0.0))
            steps = np.array([local.steps])
            end = descend(model, own, heard, local, steps, Streams(0), 0, pull)
            said = common.ndarrays_to_parameters([end[0]])
            done = common.Status(common.Code.OK, "")
            return common.FitRes(done, said, len(own.targets), {})

        def get_properties(self, *asked: Any) -> Any:
            raise NotImplementedError

        def get_parameters(self, *asked: Any) -> Any:
            raise NotImplementedError

        def evaluate(self, *asked: Any) -> Any:
            raise NotImplementedError

        def reconnect(self, *asked: Any) -> Any:
            raise NotImplementedError

    return Proxy(name)


hand_out_old_names(__name__)
