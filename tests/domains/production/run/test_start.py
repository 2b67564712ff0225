"""Weeks before week 0: shared by runs of a seed, without shocks, and counted apart."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from catallax.domains.production.economy import Shock
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.measures import assess, measure_all
from catallax.domains.production.mechanisms import Agents, Centre, Mechanism, market
from catallax.domains.production.network import Act, Table
from catallax.domains.production.run import (
    Contract,
    Run,
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
    simulate_many,
)
from catallax.domains.production.run.start import sample_start
from catallax.streams import Streams

MOVING = KnowledgeLaw(drift=0.02, drift_z=0.02)
SHOCKS = (Shock("ore", 0, 0.5, announced=True), Shock("labour", 4, 0.8))


@pytest.fixture(scope="module")
def shocked(small) -> Contract:
    """A shock in week 0, which is announced, and one later that is not."""
    channel = ChannelLaw(2, LineLaw(0.5, noise=0.05), LineLaw(1.5))
    return Contract(small, MOVING, channel, shocks=SHOCKS, weeks=9, settle=7)


def play_by_hand(contract: Contract, mechanism: Any, seed: int) -> list[Any]:
    """Utilities of all weeks of a run, of which nothing is shared or left out."""
    setup, found = Setup(contract, mechanism, seed), []
    world = begin(setup)
    for _ in range(contract.settle + contract.weeks):
        for _ in range(contract.channel.rounds):
            world = open_tick(setup, world)
            told, world = decide(setup, world)
            world = close_tick(setup, world, told)
        deed, world = act(setup, world)
        assert deed is not None
        world, week = settle_week(setup, world, deed)
        assert not isinstance(week, str)
        found.append(week.week.utility)
    assert world.t == contract.weeks
    return found


def same(one: Run, two: Run) -> bool:
    return one.bits == two.bits and one.starting == two.starting and one.meter == two.meter


def test_what_is_shared_is_what_every_run_would_settle_into_alone(shocked, institution):
    contracts = [shocked, shocked.calm(), shocked, replace(shocked, shocks=SHOCKS[1:])]
    seeds = [3, 3, 1, 3]
    shared = simulate_many(contracts, institution, seeds)
    for contract, seed, run in zip(contracts, seeds, shared, strict=True):
        assert run.completed
        assert same(run, simulate(contract, institution, seed))
    assert len({run.bits for run in shared}) == 4
    np.testing.assert_array_equal(
        shared[0].series["utility"], play_by_hand(shocked, institution, 3)[shocked.settle :]
    )


@dataclass(frozen=True)
class Forgetful(Centre[Any]):
    """Draws what it says, and changes what it remembers in place."""

    def start(self, public, rng):
        return [rng]

    def decide(self, heard, t, memory):
        memory[:] = [memory[0], *memory]
        factor = np.exp(0.01 * len(memory) * memory[0].normal())
        return Table(link={"ask": factor * heard.value.link["got"]}), memory


def test_who_changes_memory_in_place_settles_by_itself(shocked):
    mechanism = Mechanism("forgetful", Spoilers(), Forgetful())
    contracts = [shocked, shocked.calm(), shocked]
    for contract, run in zip(
        contracts, simulate_many(contracts, mechanism, [3, 3, 3]), strict=True
    ):
        assert same(run, simulate(contract, mechanism, 3))


def test_runs_that_start_alike_are_alike_until_something_happens(shocked):
    late = replace(shocked, shocks=(Shock("ore", 5, 0.5),))
    one, two = simulate_many([late, late.calm()], market(), [2, 2])
    price = [run.series["price"] for run in (one, two)]
    np.testing.assert_array_equal(price[0][:6], price[1][:6])
    assert np.any(price[0][6:] != price[1][6:])


def test_each_week_before_week_0_has_streams_of_its_own(shocked):
    keys = {tuple(Streams(1).key("x", t)) for t in range(-50, 50)}
    assert len(keys) == 100
    drawn, first = Noted(), shocked.settle
    simulate(shocked, drawn.mechanism(), 1)
    acts = [call for call in drawn.calls if call["verb"] == "act"]
    assert [call["t"] for call in acts] == list(range(-first, shocked.weeks))
    assert len({call["draw"].tobytes() for call in acts}) == len(acts)
    facts = [call["z"].tobytes() for call in acts]
    assert len(set(facts)) == len(acts)


def test_a_run_that_settles_is_another_one_from_week_0_on(shocked):
    at_once = replace(shocked, settle=0)
    facts = [next(iter(draw_truths(c, 1))) for c in (shocked, at_once)]
    assert [truth.t for truth in facts] == [0, 0]
    assert not np.array_equal(facts[0].facts.drift, facts[1].facts.drift)
    np.testing.assert_array_equal(facts[0].facts.taste, facts[1].facts.taste)
    assert shocked.hash != at_once.hash


# ---------------------------------------------------------------- what is known


@dataclass
class Noted:
    """A mechanism that notes all that it is shown; it asks for the base year's flow."""

    calls: list[dict[str, Any]] = field(default_factory=list)

    def mechanism(self) -> Mechanism:
        return Mechanism("noted", Noters(self.calls), NotingCentre(self.calls))


