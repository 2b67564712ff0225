"""Learning together without pooling data: who holds examples keeps them and sends updates."""

from catallax.learning.federated.aggregate import Aggregation, Combined, Plain, Updates
from catallax.learning.federated.baselines import local_only, pooled
from catallax.learning.federated.clients import Clients
from catallax.learning.federated.fedavg import FedAvg
from catallax.learning.federated.fedprox import FedProx
from catallax.learning.federated.line import Line
from catallax.learning.federated.local import Local
from catallax.learning.federated.model import Linear, Model
from catallax.learning.federated.participation import Drawn, Participation
from catallax.learning.federated.privacy import Place, Private, epsilon
from catallax.learning.federated.secure import SecureSum
from catallax.learning.federated.tally import Count, Tally
from catallax.learning.federated.training import (
    Round,
    Rule,
    Stop,
    Trained,
    Training,
    advance,
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
