"""Learning together without pooling data: who holds examples keeps them and sends updates."""

from catallax.labs.federated.aggregate import Aggregation, CombinedUpdate, Plain, Updates
from catallax.labs.federated.clients import Clients
from catallax.labs.federated.line import MessageCount, Tally, TrainingLine
from catallax.labs.federated.model import Linear, Local, Model
from catallax.labs.federated.participation import Participation, Turnout
from catallax.labs.federated.privacy import NoiseSource, Private, find_epsilon
from catallax.labs.federated.rules import FedAvg, FedProx, Rule
from catallax.labs.federated.secure import SecureSum
from catallax.labs.federated.training import (
    Training,
    TrainingEnd,
    TrainingResult,
    TrainingRound,
    advance,
    train,
    train_alone,
    train_pooled,
)
from catallax.renamed import hand_out_old_names

__all__ = [
    "Aggregation",
    "Clients",
    "CombinedUpdate",
    "FedAvg",
    "FedProx",
    "Linear",
    "Local",
    "MessageCount",
    "Model",
    "NoiseSource",
    "Participation",
    "Plain",
    "Private",
    "Rule",
    "SecureSum",
    "Tally",
    "Training",
    "TrainingEnd",
    "TrainingLine",
    "TrainingResult",
    "TrainingRound",
    "Turnout",
    "Updates",
    "advance",
    "find_epsilon",
    "train",
    "train_alone",
    "train_pooled",
]

hand_out_old_names(__name__)
