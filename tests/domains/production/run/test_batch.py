"""Runs side by side: each is the run that it is alone, bit for bit."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catallax.domains.production.economy import Shock, Tariff, calibrate, generate, us15
from catallax.domains.production.knowledge import (
    BEHAVIOURS,
    BehaviourLaw,
    ChannelLaw,
    KnowledgeLaw,
    LineLaw,
    MessageCounts,
    Traffic,
)
from catallax.domains.production.mechanisms import (
    REGISTRY,
    Agents,
    Centre,
    Mechanism,
    ai_planner,
    market,
)
from catallax.domains.production.network import Act, Network, Table
from catallax.domains.production.network.layout import Layout
from catallax.domains.production.network.rows import MANY
from catallax.domains.production.optimum import Settled, solve
from catallax.domains.production.run import (
    Contract,
    Oracle,
    Recording,
    StaticOptimum,
    Stop,
    batch_size,
    simulate,
    simulate_many,
)
from catallax.domains.production.run.many import group_runs
from catallax.domains.production.run.message_accounting import count_postings, count_quotes
from catallax.domains.production.run.setup import join_economies
from catallax.errors import InputError
from catallax.kernels.switch import plain
from catallax.placement import Placement
from catallax.streams import BatchStreams, Streams
from tests.pairwise import name_case, pairwise_cover

SMALL = generate(7, products=4, firms=2, households=2, inputs=3)
WIDE = generate(1, lead=3, decay=0.1)  # rows and links enough that vectors have a rest
MAKE: dict[str, Any] = {
    **REGISTRY,
    "static_optimum": StaticOptimum,
    "audits": lambda: ai_planner(audit=0.3, delegation="own_mix"),
    "in kind": lambda: ai_planner(delegation="in_kind", interval=3, forecast="ewma"),
    "price errors": lambda: market(price_error=0.3),
    "exchange": lambda: market(exchange=True),
}
SHOCKS = (Shock("ore", 4, 0.5), Shock("labour", 6, 0.9, announced=True))
TACIT = KnowledgeLaw(
    tacit_sigma=0.5,
    misspecification=0.3,
    dispersion_capital=0.1,
    tacit_capital=0.3,
    drift_z=0.01,
    novelty=0.5,
    jump=0.4,
)
QUIET = LineLaw(delay=2.0, coverage=0.7, resolution=0)
ROUNDS = ChannelLaw(
    3,
    LineLaw(delay=2 / 3),
    LineLaw(0.0),
    (("z", LineLaw(delay=1.0, noise=0.2, coverage=0.5)),),
    measuring=0.0,
)
CONTRACTS = {
    "calm": Contract(SMALL, weeks=9, settle=0),
    "shocks": Contract(SMALL, shocks=SHOCKS, weeks=9, settle=0),
}
ECONOMIES = {"small": (SMALL, 9), "goods that travel": (WIDE, 7), "us15": (us15(), 6)}
EVENTS = ("calm", "shortages", "tariffs")
KNOWLEDGE = {"tacit": TACIT, "known": KnowledgeLaw()}
CHANNELS = {
    "default": ChannelLaw(),
    "slow, half covered": ChannelLaw(1, QUIET, QUIET, measuring=0.0),
    "three rounds": ROUNDS,
    "no delay": ChannelLaw(1, LineLaw(delay=0.0), LineLaw(delay=0.0, noise=0.0), measuring=0.0),
}


def check(found, expected):
    """The same runs in the same order."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert (one.stop, one.reason) == (other.stop, other.reason)
        assert one.meter.kinds == other.meter.kinds
        for name, series in (other.series | other.sampled).items():
            mine = (one.series | one.sampled)[name]
            assert mine.tobytes() == np.ascontiguousarray(series).tobytes(), name
        assert (one.bits, one.hash) == (other.bits, other.hash)


FACTORS = {
    "mechanism": MAKE,
    "economy": ECONOMIES,
    "events": EVENTS,
    "knowledge": KNOWLEDGE,
    "channel": CHANNELS,
    "behaviour": BEHAVIOURS,
    "orders": ("lapse", "wait"),
}


