"""What rows buy and how they heed, compiled against plain, row by row and all at once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.mechanisms.buying import choice, shopping
from catallax.domains.production.mechanisms.planner import DELEGATIONS, DirectedAgents
from catallax.domains.production.network import Inbox, Table, View

SEED = st.integers(0, 2**32 - 1)


def pick(table, names):
    return {k: table[k] for k in names}


def view_of(t, seed):
    """What rows see in some week, and what they remember of it."""
    r = np.random.default_rng(seed)
    n, m, net = t.network.n, t.network.m, t.network
    row = {k: getattr(t, k) for k in ("z", "K", "sigma", "eps", "gamma", "supply")}
    facts = Table(row, {k: getattr(t, k) for k in ("share", "norm", "kept", "tariff")})
    kinds = ("ask", "use", "value")
    seen = Table({"cash": r.lognormal(0, 1, n) - 0.5}, {"held": t.norm * r.lognormal(0, 1, m)})
    draw = {"quota": (n, t.K), "ask": (m, t.norm), "use": (m, t.norm), "value": (m, np.ones(m))}
    said = {k: base * r.choice([0.0, 1.0], size, p=[0.1, 0.9]) for k, (size, base) in draw.items()}
    said["value"] = r.lognormal(0, 0.4, m)
    ages = {k: r.choice([0.0, 1.0, np.inf], size) for k, (size, _) in draw.items()}
    old = {k: base * r.lognormal(0, 0.1, size) for k, (size, base) in draw.items()}
    never = {f"{k} age": r.choice([0.0, 2.0, np.inf], size) for k, (size, _) in draw.items()}
    inbox = Inbox(
        Table(pick(said, ["quota"]), pick(said, kinds)),
        Table(pick(ages, ["quota"]), pick(ages, kinds)),
    )
    done = Table(
        {"quota": old["quota"], "quota age": never["quota age"]},
        pick(old, kinds) | pick(never, [f"{k} age" for k in kinds]),
    )
    return View(net.rows, facts, seen, inbox, 3, lambda _: np.zeros(n), 0.05), done


@given(SEED)
def test_what_is_bought(drawn, alike, seed) -> None:
    view, done = view_of(drawn(seed), seed)
    alike(lambda: [shopping(view, done.link["value"]), choice(view, done.link["value"])], 1e-11)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("delegation", DELEGATIONS)
@given(seed=SEED, weight=st.sampled_from([0.2, 1.0]))
def test_acts(drawn, alike, delegation, strict, seed, weight) -> None:
    view, done = view_of(drawn(seed), seed)
    agents = DirectedAgents(delegation, strict=strict, weight=weight, cover=0.5)

    def work():
        deed, after = agents.act(view, done)
        return [deed.ask, deed.use, *after.row.values(), *after.link.values()]

    alike(work, 1e-11)


@pytest.mark.parametrize("delegation", DELEGATIONS)
@given(seed=SEED)
def test_a_row_alone_does_the_same(drawn, delegation, seed) -> None:
    t = drawn(seed)
    view, done = view_of(t, seed)
    agents = DirectedAgents(delegation, weight=0.3, cover=0.5)
    deed, after = agents.act(view, done)
    for i in range(t.network.n):
        at = view.rows.links(i)
        alone = replace(
            view,
            rows=view.rows.cut(i),
            facts=view.facts.cut(i, at),
            seen=view.seen.cut(i, at),
            inbox=Inbox(view.inbox.value.cut(i, at), view.inbox.age.cut(i, at)),
        )
        one, kept = agents.act(alone, done.cut(i, at))
        assert one.ask.tobytes() == deed.ask[at].tobytes()
        assert np.asarray(one.use).tobytes() == np.asarray(deed.use)[at].tobytes()
        for k, v in kept.link.items():
            assert v.tobytes() == after.link[k][at].tobytes()
