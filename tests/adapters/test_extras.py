"""Without its extra an adapter says how to install it; what it cannot do it refuses."""

import sys

import pytest

from catallax import InputError, MissingExtra
from catallax.adapters.accounting import sampled_epsilon
from catallax.labs.federated import FedAvg, Line, Linear, Local, Training, epsilon
from catallax.labs.federated.flower import flower_models
from tests.labs.federated.conftest import drawn


def test_without_flower_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "flwr", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[fl\]"'):
        flower_models(Training(FedAvg()), Linear(), drawn())


def test_what_flower_has_no_notion_of_is_refused():
    for way in (Training(FedAvg(), line=Line(0.1)), Training(FedAvg(), local=Local(batch=2))):
        with pytest.raises(InputError, match="flower: takes"):
            flower_models(way, Linear(), drawn())


def test_without_the_library_of_accounting_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "dp_accounting", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[privacy\]"'):
        sampled_epsilon(1.0, 0.5, 1, 1e-5)


@pytest.mark.parametrize("bad", [(0.0, 0.5, 1, 0.1), (1.0, 0.0, 1, 0.1), (1.0, 1.0, 0, 0.1)])
def test_bad_values_are_refused(bad):
    with pytest.raises(InputError, match="privacy: multiplier"):
        sampled_epsilon(*bad)


def test_the_library_agrees_with_the_exact_formula():
    library = pytest.importorskip("dp_accounting", reason="the extra `privacy` is not installed")
    pld = pytest.importorskip("dp_accounting.pld")
    for noise, rounds in ((4.0, 20), (2.0, 3)):
        exact = epsilon(noise, rounds, 1e-5)
        accountant = pld.PLDAccountant()
        accountant.compose(library.GaussianDpEvent(noise), rounds)
        assert accountant.get_epsilon(1e-5) == pytest.approx(exact, rel=1e-6)
        assert exact < sampled_epsilon(noise, 1.0, rounds, 1e-5) < 1.15 * exact
        assert sampled_epsilon(noise, 0.2, rounds, 1e-5) < 0.5 * exact
