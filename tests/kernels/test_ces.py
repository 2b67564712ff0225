"""Compiled nests against plain ones, at every limit, on any number of threads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.network import (
    ces_cost,
    ces_quantity,
    ces_shares,
    demand_ratio,
)
from catallax.kernels.ces import BATCH, batch_end

SEED = st.integers(0, 2**32 - 1)
SPREAD = st.sampled_from([0.0, 1e-9, 0.3, 3.0])


@given(SEED, SPREAD)
def test_costs_and_shares(drawn, alike, seed, spread) -> None:
    t = drawn(seed)
    log_q = np.random.default_rng(seed).normal(0, spread, t.network.m)
    alike(
        lambda: ces_shares(t.network.rows, t.share, t.sigma, t.eps, log_q),
        size=1e-13 * max(spread, 1e-3),
    )


@given(SEED, SPREAD)
def test_ratios(drawn, alike, seed, spread) -> None:
    t = drawn(seed)
    log_q = np.random.default_rng(seed).normal(0, spread, t.network.m)
    cost = ces_cost(t.network.rows, t.share, t.sigma, t.eps, log_q)
    alike(lambda: demand_ratio(t.network.rows, t.sigma, t.eps, log_q, *cost))


@given(SEED, SPREAD, st.sampled_from([0.0, 0.1]))
def test_quantities(drawn, alike, seed, spread, idle) -> None:
    """Also of nests to which some or all links bring nothing."""
    t = drawn(seed)
    r = np.random.default_rng(seed)
    x = np.where(r.random(t.network.m) < idle, 0.0, t.norm * r.lognormal(0, spread, t.network.m))
    alike(lambda: ces_quantity(t.network.rows, t.share, t.norm, t.sigma, t.eps, x))


@given(SEED)
def test_shares_of_a_row_sum_to_one_and_rows_alone_have_the_same_bits(drawn, seed) -> None:
    t = drawn(seed)
    rows, log_q = t.network.rows, np.random.default_rng(seed).normal(0, 2, t.network.m)
    _, cost, part = ces_shares(rows, t.share, t.sigma, t.eps, log_q)
    assert rows.sum(part)[rows.buyers] == pytest.approx(1.0, rel=1e-12)
    for i in rows.buyers.tolist():
        at = rows.links(i)
        alone = ces_shares(
            rows.cut(i), t.share[at], t.sigma[i : i + 1], t.eps[i : i + 1], log_q[at]
        )
        assert alone[1].tobytes() == cost[i : i + 1].tobytes()
        assert alone[2].tobytes() == part[at].tobytes()


def test_a_batch_has_no_more_rows_than_there_is_room_for():
    """Rows without links, such as endowments, would else all fall into one."""
    rows = 3 * BATCH
    row_first = np.zeros(rows + 1, np.uint64)
    good_first = np.zeros(1, np.uint64)
    edges = [0]
    while edges[-1] < rows:
        edges.append(int(batch_end(row_first, good_first, np.uint64(edges[-1]), np.uint64(rows))))
    assert edges == [0, BATCH, 2 * BATCH, 3 * BATCH]