def contract_of(case):
    """The contract of a case of the cover."""
    economy, weeks = ECONOMIES[case["economy"]]
    return Contract(
        economy,
        KNOWLEDGE[case["knowledge"]],
        CHANNELS[case["channel"]],
        BehaviourLaw(case["behaviour"]),
        events_of(case["events"], economy),
        weeks,
        backlog=case["orders"] == "wait",
        settle=0,
    )


def events_of(kind, economy):
    """What happens in weeks 2 and 4."""
    resources = economy.network.names[economy.network.endowments]
    return {
        "calm": (),
        "shortages": (Shock(resources[-1], 2, 0.5), Shock(resources[0], 4, 0.9, announced=True)),
        "tariffs": (Tariff("domestic", 2, 0.2), Tariff("foreign", 4, 0.3)),
    }[kind]


@pytest.mark.parametrize(
    "case",
    pairwise_cover(FACTORS, lambda c: c["events"] != "tariffs" or c["economy"] == "us15"),
    ids=name_case,
)
def test_every_run_of_a_batch_has_the_bits_that_it_has_alone(case):
    contract, made = contract_of(case), MAKE[case["mechanism"]]()
    check(
        simulate_many(contract, made, [3, 0, 8], batch=3),
        [simulate(contract, made, s) for s in (3, 0, 8)],
    )


LAWS = st.builds(
    KnowledgeLaw,
    tacit=st.sampled_from([0.0, 0.25, 1.0]),
    dispersion=st.sampled_from([0.0, 0.1, 0.3]),
    drift=st.sampled_from([0.0, 0.02]),
    drift_z=st.sampled_from([0.0, 0.02]),
    novelty=st.sampled_from([0.3, 1.0]),
    pattern=st.sampled_from(["seasonal", "trending"]),
    tacit_sigma=st.sampled_from([0.0, 0.5]),
)
LINES = st.builds(
    LineLaw,
    delay=st.sampled_from([0.0, 0.5, 2.0]),
    noise=st.sampled_from([0.0, 0.1]),
    coverage=st.sampled_from([0.0, 0.9, 1.0]),
    resolution=st.sampled_from([0, 8]),
)


@settings(max_examples=25)
@given(
    LAWS,
    LINES,
    LINES,
    st.sampled_from(BEHAVIOURS),
    st.sampled_from(sorted(MAKE)),
    st.integers(1, 4),
    st.lists(st.integers(0, 99), min_size=2, max_size=5),
    st.booleans(),
)
def test_whatever_the_laws_and_however_runs_are_batched(
    law, line, centre, kind, name, batch, seeds, backlog
):
    channel = ChannelLaw(2, line, centre, measuring=0.0)
    calm = Contract(WIDE, law, channel, BehaviourLaw(kind), weeks=5, backlog=backlog, settle=0)
    shocked = replace(calm, shocks=(Shock("labour", 2, 0.7),))
    held = [calm if s % 2 else shocked for s in seeds]
    made = MAKE[name]()
    alone = [simulate(c, made, s) for c, s in zip(held, seeds, strict=True)]
    check(simulate_many(held, made, seeds, batch=batch), alone)
    backwards = simulate_many(held[::-1], made, seeds[::-1], batch=batch)
    check(backwards[::-1], alone)


@pytest.mark.parametrize("name", ["market", "ai_planner"])
def test_in_plain_numpy_too(name):
    contract, made = CONTRACTS["shocks"], MAKE[name]()
    with plain():
        check(
            simulate_many(contract, made, range(3), batch=3),
            [simulate(contract, made, s) for s in range(3)],
        )


# ---------------------------------------------------------------- runs that stop


@dataclass(frozen=True)
class Unlucky(Agents):
    """Rows that ask for less than nothing in the week that they draw, if they draw one."""

    weeks: float = 12.0

    def start(self, view):
        return Table(), Table({"week": np.floor(self.weeks * view.draw("week"))})

    def report(self, view, said):
        return Table({"z": view.facts.row["z"]}), said

    def act(self, view, done):
        sign = np.where(done.row["week"] == view.t, -1.0, 1.0)
        return Act(view.rows.spread(sign) * view.inbox.value.link["ask"]), done


