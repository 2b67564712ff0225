"""Small contracts, every registered mechanism, and the golden runs' builder."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from catallax.economy import Economy, Shock, generate
from catallax.mechanisms import REGISTRY
from catallax.run import Contract, StaticOptimum


@pytest.fixture(scope="session")
def small() -> Economy:
    return generate(7, products=4, firms=2, households=2, inputs=3)


@pytest.fixture(scope="session")
def calm(small) -> Contract:
    """Default laws and no shock."""
    return Contract(small, weeks=12)


@pytest.fixture(scope="session")
def shocked(small) -> Contract:
    return Contract(small, shocks=(Shock("ore", 6, 0.5), Shock("labour", 9, 0.9)), weeks=12)


@pytest.fixture(params=[*REGISTRY, "static_optimum"])
def institution(request):
    """Every registered mechanism and the oracle, with their defaults."""
    return (REGISTRY | {"static_optimum": StaticOptimum})[request.param]()


@pytest.fixture(scope="session")
def golden() -> ModuleType:
    """The module beside this file that makes golden runs."""
    spec = importlib.util.spec_from_file_location("golden", Path(__file__).with_name("golden.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
