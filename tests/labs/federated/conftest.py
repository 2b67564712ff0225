"""Clients drawn at random, of different sizes."""

import numpy as np

from catallax.labs.federated import Clients


def drawn(seed=0, sizes=(5, 1, 9, 3), width=3, noise=0.3):
    """Clients of these sizes, their targets linear in their features but for noise."""
    rng = np.random.default_rng(seed)
    parts = []
    for size in sizes:
        x = np.column_stack([np.ones(size), rng.normal(size=(size, width - 1))])
        parts.append((x, x @ rng.normal(size=width) + noise * rng.normal(size=size)))
    return Clients.of(parts)