@dataclass(frozen=True)
class Echo(Centre):
    """Says the flow of the base year in weeks that it draws."""

    def start(self, public, rng):
        return public.flow, rng.random(40) < 0.3

    def decide(self, heard, t, memory):
        flow, speaks = memory
        return (Table(link={"ask": flow * (1 + t)}) if speaks[t] else None), memory


@pytest.mark.parametrize("weeks", [3.0, 40.0, 150.0, 600.0])
def test_a_run_that_breaks_a_rule_stops_and_the_others_go_on(weeks):
    made = Mechanism("unlucky", Unlucky(weeks), Echo())
    contract = Contract(SMALL, shocks=SHOCKS, weeks=9, settle=0)
    alone = [simulate(contract, made, s) for s in range(8)]
    if weeks > 100:
        assert {Stop.COMPLETED, Stop.BAD_ACT} == {run.stop for run in alone}
    check(simulate_many(contract, made, range(8), batch=8), alone)


def test_what_was_to_happen_to_a_run_that_stopped_happens_to_no_other():
    """Shocks of all runs differ; those that stop do so before theirs."""
    made = Mechanism("unlucky", Unlucky(150.0), Echo())
    shock = [(Shock("labour", 8, 0.5),) if s % 2 else (Shock("ore", 7, 0.6),) for s in range(10)]
    held = [Contract(SMALL, shocks=x, weeks=9, settle=0) for x in shock]
    alone = [simulate(c, made, s) for s, c in enumerate(held)]
    first = int(np.argmin([len(run.series.get("asked", ())) for run in alone]))
    held[first] = Contract(SMALL, shocks=(Shock("ore", 6, 0.6),), weeks=9, settle=0)
    alone[first] = simulate(held[first], made, first)
    assert len(alone[first].series.get("asked", ())) < 6
    order = [first, *(k for k in range(10) if k != first)]
    found = simulate_many([held[k] for k in order], made, order, batch=10)
    check(found, [alone[k] for k in order])


@dataclass(frozen=True)
class Silent(Agents):
    """Does nothing at all in week 2."""

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        return (Act(view.inbox.value.link["ask"]) if view.t < 2 else None), done


def test_an_act_of_the_wrong_shape_or_none_is_refused_as_alone():
    class Short(Silent):
        def act(self, view, done):
            return Act(view.inbox.value.link["ask"][: -1 if view.t else None]), done

    for agents in (Silent(), Short()):
        made = Mechanism("odd", agents)
        check(
            simulate_many(CONTRACTS["calm"], made, range(3), batch=3),
            [simulate(CONTRACTS["calm"], made, s) for s in range(3)],
        )


def test_a_misshapen_act_divides_the_runs_where_they_stand(tmp_path):
    """So weeks before it are recorded once, also in files, and runs that are in order go on."""

    class Short(Silent):
        def act(self, view, done):
            cut = -1 if view.t == 3 and np.any(view.draw("cut") < 0.03) else None
            return Act(view.inbox.value.link["ask"][:cut]), done

    contract, made = CONTRACTS["calm"], Mechanism("odd", Short())
    alone = [simulate(contract, made, s) for s in range(5)]
    assert {run.stop for run in alone} == {Stop.COMPLETED, Stop.BAD_ACT}
    filed = [Recording(to=tmp_path / str(s)) for s in range(5)]
    found = simulate_many(contract, made, range(5), recording=filed, batch=5)
    assert len(np.load(tmp_path / "0" / "stock.npy")) == contract.weeks
    check(found, alone)


@dataclass(frozen=True)
class Careless(Oracle):
    """Leaves out the last link in week 2 of a run in which labour is short."""

    name = "careless"

    def act(self, economy, truth, state, memory):
        best = solve(truth, economy.income, start=memory)
        short = truth.supply.sum() < economy.technology.supply.sum() * 0.99
        return Act(best.ship[: -1 if short else None]), best


