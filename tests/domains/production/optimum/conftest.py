"""Random economies for the tests of the optimum."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from catallax.domains.production.network import Network, Technology

Make = Callable[..., Technology]


def random_technology(
    seed: int,
    *,
    endowments: int = 3,
    plants: int = 6,
    households: int = 2,
    firms: int = 2,
    links: int = 2,
    sigma: Any = 0.5,
    eps: Any = 4.0,
    gamma: Any = 0.8,
    taste: float = 0.5,
) -> Technology:
    """An economy in which everything is drawn, units included, and everybody sells to somebody.

    Elasticities and returns are numbers or (n,) arrays; firms sell the same product, `firms` of
    them each. Endowments make up about half of costs, so that it can feed itself at gamma = 1.
    """
    r = np.random.default_rng(seed)
    net = _network(r, endowments, plants, households, firms, links)
    rows, first = net.rows, net.endowments.stop
    weight = r.lognormal(0, taste, net.m)
    weight = np.where(rows.perishable, weight * links, weight)
    share = weight / rows.spread(np.where(rows.sum(weight) > 0, rows.sum(weight), 1))
    unit = r.lognormal(0, 1, net.n)
    norm = share * net.gather(unit) * r.lognormal(0, 0.1, net.m)
    row = np.zeros(net.n)
    g = np.where(net.kind == 1, row + gamma, 1.0)
    supply = np.where(net.kind == 0, unit * r.uniform(0.5, 2, net.n) * plants / endowments, 0.0)
    z = np.where(net.kind == 1, unit * r.lognormal(0.1, 0.1, net.n), 1.0)
    K = np.where(net.kind == 1, r.lognormal(0, 0.5, net.n), 1.0)
    assert rows.buyers[0] == first
    kept = r.uniform(0.85, 1, net.m)
    return Technology(net, share, norm, kept, row + sigma, row + eps, g, z, K, supply)


def _network(r: np.random.Generator, F: int, P: int, H: int, firms: int, links: int) -> Network:
    kind = [0] * F + [1] * P + [2] * H
    product = [*range(F), *(F + i // firms for i in range(P)), *([-1] * H)]
    goods = sorted(set(product[F : F + P]))
    found: set[tuple[int, int, int]] = set()
    for b in range(F, F + P + H):
        bought = r.choice(goods, min(links, len(goods)), replace=False).tolist()
        if b < F + P:
            bought += [b % F, *(f for f in range(F) if r.random() < 0.5)]
        found |= {(b, product[s], s) for s in range(F + P) if product[s] in bought}
    found |= {(F + P, product[s], s) for s in range(F, F + P)}
    names = [f"row {i}" for i in range(len(kind))]
    return Network.build(kind, product, sorted(found), names, [f"good {g}" for g in range(F + P)])


@pytest.fixture(scope="session")
def make() -> Make:
    return random_technology


@pytest.fixture(scope="session")
def conic() -> ModuleType:
    """The conic model beside this file; tests that need it are skipped without its solver."""
    pytest.importorskip("clarabel")
    spec = importlib.util.spec_from_file_location("conic", Path(__file__).with_name("conic.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
