"""Small contracts and every registered mechanism."""

import pytest

from catallax.domains.production.economy import Economy, Shock, generate
from catallax.domains.production.mechanisms import REGISTRY
from catallax.domains.production.run import Contract, StaticOptimum


@pytest.fixture(scope="session")
def small() -> Economy:
    return generate(7, products=4, firms=2, households=2, inputs=3)


@pytest.fixture(scope="session")
def calm(small) -> Contract:
    """Default laws and no shock."""
    return Contract(small, weeks=12, settle=0)


@pytest.fixture(scope="session")
def shocked(small) -> Contract:
    return Contract(
        small, shocks=(Shock("ore", 6, 0.5), Shock("labour", 9, 0.9)), weeks=12, settle=0
    )


@pytest.fixture(params=[*REGISTRY, "static_optimum"])
def institution(request):
    """Every registered mechanism and the oracle, with their defaults."""
    return (REGISTRY | {"static_optimum": StaticOptimum})[request.param]()