def test_a_misshapen_act_of_an_oracle_is_refused_as_alone():
    calm = CONTRACTS["calm"]
    held = [calm, replace(calm, shocks=(Shock("labour", 2, 0.5),)), calm]
    alone = [simulate(c, Careless(), s) for s, c in enumerate(held)]
    assert [run.stop for run in alone] == [Stop.COMPLETED, Stop.BAD_ACT, Stop.COMPLETED]
    check(simulate_many(held, Careless(), range(3), batch=3), alone)


@dataclass(frozen=True)
class Tired(Oracle):
    """Gives up where the deposits are rich."""

    name = "tired"

    def act(self, economy, truth, state, memory):
        best = solve(truth, economy.income, start=memory)
        plants = economy.network.plants
        rich = truth.z[plants].mean() > economy.technology.z[plants].mean() * 1.01
        return (None if rich and memory.iterations else Act(best.ship)), best


def test_an_oracle_that_finds_no_optimum_stops_its_own_run():
    contract = Contract(SMALL, KnowledgeLaw(drift_z=0.02), weeks=9, settle=0)
    alone = [simulate(contract, Tired(), s) for s in range(6)]
    assert {run.stop for run in alone} == {Stop.COMPLETED, Stop.UNSOLVED}
    check(simulate_many(contract, Tired(), range(6), batch=6), alone)


def test_a_run_that_cannot_begin_is_no_burden_to_the_others(monkeypatch):
    from catallax.domains.production.run import batch

    asked = []

    def unsure(technology, income):
        asked.append(technology)
        best = solve(technology, income)
        return replace(best, stop=Settled.LIMIT) if len(asked) % 3 == 2 else best

    monkeypatch.setattr(batch, "solve", unsure)
    contract = CONTRACTS["calm"]
    alone = [simulate(contract, market(), s) for s in range(3)]
    assert [run.stop for run in alone] == [Stop.COMPLETED, Stop.UNSOLVED, Stop.COMPLETED]
    check(simulate_many(contract, market(), range(3), batch=3), alone)


# ---------------------------------------------------------------- what goes together


def test_each_run_has_the_recording_asked_for_it():
    kept = [Recording(), Recording(rows=1, goods=("metal",)), Recording(weeks=(2, 3))]
    contract = CONTRACTS["shocks"]
    check(
        simulate_many(contract, market(), range(3), recording=kept, batch=3),
        [simulate(contract, market(), s, recording=r) for s, r in enumerate(kept)],
    )


def test_only_like_runs_of_small_economies_go_together():
    calm, other = CONTRACTS["calm"], Contract(SMALL, TACIT, weeks=9, settle=0)
    held = [calm, other, replace(calm, shocks=SHOCKS), other, replace(calm, backlog=True)]
    assert sorted(group_runs(held)) == [[0, 2], [1, 3], [4]]
    assert sorted(group_runs(held, batch=1)) == [[0], [1], [2], [3], [4]]
    assert batch_size(calm) > 1
    done = []
    check(
        simulate_many(held, market(), range(5), progress=done.append),
        [simulate(c, market(), s) for s, c in enumerate(held)],
    )
    assert done == [2, 4, 5]


def test_no_batch_is_so_large_that_sums_over_it_are_split():
    """Sums over many links are added up in blocks, which have other bits."""
    contract = Contract(us15(), weeks=1, settle=0)
    sizes = [len(group) for group in group_runs([contract] * 300, batch=300)]
    assert sum(sizes) == 300
    assert len(sizes) == 300 * contract.economy.network.m // MANY + 1
    assert max(sizes) * contract.economy.network.m < MANY


@pytest.mark.parametrize("name", ["static_optimum", "market", "ai_planner", "five_year_plan"])
def test_as_many_links_as_rows_and_nests_are_no_obstacle(name):
    """One plant that buys labour, two final users: five rows of links, five nests, four links."""
    confused = Network.build(
        [0, 1, 1, 2], [0, 1, 2, -1], [(1, 0, 0), (2, 0, 0), (3, 1, 1), (3, 2, 2)],
        ["labour", "mill", "mine", "all"], ["labour", "bread", "ore"],
    )  # fmt: skip
    assert confused.n == confused.m
    economy = calibrate(
        "confused", confused, share=np.array([1.0, 1.0, 0.6, 0.4]),
        gamma=np.array([1.0, 0.8, 0.8, 1.0]),
        spending=np.array([10.0]), sigma=np.full(4, 0.5), eps=np.full(4, 2.0), decay=np.zeros(4),
        lead=np.zeros(4, dtype=int),
    )  # fmt: skip
    contract = Contract(economy, TACIT, shocks=(Shock("labour", 3, 0.7),), weeks=6, settle=0)
    alone = [simulate(contract, MAKE[name](), s) for s in range(3)]
    check(simulate_many(contract, MAKE[name](), range(3), batch=3), alone)


