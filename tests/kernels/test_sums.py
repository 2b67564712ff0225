"""Compiled sums against `numpy.bincount`, and the same bits on two threads."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.network import rows as module

SEED = st.integers(0, 2**32 - 1)


@given(SEED)
def test_sums_by_row_and_good(drawn, alike, seed) -> None:
    rows = drawn(seed).network.rows
    link = np.random.default_rng(seed).lognormal(0, 3, rows.m)
    alike(lambda: (rows.sum(link), rows.sum_goods(link)))


@given(SEED)
def test_sums_by_seller(drawn, alike, seed) -> None:
    net = drawn(seed).network
    r = np.random.default_rng(seed)
    link, spent = r.lognormal(0, 3, net.m), r.lognormal(0, 3, net.n)
    alike(lambda: (net.orders(link), net.received(link, spent)))


def test_sums_by_seller_in_blocks(drawn, alike, monkeypatch) -> None:
    """A large network's sums are split by rows; whoever does a part, the bits are the same."""
    monkeypatch.setattr(module, "MANY", 1)
    net = drawn(3).network
    assert len(net.blocks) > 2
    link, spent = np.random.default_rng(0).lognormal(0, 3, (2, net.m))
    alike(lambda: (net.orders(link), net.received(link, spent[: net.n])))
