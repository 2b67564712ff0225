"""The market of firms that train one model together: what is said, averaged and believed."""

import numpy as np
import pytest

from catallax import ChannelLaw, Contract, InputError, LineLaw, generate, simulate
from catallax.domains.production.economy import economy_named
from catallax.domains.production.mechanisms import federated_market
from catallax.domains.production.mechanisms.federated_market import UPDATE
from catallax.domains.production.network import HOUSEHOLD
from catallax.domains.production.run import (
    Setup,
    act,
    begin,
    close_tick,
    decide,
    open_tick,
    settle_week,
)
from catallax.learning.demand import NOISE, UNIT, Sums, elasticity

EXACT = LineLaw(delay=0.0, noise=0.0, resolution=0)
CLEAR = ChannelLaw(line=EXACT, centre=EXACT, measuring=0.0)


def worlds(contract, mechanism, seed=1):
    """The world of each week, after the centre spoke."""
    setup = Setup(contract, mechanism, seed)
    world = begin(setup)
    for _ in range(contract.weeks):
        world = open_tick(setup, world)
        told, world = decide(setup, world)
        yield world
        world = close_tick(setup, world, told)
        deed, world = act(setup, world)
        world, week = settle_week(setup, world, deed)
        assert not isinstance(week, str), week


def test_the_step_is_the_best_for_ones_own_past_and_the_pull() -> None:
    """Against the normal equations of FedProx's local problem, by another solver."""
    r = np.random.default_rng(1)
    sums, mu, model = Sums.none(1), 0.3, np.array([0.5, -0.2])
    X, y = r.normal(0, 0.05, (40, 2)), r.normal(0, 0.05, 40)
    for x, target in zip(X, y, strict=True):
        sums = sums.seen((x[:1], x[1:]), np.array([target]), 0.02)
    fade = 0.02 * 0.98 ** np.arange(40)[::-1]
    Z = X / UNIT
    A, b = (Z.T * fade) @ Z, (Z.T * fade) @ (y / NOISE)
    expected = np.linalg.solve(A + mu * np.eye(2), b - A @ model)
    found = sums.step((model[:1], model[1:]), mu)
    assert np.concatenate(found) == pytest.approx(expected, rel=1e-10)


def test_an_elasticity_that_all_have_is_found_by_all_together() -> None:
    """Forty firms with thirty weeks each: alone they cannot tell, their mean model can."""
    r, n, steep = np.random.default_rng(2), 40, 0.4
    sums = Sums.none(n)
    for _ in range(30):
        moved = 0.01 * r.standard_normal(n)
        sums = sums.seen((np.zeros(n), moved), -steep * moved + 0.02 * r.standard_normal(n), 0.02)
    model = np.zeros(2)
    for _ in range(200):
        step = sums.step((np.full(n, model[0]), np.full(n, model[1])), 0.1)
        model += [step[0].mean(), step[1].mean()]
    alone = sums.step((np.zeros(n), np.zeros(n)), 1e-3)[1]
    assert elasticity(model[1]) == pytest.approx(steep, abs=0.15)
    assert np.abs(elasticity(alone) - steep).mean() > 2 * abs(elasticity(model[1]) - steep)


@pytest.mark.parametrize("pool", ["good", "region", "all"])
def test_the_server_keeps_the_mean_of_what_was_said(pool) -> None:
    contract = Contract(generate(5), channel=CLEAR, weeks=12, settle=0)
    before, moved = None, 0.0
    for world in worlds(contract, federated_market(pool=pool, every=4)):
        memory = world.memory
        if before is not None and world.t % 4 == 1:
            said = np.log([world.reports.inbox.value.row[k] for k in UPDATE]).T
            seller = contract.economy.network.kind != HOUSEHOLD
            for g in np.unique(memory.group[seller]):
                of = seller & (memory.group == g)
                step = memory.model[g] - before[g]
                moved += np.abs(step).sum()
                assert step == pytest.approx(said[of].mean(axis=0), abs=1e-9)
        before = memory.model
    assert moved > 0


