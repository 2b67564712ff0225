"""A week settled by kernels and in plain NumPy: the same on every road that goods can take."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import (
    advance_state,
    calibrate,
    check_and_settle,
    find_fault,
    generate,
    settle_act,
    start_state,
)
from catallax.domains.production.network import Act, rows
from catallax.domains.production.optimum import solve
from catallax.kernels.switch import plain

from .conftest import at_most


def economy(seed, lead, iceberg, decay=0.02):
    """A drawn economy with lead times, losses on the way and all kinds of elasticities."""
    e, r = generate(seed, products=5, firms=3, households=3, inputs=3), np.random.default_rng(seed)
    net, t = e.network, e.technology
    store = ~net.rows.perishable
    special = r.choice([0.0, 0.3, 1.0, 1.5], net.n)
    return calibrate(
        "drawn", net, share=t.share, gamma=t.gamma, spending=e.income, sigma=special,
        eps=r.choice([0.0, 1.0, 4.0], net.n), decay=e.decay * decay / 0.02,
        lead=np.where(store, r.integers(0, lead + 1, net.m), 0),
        iceberg=np.where(store, r.uniform(iceberg, 1.0, net.m), 1.0),
    )  # fmt: skip


def weeks(e, seed, *, priced, used, taxed, backlog, count=4):
    """States of four weeks of arbitrary but lawful acts, with the acts and the truth."""
    r, net = np.random.default_rng(seed), e.network
    state = start_state(e, solve(e.technology, e.income), backlog=backlog)
    truth = e.technology
    if taxed:
        truth = replace(truth, tariff=np.where(r.random(net.m) < 0.3, 0.2, 0.0))
    for _ in range(count):
        ask = e.flow * r.choice([0.0, 0.5, 1.0, 3.0], net.m)
        use = state.held * r.choice([0.0, 0.5, 1.0], net.m) if used else None
        act = Act(ask, use, np.exp(r.normal(0, 0.2, net.n)) if priced else None)
        yield truth, state, act
        state = advance_state(e, state, act, settle_act(e, truth, state, act))


def dealt(e, truth, state, act):
    """All that happens in a week and all that it leaves."""
    assert find_fault(e, state, act) is None
    week = settle_act(e, truth, state, act)
    after = advance_state(e, state, act, week)
    seen = [getattr(week, f.name) for f in fields(week) if f.name not in ("links", "queue")]
    seen += [week.asked, week.shipped, week.used, week.sent]
    return [*seen, after.stock, after.held, after.cash, after.price, after.of_product(e)]


ROADS = st.fixed_dictionaries(
    {"priced": st.booleans(), "used": st.booleans(), "taxed": st.booleans(),
     "backlog": st.booleans()}
)  # fmt: skip


@given(st.integers(0, 10_000), st.integers(0, 2), st.sampled_from([1.0, 0.6]), ROADS)
def test_kernels_settle_as_plain_numpy_does(seed, lead, iceberg, road):
    """Week by week from one state: a rounding may decide whether a Cobb-Douglas row has nothing."""
    e = economy(seed % 7, lead, iceberg)
    size = 1e-12 * np.abs(e.flow).max()
    for week in weeks(e, seed, **road):
        fast = dealt(e, *week)
        with plain():
            slow = dealt(e, *week)
        for a, b in zip(fast, slow, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=size)


@pytest.mark.parametrize("priced", [True, False])
def test_sums_in_blocks_have_the_same_bits_on_any_number_of_threads(monkeypatch, priced):
    """Large networks add sellers' sums in fixed blocks; here a small one is told it is large."""
    monkeypatch.setattr(rows, "MANY", 1)
    e = economy(3, 1, 0.8)
    assert len(e.network.blocks) == rows.BLOCKS + 1
    for week in weeks(e, 5, priced=priced, used=True, taxed=True, backlog=False):
        with at_most(1):
            one = dealt(e, *week)
        with at_most(2):
            two = dealt(e, *week)
        with plain():
            slow = dealt(e, *week)
        for a, b, c in zip(one, two, slow, strict=True):
            assert a.tobytes() == b.tobytes()
            np.testing.assert_allclose(a, c, rtol=1e-12, atol=1e-12 * e.flow.max())


@pytest.mark.parametrize("what", ["ask", "use"])
@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf, 1e101])
def test_the_quick_look_misses_no_fault(what, bad):
    e = economy(1, 0, 1.0)
    state = start_state(e, solve(e.technology, e.income))
    for link in (0, e.network.m - 1):
        ask, use = e.flow.copy(), state.held.copy()
        (ask if what == "ask" else use)[link] = bad
        with plain():
            slow = find_fault(e, state, Act(ask, use))
        assert find_fault(e, state, Act(ask, use)) == slow is not None
        assert check_and_settle(e, e.technology, state, Act(ask, use, np.ones(e.network.n))) == slow
    use = state.held * 1.01
    assert "uses more than it holds" in find_fault(e, state, Act(e.flow, use))