@dataclass(frozen=True)
class Noters(Agents):
    to: list[dict[str, Any]]

    def note(self, verb, view):
        shown = {"verb": verb, "t": view.t, "draw": view.draw("x")}
        for table in (view.facts, view.seen, view.inbox.value, view.inbox.age):
            shown |= {f"row {k} {len(shown)}": v.copy() for k, v in table.row.items()}
            shown |= {f"link {k} {len(shown)}": v.copy() for k, v in table.link.items()}
        self.to.append(shown | {"z": view.facts.row["z"].copy()})

    def start(self, view):
        self.note("start", view)
        return Table(), Table()

    def report(self, view, said):
        self.note("report", view)
        return Table({"supply": view.facts.row["supply"]}), said

    def act(self, view, done):
        self.note("act", view)
        return Act(view.inbox.value.link["ask"]), done


@dataclass(frozen=True)
class NotingCentre(Centre[int]):
    to: list[dict[str, Any]]

    def start(self, public, rng):
        self.to.append({"verb": "begin", "told": public.announced, "weeks": public.weeks})
        return 0

    def decide(self, heard, t, memory):
        told = tuple((event.week, event.supply.tobytes()) for event in heard.announced)
        supply = heard.value.row["supply"].copy()
        self.to.append({"verb": "decide", "t": t, "told": told, "heard": supply})
        return Table(link={"ask": heard.value.link["ask"]}), memory + 1


