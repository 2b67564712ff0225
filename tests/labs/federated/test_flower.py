"""Without Flower its extra is named; what Flower cannot do is refused."""

import sys

import pytest

from catallax import InputError, MissingExtra
from catallax.labs.federated import FedAvg, Linear, Local, Training, TrainingLine
from catallax.labs.federated.flower import train_with_flower
from tests.labs.federated.conftest import drawn


def test_without_flower_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "flwr", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[fl\]"'):
        train_with_flower(Training(FedAvg()), Linear(), drawn())


def test_what_flower_has_no_notion_of_is_refused():
    for way in (
        Training(FedAvg(), line=TrainingLine(0.1)),
        Training(FedAvg(), local=Local(batch=2)),
    ):
        with pytest.raises(InputError, match="flower: takes"):
            train_with_flower(way, Linear(), drawn())
