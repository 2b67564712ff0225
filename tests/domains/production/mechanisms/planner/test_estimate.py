"""What a planner expects under odd laws: announced, silent, late and audited facts."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import ChannelLaw, Contract, KnowledgeLaw, LineLaw, Shock, Tariff, generate, us15
from catallax.domains.production.knowledge import BehaviourLaw, make_reference
from catallax.domains.production.mechanisms import ai_planner
from catallax.domains.production.mechanisms.planner import Estimator, PlannerState
from catallax.domains.production.mechanisms.planner.reports import LINK_KINDS, ROW_KINDS
from catallax.domains.production.network import PLANT, Inbox, Table, ces_cost, demand_ratio
from catallax.domains.production.run import (
    Setup,
    act,
    begin,
    close_tick,
    decide,
    open_tick,
    settle_week,
)
from catallax.learning import Ewma, HoltWinters

EXACT = LineLaw(delay=0.0, noise=0.0, resolution=0)
ECONOMY = generate(3)


def worlds(contract, weeks, **settings):
    """The world after each week, under a planner in kind."""
    planner = ai_planner(**({"delegation": "in_kind", "forecast": "ewma"} | settings))
    setup = Setup(contract, planner, 1)
    world = begin(setup)
    for _ in range(weeks):
        for _ in range(contract.channel.rounds):
            world = open_tick(setup, world)
            told, world = decide(setup, world)
            world = close_tick(setup, world, told)
        deed, world = act(setup, world)
        yield world
        world, week = settle_week(setup, world, deed)
        assert not isinstance(week, str), week


def expected(memory, rule=None):
    """The technology that a planner expects of this week."""
    return Estimator(rule or Ewma()).expect_technology(memory, 0.0)


def flows(line, week, factor, weeks, kinds=()):
    """What the plans of each week took the flow of ore to be, over its base-year value."""
    shock = Shock("ore", week, factor, announced=True)
    law = ChannelLaw(centre=line, kinds=kinds, measuring=0.0)
    contract = Contract(ECONOMY, KnowledgeLaw(), law, shocks=(shock,), weeks=weeks, settle=0)
    row = ECONOMY.network.row("ore")
    base = ECONOMY.technology.supply[row]
    return [w.memory.plan.best.technology.supply[row] / base for w in worlds(contract, weeks)]


def flows_in(week, factor, weeks, lead):
    return [factor if t + lead >= week else 1.0 for t in range(weeks)]


@pytest.mark.parametrize("factor", [0.9, 0.5])
@pytest.mark.parametrize("delay", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("week", [0, 8])
def test_what_was_announced_is_believed_from_its_week_on(week, delay, factor) -> None:
    line = LineLaw(delay=delay, noise=0.0, resolution=0)
    found = flows(line, week, factor, 20)
    assert found == pytest.approx(flows_in(week, factor, 20, delay), rel=1e-9)


def test_what_was_announced_is_believed_of_those_who_cannot_speak() -> None:
    line = LineLaw(delay=1.0, noise=0.0, resolution=0, coverage=0.0)
    assert flows(line, 8, 0.5, 20) == pytest.approx(flows_in(8, 0.5, 20, 1.0), rel=1e-9)


def test_what_was_announced_is_believed_though_reports_of_it_are_late() -> None:
    line = LineLaw(delay=1.0, noise=0.0, resolution=0)
    late = (("supply", replace(line, delay=4.0)),)
    found = flows(line, 8, 0.5, 20, late)
    assert found == pytest.approx(flows_in(8, 0.5, 20, 1.0), rel=1e-9)


def test_noise_does_not_make_an_announcement_forgotten() -> None:
    found = flows(LineLaw(), 8, 0.9, 40)
    assert found[10:] == pytest.approx([0.9] * 30, rel=0.05)


@pytest.mark.parametrize("week", [0, 1])
def test_a_tariff_that_nobody_announced_is_heard_of_from_those_who_lose_by_it(week) -> None:
    economy = us15()
    law = ChannelLaw(centre=EXACT, measuring=0.0)
    tariff = Tariff("foreign", week, 0.5)
    contract = Contract(economy, KnowledgeLaw(drift=0.0), law, shocks=(tariff,), weeks=4, settle=0)
    world = list(worlds(contract, 4))[-1]
    found = expected(world.memory).kept
    assert found == pytest.approx(world.truth.whole.kept, rel=1e-9)
    assert found[economy.exports] == pytest.approx(economy.technology.kept[economy.exports] / 1.5)


def test_without_inputs_of_the_same_report_nothing_is_inferred() -> None:
    kinds = (("used", replace(EXACT, coverage=0.0)),)
    channel = ChannelLaw(centre=EXACT, kinds=kinds, measuring=0.0)
    contract = Contract(ECONOMY, KnowledgeLaw(drift=0.0), channel, weeks=12, settle=0)
    world = list(worlds(contract, 12))[-1]
    assert not world.memory.estimates.moving.z_inferred.count.any()
    said = world.truth.sayable.z[ECONOMY.network.plants]
    z = expected(world.memory).z[ECONOMY.network.plants]
    assert z == pytest.approx(said, rel=1e-9)


@pytest.mark.parametrize("late", ["output", "used"])
@pytest.mark.parametrize(("rounds", "quick", "slow"), [(1, 0, 3), (1, 1, 4), (2, 0.5, 2)])
def test_output_and_inputs_are_read_together_as_of_one_week(late, rounds, quick, slow) -> None:
    """What one of two kinds says late is inferred late, and else as it was inferred in time."""
    line, found = replace(EXACT, delay=quick), []
    for kinds in ((), ((late, replace(line, delay=slow)),)):
        # Words say all, at once: they are believed, so that both runs do the same.
        channel = ChannelLaw(rounds, centre=line, kinds=(("z", EXACT), *kinds), measuring=0.0)
        contract = Contract(
            ECONOMY, KnowledgeLaw(tacit=0.0, drift_z=0.02), channel, weeks=16, settle=0
        )
        states = [w.memory for w in worlds(contract, 16, forecast="last")]
        tracks = [(s.estimates.moving.z_inferred, s.weeks_since("output")) for s in states]
        found.append([(track.level, track.count, weeks) for track, weeks in tracks])
    heard = np.ceil(quick)  # facts are followed once a week
    more, plants = int(slow - heard), ECONOMY.network.plants
    ticks = range(10, 16)
    for t in ticks:
        in_time, tardy = found[0][t - more], found[1][t]
        assert tardy[0][plants] == pytest.approx(in_time[0][plants], abs=1e-9)
        assert (in_time[2], tardy[2]) == (heard, slow)
        assert tardy[1][plants].all()
    moved = [found[0][t][0] - found[0][t - more][0] for t in ticks]
    assert np.abs(moved).max() > 0.01  # or being late would make no difference


@pytest.mark.parametrize("late", ["got", "output", "used"])
def test_accounts_compare_what_is_of_one_week(late) -> None:
    """A kind that comes late is compared late; before it first came nobody waits for it."""
    found = []
    for kinds in ((), ((late, replace(EXACT, delay=3.0)),)):
        channel = ChannelLaw(centre=EXACT, kinds=kinds, measuring=0.0)
        contract = Contract(ECONOMY, KnowledgeLaw(tacit=0.0), channel, weeks=32, settle=0)
        states = [w.memory for w in worlds(contract, 32, delegation="retail")]
        found.append([(s.estimates.double_entry.count, s.reports.compared) for s in states])
    in_time, tardy = found
    assert [in_time[t] for t in (12, 13, 26)] == [(1, 0.0), (2, 13.0), (3, 26.0)]
    assert [tardy[t] for t in (15, 16, 28, 29)] == [(0, -np.inf), (1, 13), (1, 13), (2, 26)]


@pytest.mark.parametrize(("rounds", "delay"), [(1, 0), (1, 2), (2, 0), (2, 1), (4, 0.25), (4, 0.5)])
def test_audits_teach_at_any_clock_and_delay(rounds, delay) -> None:
    line = LineLaw(delay=delay, noise=0.0, resolution=0)
    channel = ChannelLaw(rounds, centre=line, measuring=0.0)
    law = BehaviourLaw("strategic", pad=0.2)
    contract = Contract(ECONOMY, KnowledgeLaw(drift=0.0), channel, law, weeks=60, settle=0)
    *_, world = worlds(contract, 60, audit=0.3)
    found = world.memory.estimates.audits.told
    assert found.count[ECONOMY.network.plants].min() >= 5
    assert found.bias[ECONOMY.network.plants] == pytest.approx(np.log(0.8), abs=1e-9)


def test_reports_are_said_once_a_week_whatever_the_clock() -> None:
    sends = []
    for rounds in (1, 4):
        contract = Contract(ECONOMY, KnowledgeLaw(), ChannelLaw(rounds), weeks=10, settle=0)
        *_, world = worlds(contract, 10)
        sends.append(world.meter.kinds["report"].sends)
    assert sends[0] == sends[1]


@pytest.mark.parametrize(("accounts", "level"), [(False, 0.8), (True, 1.0)])
def test_padding_by_all_is_talk_and_not_tacit_knowledge(accounts, level) -> None:
    """Everybody hides capacity and pads needs; both tracks then err by one factor for all, and
    without a look at the accounts words set the level."""
    law = BehaviourLaw("strategic", pad=0.2)
    contract = Contract(
        ECONOMY,
        KnowledgeLaw(0.25, drift=0.0),
        ChannelLaw(centre=EXACT, measuring=0.0),
        law,
        weeks=8,
        settle=0,
    )
    *_, world = worlds(contract, 8, accounts=accounts)
    plants = ECONOMY.network.plants
    z = expected(world.memory).z[plants]
    off = np.log(z / world.truth.whole.z[plants])
    assert off.mean() == pytest.approx(np.log(level), abs=0.05)


def test_what_is_inferred_is_of_the_week_before_and_looked_ahead_by_one_more() -> None:
    """Productivity that trends and cannot be told: Holt's slope closes the gap of a week."""
    knowledge = KnowledgeLaw(
        tacit=1.0, drift=0.0, drift_z=0.002, novelty=0.0, pattern="trending", reversion=0.0
    )
    contract = Contract(
        ECONOMY, knowledge, ChannelLaw(centre=EXACT, measuring=0.0), weeks=160, settle=0
    )
    *_, before, world = worlds(contract, 160, forecast="holt_winters")
    plants = ECONOMY.network.plants
    z = expected(world.memory, HoltWinters()).z[plants]
    off = np.log(z / world.truth.whole.z[plants])
    week = np.log(world.truth.whole.z[plants] / before.truth.whole.z[plants])
    assert np.abs(week).max() > 0.001
    assert np.abs(off).max() < 0.3 * np.abs(week).max()


