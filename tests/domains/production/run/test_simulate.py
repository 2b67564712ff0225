"""A run: reproducible, the same facts for everybody, and stopped with a reason."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, from_table, generate, us15, us71
from catallax.domains.production.economy.tables import load_table
from catallax.domains.production.knowledge import BehaviourLaw, ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.mechanisms import (
    REGISTRY,
    Agents,
    Centre,
    Mechanism,
    five_year_plan,
    market,
)
from catallax.domains.production.network import Act, Table
from catallax.domains.production.optimum import farrell
from catallax.domains.production.run import (
    Contract,
    Setup,
    StaticOptimum,
    Stop,
    act,
    begin,
    close_tick,
    decide,
    draw_truths,
    open_tick,
    settle_week,
    simulate,
    timetable,
)

# ---------------------------------------------------------------- the oracle at rest

STILL = KnowledgeLaw(dispersion=0.0, drift=0.0)
AT_REST = {
    "us15": (us15, 104),
    "us15, late": (lambda: from_table(load_table("us15"), lead=2, decay=0.03), 60),
    "synthetic:1": (lambda: generate(1), 104),
    "synthetic:1, late": (lambda: generate(1, lead=3, decay=0.1), 60),
    "us71": (us71, 12),
    "us71, late": (lambda: from_table(load_table("us71"), lead=2, decay=0.03), 12),
}


@pytest.mark.parametrize("name", AT_REST)
def test_without_shocks_and_dispersion_the_static_optimum_is_efficient_every_week(name):
    make, weeks = AT_REST[name]
    economy = make()
    run = simulate(Contract(economy, STILL, weeks=weeks, settle=0), StaticOptimum())
    assert run.completed
    start = None
    for used in run.series["utility"]:
        found = farrell(economy.technology, used, start=start, tol=1e-12)
        start = found.optimum.price
        assert abs(found.value - 1) < 1e-9
    # Nothing else moves either.
    for series in ("stock", "stocks", "output"):
        path = run.series[series]
        assert np.max(np.abs(path - path[0])) < 1e-9 * path.max()


def test_the_static_optimum_follows_the_facts_of_the_week(small):
    """With a shock it ships what is there, in the proportions of the new optimum."""
    run = simulate(
        Contract(small, STILL, shocks=(Shock("ore", 3, 0.5),), weeks=8, settle=0), StaticOptimum()
    )
    net = small.network
    ore = net.row("ore")
    sold = run.series["sold"][:, ore] / small.technology.supply[ore]
    np.testing.assert_allclose(sold, [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5], rtol=1e-6)


# ---------------------------------------------------------------- same bits


def test_the_same_seed_gives_the_same_bits(shocked, institution):
    first = simulate(shocked, institution, 3)
    assert first.completed
    assert simulate(shocked, institution, 3).bits == first.bits
    assert simulate(shocked, institution, 4).bits != first.bits


def test_a_fresh_object_gives_the_same_bits(shocked):
    for make in REGISTRY.values():
        assert simulate(shocked, make(), 3).bits == simulate(shocked, make(), 3).bits


def test_settings_change_the_bits(shocked):
    assert simulate(shocked, market(), 3).bits != simulate(shocked, market(kappa=0.02), 3).bits


def test_recording_and_progress_change_no_result(shocked):
    seen = []
    run = simulate(shocked, market(), 3, progress=seen.append)
    assert seen == list(range(12))
    assert run.bits == simulate(shocked, market(), 3).bits


def facts_met(contract, mechanism, seed):
    """Bits of the facts of every week, as the run met them."""
    met = []
    setup = Setup(contract, mechanism, seed)
    world = begin(setup)
    for _ in range(contract.weeks):
        truth = world.truth
        parts = (truth.facts.z, truth.facts.taste, truth.facts.drift, truth.whole.z)
        parts += (truth.whole.share, truth.whole.supply, truth.whole.eps, truth.sayable.sigma)
        met.append(tuple(p.tobytes() for p in parts))
        world, settled, _ = one_week(setup, world)
        assert not isinstance(settled, str)
    return met


def one_week(setup, world):
    """The timetable, written out."""
    for _ in range(setup.contract.channel.rounds):
        world = open_tick(setup, world)
        directive, world = decide(setup, world)
        world = close_tick(setup, world, directive)
    deed, world = act(setup, world)
    before = world.state
    world, settled = settle_week(setup, world, deed)
    return world, settled, before


def test_what_is_kept_of_an_act_is_what_sellers_heard(small, monkeypatch):
    """Plants that pay nothing ask for more than they want; the log must not know better."""
    kept, record = [], timetable.record_week

    def watched(setup, logs, before, settled, after):
        kept.append((settled.act.ask, settled.week.asked))
        record(setup, logs, before, settled, after)

    monkeypatch.setattr(timetable, "record_week", watched)
    law = BehaviourLaw("strategic", soft=0.5)
    for behaviour in (BehaviourLaw(), law):
        contract = Contract(small, behaviour=behaviour, weeks=1, settle=0)
        assert simulate(contract, five_year_plan(), 1).completed
    (plain, _), (padded, asked) = kept
    np.testing.assert_array_equal(padded, asked)
    assert padded.sum() > 1.1 * plain.sum()


def test_facts_and_shocks_are_bit_equal_whatever_the_mechanism(shocked):
    everybody = [*(make() for make in REGISTRY.values()), StaticOptimum(), market(price_error=0.5)]
    paths = [facts_met(shocked, mechanism, 5) for mechanism in everybody]
    assert len(set(map(tuple, paths))) == 1
    assert facts_met(shocked, market(), 6) != paths[0]


def test_facts_that_move_in_every_way_are_bit_equal_whatever_the_mechanism(shocked):
    law = KnowledgeLaw(drift_z=0.02, novelty=0.5, jump=0.4, misspecification=0.3, tacit_sigma=0.5)
    lively = replace(shocked, knowledge=law)
    paths = [facts_met(lively, make(), 5) for make in REGISTRY.values()]
    assert len(set(map(tuple, paths))) == 1
    assert all(a != b for a, b in zip(paths[0], facts_met(shocked, market(), 5), strict=True))
    # Productivity moves from week to week; true elasticities do not.
    assert len({week[3] for week in paths[0]}) == lively.weeks
    assert len({week[6] for week in paths[0]}) == 1


def test_facts_are_those_of_truths(shocked):
    met = facts_met(shocked, market(), 5)
    for week, truth in enumerate(draw_truths(shocked, 5)):
        assert met[week][0] == truth.facts.z.tobytes()
        assert met[week][3] == truth.whole.z.tobytes()
        assert met[week][4] == truth.whole.share.tobytes()
        assert truth.t == week
    assert week == shocked.weeks - 1


def test_a_channel_changes_no_fact(shocked):
    other = replace(shocked, channel=ChannelLaw(4, LineLaw(0.0, 0.5, 0.5, 4), measuring=0.0))
    assert facts_met(other, market(), 5) == facts_met(shocked, market(), 5)


def test_until_the_shock_a_run_is_its_twin_bit_for_bit(institution):
    economy = generate(1, products=6)
    shocked = Contract(economy, shocks=(Shock("ore", 52, 0.5),), weeks=60, settle=0)
    run, twin = (simulate(c, institution, 2) for c in (shocked, replace(shocked, shocks=())))
    differ = set()
    for name, path in run.series.items():
        other = twin.series[name]
        assert path[:52].tobytes() == other[:52].tobytes(), name
        if path.tobytes() != other.tobytes():
            differ.add(name)
    # From then on it is not: the shock was there.
    assert {"utility", "output", "stocks"} <= differ


# ---------------------------------------------------------------- stopped with a reason


@dataclass(frozen=True)
class Breaker(Agents):
    """Asks as in the base year until it breaks a rule of nature."""

    week: int
    bad: Act
    asks: np.ndarray

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        return (self.bad if view.t == self.week else Act(self.asks)), done


def breaker(economy, week, **bad):
    ask = np.array(economy.flow)
    act = Act(**({"ask": ask} | bad))
    return Mechanism("breaker", Breaker(week, act, ask))


def test_a_broken_rule_stops_the_run_and_names_row_and_week(calm, small):
    wrong = np.array(small.flow)
    wrong[5] = -1.0
    run = simulate(calm, breaker(small, 3, ask=wrong))
    net = small.network
    assert run.stop is Stop.BAD_ACT
    assert not run.completed
    assert run.reason == (
        f"week 3: {net.names[net.buyer[5]]}, buying from {net.names[net.seller[5]]}: "
        f"ask must be a number from 0 to 1e+100"
    )
    assert repr(run) == "Run(breaker on synthetic:7, seed 0, 3 of 12 weeks, bad_act)"


def test_weeks_before_a_broken_rule_are_recorded(calm, small):
    bad = simulate(calm, breaker(small, 3, use=np.full(small.network.m, np.nan)))
    good = simulate(calm, breaker(small, 99))
    assert good.completed
    for name, path in bad.series.items():
        assert len(path) == 3
        assert path.tobytes() == good.series[name][:3].tobytes()


def test_a_broken_rule_in_the_first_week_leaves_nothing_recorded(calm, small):
    run = simulate(calm, breaker(small, 0, ask=np.ones(2)))
    assert run.stop is Stop.BAD_ACT
    assert "ask has shape (2,)" in run.reason
    assert run.series == {}


def test_a_bad_act_leaves_the_world_as_it_was(calm, small):
    setup = Setup(calm, breaker(small, 0), 1)
    world = begin(setup)
    state = world.state
    before = [a.tobytes() for a in (state.stock, state.held, state.transit, state.cash)]
    after, wrong = settle_week(setup, world, Act(np.full(small.network.m, -1.0)))
    assert after is world
    assert isinstance(wrong, str)
    assert [a.tobytes() for a in (state.stock, state.held, state.transit, state.cash)] == before


def test_an_oracle_that_finds_no_optimum_stops_with_a_reason(calm):
    run = simulate(calm, StaticOptimum(tol=1e-300, limit=2))
    assert run.stop is Stop.UNSOLVED
    assert run.reason == "week 0: no optimum of the true facts was found"
    assert run.oracle


# ---------------------------------------------------------------- the timetable


@dataclass(frozen=True)
class Clerks(Agents):
    log: list = field(default_factory=list)

    def start(self, view):
        self.log.append(("rows start", view.t))
        return Table({"n": np.zeros(view.rows.n)}), Table({"n": np.zeros(view.rows.n)})

    def report(self, view, said):
        self.log.append(("report", view.t, said.row["n"][0]))
        return Table({"stock": view.seen.row["stock"]}), Table({"n": said.row["n"] + 1})

    def act(self, view, done):
        self.log.append(("act", view.t, done.row["n"][0]))
        return Act(np.zeros(view.rows.m)), Table({"n": done.row["n"] + 1})


@dataclass(frozen=True)
class Office(Centre):
    log: list

    def start(self, public, rng):
        self.log.append(("centre starts",))
        return 0

    def decide(self, heard, t, memory):
        self.log.append(("decide", t, memory))
        return None, memory + 1


@pytest.mark.parametrize("rounds", [1, 3])
def test_who_is_called_when(small, rounds):
    log = []
    mechanism = Mechanism("toy", Clerks(log), Office(log))
    simulate(Contract(small, channel=ChannelLaw(rounds), weeks=4, settle=0), mechanism)
    expected = [("rows start", 0), ("centre starts",)]
    for week in range(4):
        for tick in range(rounds * week, rounds * (week + 1)):
            expected += [("report", week, tick), ("decide", tick, tick)]
        expected.append(("act", week, week))
    assert log == expected


def test_without_a_centre_nobody_reports(small):
    log = []
    simulate(
        Contract(small, channel=ChannelLaw(3), weeks=2, settle=0), Mechanism("toy", Clerks(log))
    )
    assert log == [("rows start", 0), ("act", 0, 0), ("act", 1, 1)]


@dataclass(frozen=True)
class Witness(Agents):
    """Keeps every view."""

    views: list = field(default_factory=list)

    def start(self, view):
        self.views.append(("start", view))
        return Table(), Table()

    def report(self, view, said):
        self.views.append(("report", view))
        return Table(), said

    def act(self, view, done):
        self.views.append(("act", view))
        price = np.exp(0.1 * (view.draw("price") - 0.5))
        return Act(view.inbox.value.link["ask"], None, price), done


def witnessed(contract, seed=1):
    witness = Witness()
    log = []
    run = simulate(contract, Mechanism("toy", witness, Office(log)), seed)
    assert run.completed
    return run, witness.views


def test_rows_speak_from_what_can_be_said_and_act_on_the_whole(shocked):
    _, views = witnessed(shocked)
    for verb, view in views:
        truth = list(draw_truths(shocked, 1))[view.t]
        sayable = truth.sayable
        for name in ("z", "supply"):
            known = truth.whole if verb == "act" else sayable
            assert view.facts.row[name].tobytes() == getattr(known, name).tobytes()
        for name in ("share", "norm"):
            known = truth.whole if verb == "act" else sayable
            assert view.facts.link[name].tobytes() == getattr(known, name).tobytes()
        assert not np.array_equal(truth.whole.z, sayable.z)


def test_a_row_sees_a_shock_in_its_own_week(shocked, small):
    _, views = witnessed(shocked)
    ore = small.network.row("ore")
    flow = [v.facts.row["supply"][ore] for verb, v in views if verb == "report"]
    base = small.technology.supply[ore]
    assert flow == [base] * 6 + [base * 0.5] * 6


def test_rows_see_todays_stocks_and_last_weeks_dealings(shocked):
    run, views = witnessed(shocked)
    acts = [view for verb, view in views if verb == "act"]
    s = run.series
    for t, view in enumerate(acts):
        seen = view.seen
        np.testing.assert_array_equal(seen.row["stock"], s["stock"][t])
        np.testing.assert_array_equal(seen.row["price"], s["price"][t])
        if t > 0:
            np.testing.assert_array_equal(seen.row["orders"], s["orders"][t - 1])
            np.testing.assert_array_equal(seen.row["shipped"], s["sold"][t - 1])
            np.testing.assert_array_equal(seen.row["output"], s["output"][t - 1])
            assert seen.link["asked"].sum() == pytest.approx(s["asked"][t - 1], rel=1e-14)
            assert seen.link["got"].sum() == pytest.approx(s["shipped"][t - 1], rel=1e-14)
    assert len({view.seen.row["price"].tobytes() for view in acts}) == 12


def test_what_rows_are_shown_they_cannot_change(shocked):
    _, views = witnessed(shocked)
    for _, view in views:
        for table in (view.facts, view.seen, view.inbox.value, view.inbox.age):
            for column in (*table.row.values(), *table.link.values()):
                assert not column.flags.writeable


def test_rows_draws_depend_on_week_and_purpose_and_not_on_calls(shocked):
    _, views = witnessed(shocked)
    draws = {}
    for _, view in views:
        for purpose in ("a", "b"):
            drawn = view.draw(purpose).tobytes()
            assert view.draw(purpose).tobytes() == drawn
            assert draws.setdefault((view.t, purpose), drawn) == drawn
    assert len(set(draws.values())) == 24


# ---------------------------------------------------------------- the fold


@pytest.mark.parametrize("rounds", [1, 2])
def test_simulate_is_the_fold_of_the_steps(shocked, institution, rounds):
    contract = replace(shocked, channel=ChannelLaw(rounds))
    run = simulate(contract, institution, 3)
    setup = Setup(contract, institution, 3)
    world = begin(setup)
    for t in range(contract.weeks):
        assert world.t == t
        assert world.tick == t * rounds
        world, settled, before = one_week(setup, world)
        s, week = run.series, settled.week
        assert s["stock"][t].tobytes() == before.stock.tobytes()
        assert s["price"][t].tobytes() == before.price.tobytes()
        assert s["stocks"][t].tobytes() == world.state.of_product(contract.economy).tobytes()
        for name in ("utility", "income", "orders", "sold", "output", "spoiled"):
            assert s[name][t].tobytes() == getattr(week, name).tobytes()
        for name in ("asked", "shipped"):
            assert s[name][t] == pytest.approx(getattr(week, name).sum(), rel=1e-14)
        held = (before.held + before.transit.sum(axis=0)).sum()
        assert s["held"][t] == pytest.approx(held, rel=1e-14)
    assert run.meter == world.meter


def test_a_step_changes_no_world_before_it(shocked):
    """So a person or a search may try a step and go back."""
    setup = Setup(shocked, market(), 3)
    world = begin(setup)
    for _ in range(3):
        world, _, _ = one_week(setup, world)
    ends = [one_week(setup, world)[0] for _ in range(2)]
    for name in ("stock", "held", "cash", "price"):
        assert getattr(ends[0].state, name).tobytes() == getattr(ends[1].state, name).tobytes()
    assert ends[0].meter == ends[1].meter