@pytest.mark.parametrize("late", UPDATE)
@pytest.mark.parametrize("delay", [1, 2, 6])
def test_a_number_that_comes_late_is_averaged_when_it_comes(late, delay) -> None:
    """Each coefficient moves by the mean of what was said of it, in the week it is heard."""
    delays = {k: delay if k == late else 0 for k in UPDATE}
    channel = ChannelLaw(
        line=EXACT, centre=EXACT, kinds=((late, LineLaw(float(delay), 0.0, 1.0, 0)),), measuring=0.0
    )
    contract = Contract(generate(5), channel=channel, weeks=20, settle=0)
    seller, before = contract.economy.network.kind != HOUSEHOLD, np.zeros(len(UPDATE))
    weeks: dict[str, list[int]] = {k: [] for k in UPDATE}
    for world in worlds(contract, federated_market(pool="all", every=4)):
        inbox, model = world.reports.inbox, world.memory.model[0]
        for k, kind in enumerate(UPDATE):
            new = inbox.age.row[kind][seller][0] == delays[kind]
            step = np.log(inbox.value.row[kind][seller]).mean() if new else 0.0
            assert model[k] - before[k] == pytest.approx(step, abs=1e-9)
            weeks[kind] += [world.t] if new else []
        before = model
    assert {k: w[:2] for k, w in weeks.items()} == {k: [1 + d, 5 + d] for k, d in delays.items()}


def test_rounds_and_bits() -> None:
    """Down and up two numbers a seller every four weeks; nothing else goes to the centre."""
    contract = Contract(generate(5), channel=CLEAR, weeks=16, settle=0)
    kinds = simulate(contract, federated_market(), 1).meter.kinds
    sellers = int((contract.economy.network.kind != HOUSEHOLD).sum())
    assert kinds["directive"].sends == 4 * sellers
    assert kinds["report"].sends == pytest.approx(4 * sellers, abs=sellers)


def test_changes_are_clipped_and_noised() -> None:
    contract = Contract(generate(5), channel=CLEAR, weeks=30, settle=0)
    lengths = {}
    for privacy in (0.0, 2.0):
        mechanism, found = federated_market(clip=0.2, privacy=privacy), []
        for world in worlds(contract, mechanism):
            age = world.reports.inbox.age.row[UPDATE[0]]
            said = np.log([world.reports.inbox.value.row[k] for k in UPDATE])[:, age == 0]
            found.append(np.hypot(*said))
        lengths[privacy] = np.concatenate(found)
    assert lengths[0.0].max() <= 0.2 + 1e-9
    assert lengths[2.0].mean() == pytest.approx(0.4 * np.sqrt(np.pi / 2), rel=0.15)


def test_what_is_shorter_than_the_clip_is_said_as_it_is() -> None:
    """So two clips that nothing reaches make one run."""
    contract = Contract(generate(5), channel=CLEAR, weeks=20, settle=0)
    longest, bits = 0.0, set()
    for clip in (2.0, 3.0):
        mechanism = federated_market(clip=clip)
        for world in worlds(contract, mechanism):
            said = np.log([world.reports.inbox.value.row[k] for k in UPDATE])
            longest = max(longest, np.hypot(*said).max())
        bits.add(simulate(contract, mechanism, 1).bits)
    assert 0.01 < longest < 2.0
    assert len(bits) == 1


def test_firms_who_hire_the_same_labour_are_a_region() -> None:
    net = economy_named("us15").network
    mechanism = federated_market(pool="region")
    setup = Setup(Contract(economy_named("us15"), weeks=4, settle=0), mechanism, 1)
    assert mechanism.centre is not None
    group = mechanism.centre.start(setup.public, np.random.default_rng(1)).group
    hires = [
        set(net.seller[net.rows.links(i)]) & set(range(net.endowments.stop)) for i in range(net.n)
    ]
    for i in range(net.plants.start, net.plants.stop):
        assert group[i] == min(hires[i], default=net.endowments.stop)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"pool": "god"}, "unknown pool 'god'. Did you mean 'good'"),
        ({"every": 0}, "federated_market:every: 0 is out of range, expected 1 or more"),
        ({"mu": 0.0}, "federated_market:mu: 0.0 is out of range, expected above 0, at most 100"),
        ({"clip": 5.0}, "federated_market:clip: 5.0 is out of range, expected above 0, at most 4"),
        ({"privacy": -1.0}, "federated_market:privacy: -1.0 is out of range"),
        ({"kappa": 2.0}, "ai_market:kappa: 2.0 is out of range"),
    ],
)
def test_settings_out_of_range_are_refused(settings, text) -> None:
    with pytest.raises(InputError, match=text.replace(".", r"\.").replace("?", r"\?")):
        federated_market(**settings)