def as_plain(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    plain = lambda x: x.tobytes() if isinstance(x, np.ndarray) else x  # noqa: E731
    return [{k: plain(v) for k, v in call.items()} for call in calls]


def test_nothing_of_a_shock_is_known_before_week_0(shocked):
    """All that anybody is shown before it is what would be shown if nothing were to come."""
    with_shocks, calm = Noted(), Noted()
    simulate(shocked, with_shocks.mechanism(), 1)
    simulate(shocked.calm(), calm.mechanism(), 1)
    both = [
        [call for call in as_plain(noted.calls) if call.get("t", -1) < 0]
        for noted in (with_shocks, calm)
    ]
    assert both[0] == both[1]
    rounds = shocked.channel.rounds
    assert len(both[0]) == 2 + shocked.settle * (2 * rounds + 1)
    told = {call["t"]: call["told"] for call in with_shocks.calls if call["verb"] == "decide"}
    assert list(told) == list(range(-shocked.settle * rounds, shocked.weeks * rounds))
    assert all(not told[t] for t in told if t < 0)
    assert all([week for week, _ in told[t]] == [0] for t in told if t >= 0)


def test_what_is_announced_is_told_to_the_run_that_it_is_announced_in(shocked):
    """Side by side too."""
    noted = Noted()
    calm = shocked.calm()
    simulate_many([calm, shocked], noted.mechanism(), [1, 1])
    told = [call["told"] for call in noted.calls if call["verb"] == "decide" and call["t"] >= 0]
    assert [len(events) for events in told] == [0, 1] * (shocked.weeks * shocked.channel.rounds)


def test_a_shock_in_week_0_holds_in_week_0(shocked):
    """And the facts of a run are those that measures hold it against."""
    noted = Noted()
    simulate(shocked, noted.mechanism(), 1)
    acts = {call["t"]: call for call in noted.calls if call["verb"] == "act"}
    ore, base = shocked.economy.network.row("ore"), shocked.economy.technology.supply
    name = next(k for k in acts[0] if k.startswith("row supply"))
    assert acts[-1][name][ore] == base[ore]
    assert acts[0][name][ore] == base[ore] / 2
    truths = list(draw_truths(shocked, 1, -shocked.settle))
    assert [truth.t for truth in truths] == list(range(-shocked.settle, shocked.weeks))
    for truth in truths:
        np.testing.assert_array_equal(acts[truth.t][name], truth.whole.supply)
        np.testing.assert_array_equal(acts[truth.t]["z"], truth.whole.z)
    later = [(truth.t, truth.whole.z.tobytes()) for truth in draw_truths(shocked, 1)]
    assert later == [(truth.t, truth.whole.z.tobytes()) for truth in truths if truth.t >= 0]


# ---------------------------------------------------------------- what is kept


def test_series_begin_in_week_0_and_messages_are_counted_apart(shocked):
    """Everybody says as much every week: 7 weeks of it before week 0, and 9 from there on."""
    law = ChannelLaw(1, LineLaw(0.0), LineLaw(0.0))
    contract = replace(shocked, channel=law)
    run, at_once = (simulate(c, market(), 1) for c in (contract, replace(contract, settle=0)))
    assert {len(series) for series in run.series.values()} == {9}
    assert run.starting.kinds.keys() == run.meter.kinds.keys() == {"ask", "quote"}
    assert at_once.starting.kinds == {}
    quotes = run.starting.kinds["quote"], run.meter.kinds["quote"]
    assert [q.sends for q in quotes] == [7 * quotes[0].sends / 7, 9 * quotes[0].sends / 7]
    # A price is posted when a week ends and heard in the next.
    assert [q.deliveries * 6 for q in quotes] == [quotes[0].deliveries * k for k in (6, 9)]


def test_a_run_that_settled_survives_its_file(shocked, tmp_path):
    run = simulate(shocked, market(), 1)
    run.save(tmp_path / "run.npz")
    again = Run.load(tmp_path / "run.npz", shocked.economy)
    assert same(run, again)
    assert again.starting.total.deliveries > 0


@pytest.mark.parametrize(
    ("settle", "weeks"),
    [(0, []), (1, [-1]), (2, [-2, -1]), (7, [-7, -6, -5, -4, -3, -1])],
)
def test_utilities_are_kept_in_ever_fewer_weeks(shocked, settle, weeks):
    contract = replace(shocked, settle=settle)
    assert sample_start(contract) == weeks
    sampled = simulate(contract, StaticOptimum(), 1).sampled
    assert sampled.get("starting_weeks", np.array([])).tolist() == weeks
    if settle:
        utility = np.array(play_by_hand(contract, StaticOptimum(), 1))
        np.testing.assert_array_equal(
            sampled["starting_utility"], utility[np.array(weeks) + settle]
        )


@dataclass(frozen=True)
class Spoilers(Agents):
    """Ask for what they are told, and for less than nothing in a week."""

    week: int | None = None

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        return Act(view.inbox.value.link["ask"] * (-1.0 if view.t == self.week else 1.0)), done


@pytest.mark.parametrize("week", [-7, -1])
def test_a_run_may_end_while_it_settles(shocked, week):
    runs = simulate_many([shocked, shocked.calm()], Mechanism("bad", Spoilers(week)), [1, 1])
    for run in runs:
        assert run.stop is Stop.BAD_ACT
        assert run.reason.startswith(f"week {week}: ")
        assert run.series == {}
        assert run.meter.kinds == {}
        found = measure_all(assess(run), None)
        assert found["starting_cost"].value is None
    asks = [run.starting.kinds.get("ask") for run in runs]
    assert asks[0] == asks[1]
    assert (asks[0] is None) == (week == -7)


def test_a_run_without_an_optimum_to_begin_from_says_so(shocked):
    oracle = StaticOptimum(limit=1, tol=1e-15)
    for run in simulate_many([shocked, shocked.calm()], oracle, [1, 1]):
        assert run.stop is Stop.UNSOLVED
        assert run.reason.startswith("week -7: ")


def test_weeks_to_settle_in_are_104_by_default(small):
    assert Contract(small).settle == 104
