"""Random networks with all kinds of nests, and kernels on one and on two threads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from catallax.domains.production.network import Network, Technology
from catallax.kernels import threads

SPECIAL = [0.0, 0.05, 0.5, 1.0, 1 - 1e-9, 1 + 1e-9, 1 - 2**-53, 1 + 2**-52, 2.0, 10.0]


def network(seed: int) -> Network:
    """2 endowments, plants of 1 to 5 firms a good and households; nests of 1 to 5 suppliers."""
    r = np.random.default_rng(seed)
    firms = r.integers(1, 6, r.integers(2, 7))
    product = [0, 1, *np.repeat(2 + np.arange(len(firms)), firms).tolist(), -1, -1, -1]
    P = int(firms.sum())
    cells = {(2 + i, i % 2, i % 2) for i in range(P)}
    for buyer in range(2, 5 + P):
        for good in r.choice(len(firms), r.integers(1, len(firms) + 1), replace=False).tolist():
            sellers = [s for s in range(2, 2 + P) if product[s] == 2 + good]
            some = r.choice(sellers, r.integers(1, len(sellers) + 1), replace=False).tolist()
            cells |= {(buyer, 2 + good, int(s)) for s in some}
    cells |= {(4 + P, product[s], s) for s in range(2, 2 + P)}
    names = [f"r{i}" for i in range(len(product))]
    kind = [0, 0, *[1] * P, 2, 2, 2]
    return Network.build(kind, product, sorted(cells), names, [f"g{i}" for i in range(9)])


def technology(seed: int) -> Technology:
    """A technology on `network(seed)` with elasticities from all limits."""
    net, r = network(seed), np.random.default_rng(seed + 1)
    weight = r.lognormal(0, 1, net.m)
    share = weight / net.rows.spread(np.maximum(net.rows.sum(weight), 1e-9))
    sigma, eps = r.choice(SPECIAL, net.n), r.choice(SPECIAL, net.n)
    plants = net.kind == 1
    gamma = np.where(plants, r.uniform(0.5, 1.0, net.n), 1.0)
    z, K = r.lognormal(0, 0.3, net.n), r.lognormal(0, 0.3, net.n)
    supply = np.where(net.kind == 0, 3.0, 0.0)
    kept, tariff = r.uniform(0.5, 1, net.m), r.choice([0.0, 0.2], net.m)
    norm = r.lognormal(0, 1, net.m)
    return Technology(net, share, norm, kept, sigma, eps, gamma, z, K, supply, tariff)


@pytest.fixture(scope="session")
def drawn() -> Callable[[int], Technology]:
    return technology


@pytest.fixture(scope="session")
def alike() -> Callable[..., None]:
    """Whether `work()` gives the same on two threads, to the bit, and in plain NumPy."""

    def check(work: Callable[[], Any], rel: float = 1e-12, size: float = 0.0) -> None:
        from catallax.kernels.switch import plain

        with at_most(1):
            one = work()
        with at_most(2):
            two = work()
        with plain():
            slow = work()
        for a, b, c in zip(_arrays(one), _arrays(two), _arrays(slow), strict=True):
            assert a.tobytes() == b.tobytes()
            assert np.array_equal(np.isnan(a), np.isnan(c))
            np.testing.assert_allclose(a, c, rtol=rel, atol=size)

    return check


@contextmanager
def at_most(count: int) -> Iterator[None]:
    """All work shared out to `count` threads, however small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "GRAIN", 0)
        patch.setenv(threads.THREADS, str(count))
        yield


def _arrays(value: Any) -> list[np.ndarray]:
    if isinstance(value, np.ndarray | float | bool):
        return [np.asarray(value, dtype=float)]
    return [a for v in value for a in _arrays(v)]
