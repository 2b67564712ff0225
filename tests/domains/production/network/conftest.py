"""Builders for the tests of rows, nests and tables."""

from collections.abc import Callable

import numpy as np
import pytest

from catallax.domains.production.network import Network

Build = Callable[..., Network]


def random_network(seed: int, sellers: int = 8, households: int = 3) -> Network:
    """One endowment, plants and households; goods with one to three suppliers; some rows bare."""
    r = np.random.default_rng(seed)
    kind = [0] + [1] * (sellers - 1) + [2] * households
    product = [i // 2 for i in range(sellers)] + [-1] * households
    links = [
        (b, product[s], s)
        for b in range(1, len(kind))
        for s in r.choice(sellers, r.integers(0, sellers), replace=False).tolist()
    ]
    names = [f"row {i}" for i in range(len(kind))]
    return Network.build(kind, product, links, names, [f"good {g}" for g in range(sellers)])


@pytest.fixture(scope="session")
def build() -> Build:
    return random_network