def test_numbers_that_do_not_match_are_refused():
    calm = CONTRACTS["calm"]
    with pytest.raises(InputError, match="2 contracts, 3 recordings and 3 seeds"):
        simulate_many([calm, calm], market(), range(3))
    with pytest.raises(InputError, match="batch is 0"):
        simulate_many(calm, market(), range(3), batch=0)


# ---------------------------------------------------------------- the batch itself


@pytest.mark.parametrize("economy", [SMALL, WIDE, us15()])
def test_an_economy_side_by_side_is_its_copies(economy):
    layout = Layout(economy.network, 3)
    whole, places = join_economies(economy, layout), layout.places
    np.testing.assert_array_equal(places.households.split(whole.income), [economy.income] * 3)
    np.testing.assert_array_equal(places.rows.split(whole.output), [economy.output] * 3)
    assert whole.scale == economy.scale
    assert whole.find_survival(layout.join([economy.technology] * 3)) is whole.iceberg


@pytest.mark.parametrize("number", [4, 5, 7])
def test_quotes_are_counted_as_alone_wherever_all_or_some_were_heard(number):
    """In these economies the two ways to sum what tells sellers apart differ in their last bit."""
    net, rng, law = generate(number).network, np.random.default_rng(3), LineLaw(resolution=1)
    layout = Layout(net, 3)
    said = [np.where(rng.random(net.n) < p, 1.0, np.nan) for p in (0.5, 2.0, 0.9)]
    quotes = [np.where(rng.random(net.m) < p, 1.0, np.nan) for p in (0.5, 2.0, 0.9)]
    mail = [Table(link={"price": quote}) for quote in quotes]
    sent = count_postings(MessageCounts(), layout.places.rows.join(said), layout.network, law)
    both = count_quotes(sent, layout.join(mail), layout.network, law)
    for run, (price, message) in enumerate(zip(said, mail, strict=True)):
        alone = count_quotes(count_postings(MessageCounts(), price, net, law), message, net, law)
        assert both.meter(run).kinds == alone.meter().kinds


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_each_run_draws_what_it_draws_alone(seed):
    runs, layout = tuple(Streams(seed + run) for run in range(3)), Layout(WIDE.network, 3)
    for place in vars(layout.places).values():
        for kind in ("uniform", "normal"):
            drawn = getattr(BatchStreams(runs), kind)("noise", place, 4)
            alone = [getattr(run, kind)("noise", place.one, 4) for run in runs]
            assert place.join(alone).tobytes() == drawn.tobytes()


def test_numbers_for_other_runs_than_an_array_has_are_refused():
    runs, place = tuple(Streams(run) for run in range(3)), Placement((2, 1), 2)
    for streams, extent in ((BatchStreams(runs), place), (BatchStreams(runs), 6), (runs[0], place)):
        with pytest.raises(ValueError, match="streams: "):
            streams.normal("noise", extent)


def test_a_message_that_a_run_never_sent_is_not_in_its_meter():
    """Directives of all runs travel together; a run whose centre is silent has none."""
    counts = MessageCounts().add_sends("ask", np.ones(2), np.ones(2))
    counts = counts.add_sends("audit", np.array([0.0, 3.0]), np.zeros(2), np.array([False, True]))
    counts = counts.add_deliveries("audit", np.array([0.0, 2.0]), np.zeros(2))
    assert list(counts.meter(0).kinds) == ["ask"]
    assert counts.meter(1).kinds["audit"] == Traffic(3.0, 2.0)
    empty = counts.add_sends("audit", np.zeros(2), np.zeros(2), np.array([True, False]))
    assert empty.meter(0).kinds["audit"] == Traffic()