def test_facts_are_followed_by_the_week_whatever_the_clock() -> None:
    """A slope a week is a slope a week, also where the clock ticks four times in it."""
    knowledge = KnowledgeLaw(
        tacit=0.0, drift=0.0, drift_z=0.002, novelty=0.0, pattern="trending", reversion=0.0
    )
    slopes = []
    for rounds in (1, 4):
        contract = Contract(
            ECONOMY, knowledge, ChannelLaw(rounds, centre=EXACT, measuring=0.0), weeks=30, settle=0
        )
        *_, world = worlds(contract, 30, forecast="holt_winters")
        slopes.append(world.memory.estimates.moving.z_told.slope)
    assert np.abs(slopes[0]).max() > 1e-4
    assert np.array_equal(*slopes)


def test_who_says_no_elasticity_is_taken_to_be_like_those_of_its_kind_who_do() -> None:
    channel = ChannelLaw(centre=replace(EXACT, coverage=0.5), measuring=0.0)
    contract = Contract(ECONOMY, KnowledgeLaw(drift=0.0), channel, weeks=2, settle=0)
    memory = list(worlds(contract, 2))[-1].memory
    sigma, track = memory.estimates.elasticities.sigma, memory.estimates.steady.sigma
    net, true, told = ECONOMY.network, ECONOMY.technology.sigma, track.count > 0
    assert sigma[told] == pytest.approx(true[told], rel=1e-12)
    plants = net.kind == PLANT
    assert 5 < told[plants].sum() < plants.sum() - 5
    mean = np.exp(np.log(true[plants & told]).mean())
    assert abs(np.log(mean / memory.public.base.sigma[plants][0])) > 0.01
    assert sigma[plants & ~told] == pytest.approx(mean, rel=1e-12)


