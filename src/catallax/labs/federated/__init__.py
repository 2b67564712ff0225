"""Learning together without pooling data: who holds examples keeps them and sends updates."""

from catallax.labs.federated.aggregate import Aggregation, Combined, Plain, Updates
from catallax.labs.federated.clients import Clients
from catallax.labs.federated.line import Count, Line, Tally
from catallax.labs.federated.model import Linear, Local, Model
from catallax.labs.federated.participation import Drawn, Participation
from catallax.labs.federated.privacy import Place, Private, epsilon
from catallax.labs.federated.rules import FedAvg, FedProx
from catallax.labs.federated.secure import SecureSum
from catallax.labs.federated.training import (
    Round,
    Rule,
    Stop,
    Trained,
    Training,
    advance,
    local_only,
    pooled,
    train,
)

__all__ = [
    "Aggregation",
    "Clients",
    "Combined",
    "Count",
    "Drawn",
    "FedAvg",
    "FedProx",
    "Line",
    "Linear",
    "Local",
    "Model",
    "Participation",
    "Place",
    "Plain",
    "Private",
    "Round",
    "Rule",
    "SecureSum",
    "Stop",
    "Tally",
    "Trained",
    "Training",
    "Updates",
    "advance",
    "epsilon",
    "local_only",
    "pooled",
    "train",
]
