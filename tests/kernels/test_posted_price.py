"""The market's week in one pass against the rule in plain NumPy."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import generate, us15
from catallax.domains.production.mechanisms import REGISTRY
from catallax.domains.production.mechanisms.market import Market
from catallax.domains.production.mechanisms.owners import COLUMNS
from catallax.domains.production.network import Inbox, Table
from catallax.domains.production.run import Contract, Setup, begin, simulate
from catallax.domains.production.run.views import make_view
from catallax.kernels.switch import plain

from .conftest import at_most


def seen_by(seed, limits):
    """A view and a memory of every row in which everything differs."""
    e, r = generate(seed, products=6, firms=3, households=3, inputs=4), np.random.default_rng(seed)
    setup = Setup(Contract(e, weeks=3), REGISTRY["market"](), seed)
    world = begin(setup)
    view = make_view(setup, world, tacit=True)
    n, m = view.rows.n, view.rows.m

    def wild(size):
        return r.lognormal(0, 1, size) * r.choice([1.0, 1e-6, 1e6], size)

    row = dict(view.facts.row) | {"z": wild(n), "K": wild(n)}
    if limits:
        row["sigma"] = r.choice([0.0, 0.3, 1.0, 1.5], n)
        row["eps"] = r.choice([0.0, 1.0, 4.0], n)
    link = dict(view.facts.link) | {"tariff": r.choice([0.0, 0.3], m)}
    seen = {k: np.where(r.random(n) < 0.1, 0.0, wild(n)) for k in ("stock", "orders", "cash")}
    held = np.where(r.random(m) < 0.1, 0.0, wild(m))
    view = replace(
        view,
        facts=Table(row, link),
        seen=Table(dict(view.seen.row) | seen, dict(view.seen.link) | {"held": held}),
        inbox=Inbox(Table({}, {"price": wild(m)}), Table()),
    )
    memory = {"D": np.where(r.random(n) < 0.1, 0.0, wild(n)), "price": wild(n), "X": wild(n)}
    memory |= {k: wild(n) for k in COLUMNS}
    return view, Table(memory)


def answers(rule, view, done):
    act, memory = rule.act(view, done)
    return [act.ask, act.use, act.price, *(memory.row[k] for k in ("D", "price", "X", *COLUMNS))]


def test_what_changes_nothing_may_be_left_out_and_no_bit_changes():
    """Where nothing is lost or taxed and norms are shares, the kernel reads none of the three."""
    view, done = seen_by(3, True)
    share, m = view.facts.link["share"], view.rows.m
    full = {"share": share, "norm": share.copy(), "kept": np.ones(m), "tariff": np.zeros(m)}
    less = {"norm": share, "kept": np.broadcast_to(1.0, m), "tariff": np.broadcast_to(0.0, m)}
    rule, row = Market(beta=0.2, a=0.3, cover=0.5, quote_smoothing=1.0, horizon=0), view.facts.row
    want = answers(rule, replace(view, facts=Table(row, full)), done)
    for names in (["norm"], ["kept"], ["tariff"], list(less)):
        some = full | {k: less[k] for k in names}
        found = answers(rule, replace(view, facts=Table(row, some)), done)
        for a, b in zip(found, want, strict=True):
            assert a.tobytes() == b.tobytes()


@given(st.integers(0, 10_000), st.booleans())
def test_the_compiled_rule_is_the_plain_one(seed, limits):
    view, done = seen_by(seed, limits)
    rule = Market(beta=0.2, a=0.3, cover=0.5, quote_smoothing=1.0, horizon=0)
    fast = answers(rule, view, done)
    with at_most(2):
        two = answers(rule, view, done)
    with plain():
        slow = answers(rule, view, done)
    for a, b, c in zip(fast, two, slow, strict=True):
        assert a.tobytes() == b.tobytes()
        np.testing.assert_allclose(a, c, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("name", sorted([*REGISTRY, "market:exchange"]))
def test_a_run_by_kernels_is_a_run_in_plain_numpy(name):
    """Rounding differs, so runs drift apart; a quarter of a year they stay together."""
    contract = Contract(us15(), weeks=13, settle=0)
    fast = simulate(contract, name, 2)
    with plain():
        slow = simulate(contract, name, 2)
    for series in fast.series:
        a, b = fast.series[series], slow.series[series]
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-9 * max(np.abs(b).max(initial=0), 1.0))
    assert fast.meter.kinds.keys() == slow.meter.kinds.keys()
    for kind, traffic in fast.meter.kinds.items():
        assert traffic.bits_sent == pytest.approx(slow.meter.kinds[kind].bits_sent, rel=1e-12)