def test_mixes_are_read_as_what_was_spent_not_as_what_arrived() -> None:
    """Inputs at least cost, of which up to half is lost on the way: one quarter tells all."""
    net, t = ECONOMY.network, ECONOMY.technology
    rng = np.random.default_rng(1)
    kept, paid = rng.uniform(0.5, 1.0, net.m), np.exp(0.3 * rng.standard_normal(net.m))
    public = Setup(Contract(ECONOMY, weeks=20, settle=0), ai_planner(), 1).public
    public = replace(public, base=replace(public.base, kept=kept))
    log_q = np.log(paid * t.norm / (t.share * kept))
    costs = ces_cost(net.rows, t.share, t.sigma, t.eps, log_q)
    used = t.norm * demand_ratio(net.rows, t.sigma, t.eps, log_q, *costs)
    never = Table(
        {k: np.full(net.n, np.inf) for k in ROW_KINDS},
        dict.fromkeys(LINK_KINDS, np.full(net.m, np.inf)),
    )
    heard = Inbox(
        make_reference(public) | Table(link={"used": used}),
        never | Table(link={"used": np.zeros(net.m)}),
    )
    start = PlannerState.start(public, Ewma(), 0)
    start = replace(start, plan=replace(start.plan, paid=paid))
    after = Estimator(Ewma(), mixes=True).update(start, heard, 12)
    found = after.estimates.elasticities.regression.sigma[net.plants]
    assert found == pytest.approx(np.maximum(t.sigma[net.plants], 0.01), rel=1e-9)
