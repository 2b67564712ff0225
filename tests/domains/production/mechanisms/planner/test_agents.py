"""Rows under a plan: what they say, how they obey a noisy voice, what they choose themselves."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import ChannelLaw, Contract, InputError, KnowledgeLaw, LineLaw, generate, solve
from catallax.domains.production.knowledge import make_reference
from catallax.domains.production.mechanisms import DirectedAgents, Mechanism, five_year_plan
from catallax.domains.production.mechanisms.planner import write_directives
from catallax.domains.production.mechanisms.planner.agents import CENSUS
from catallax.domains.production.network import Inbox, Table, ces_quantity
from catallax.domains.production.run import Setup, begin
from catallax.domains.production.run.views import make_view

ECONOMY = generate(3, lead=2)  # goods spoil on the way, so that less arrives than is shipped
NET = ECONOMY.network
PLANTS, HOME = NET.rows.linked(1), NET.rows.linked(2)


def rows_at_start(agents=None, noise=0.0, tacit=0.0, measuring=0.0):
    """Agents, what they see in week 0 with all facts, and their first memories."""
    agents = agents or DirectedAgents("in_kind")
    line = LineLaw(noise=noise)
    contract = Contract(
        ECONOMY,
        KnowledgeLaw(tacit=tacit),
        ChannelLaw(line=line, centre=line, measuring=measuring),
        settle=0,
    )
    setup = Setup(contract, Mechanism("planned", agents), 1)
    world = begin(setup)
    view = make_view(setup, world, tacit=True)
    return agents, view, *agents.start(view)


def told(view, age=0.0, **link):
    """The same view after a directive of that age."""
    value, ages = dict(view.inbox.value.link), dict(view.inbox.age.link)
    row, row_age = dict(view.inbox.value.row), dict(view.inbox.age.row)
    for kind, x in link.items():
        where = (row, row_age) if kind == "quota" else (value, ages)
        where[0][kind], where[1][kind] = x, np.full_like(x, age)
    return replace(view, inbox=Inbox(Table(row, value), Table(row_age, ages)))


def test_without_a_directive_the_public_table_is_the_plan() -> None:
    agents, view, _, done = rows_at_start()
    deed, _ = agents.act(view, done)
    assert np.array_equal(deed.ask, ECONOMY.flow)


def test_the_first_directive_counts_in_full_and_later_ones_are_averaged() -> None:
    agents, view, _, done = rows_at_start(DirectedAgents("in_kind", weight=0.25), noise=0.05)
    first = 1.3 * ECONOMY.flow
    deed, done = agents.act(told(view, ask=first), done)
    assert np.array_equal(deed.ask, first)
    deed, done = agents.act(told(view, ask=1.1 * first), done)
    assert deed.ask == pytest.approx(first * 1.1**0.25, rel=1e-12)
    again, _ = agents.act(told(view, age=1.0, ask=1.1 * first), done)
    assert np.array_equal(again.ask, deed.ask), "nothing new was said"


def test_what_noise_cannot_explain_is_obeyed_at_once() -> None:
    agents, view, _, done = rows_at_start(DirectedAgents("in_kind", weight=0.25), noise=0.05)
    _, done = agents.act(told(view, ask=ECONOMY.flow), done)
    small, big = np.exp(5 * np.sqrt(2) * 0.05 * np.array([0.99, 1.01]))
    deed, _ = agents.act(told(view, ask=small * ECONOMY.flow), done)
    assert deed.ask == pytest.approx(ECONOMY.flow * small**0.25, rel=1e-12)
    deed, _ = agents.act(told(view, ask=big * ECONOMY.flow), done)
    assert np.array_equal(deed.ask, big * ECONOMY.flow)
    stop, _ = agents.act(told(view, ask=0.0 * ECONOMY.flow), done)
    assert not stop.ask.any()


def test_on_a_clear_line_every_word_counts() -> None:
    agents, view, _, done = rows_at_start(DirectedAgents("in_kind", weight=0.25))
    for factor in (1.0, 1.01, 1.02):
        deed, done = agents.act(told(view, ask=factor * ECONOMY.flow), done)
        assert np.array_equal(deed.ask, factor * ECONOMY.flow)


@pytest.mark.parametrize("strict", [True, False])
def test_a_strict_plant_uses_no_more_than_it_is_told(strict) -> None:
    agents, view, _, done = rows_at_start(DirectedAgents("in_kind", strict=strict))
    held = view.seen.link["held"]
    deed, _ = agents.act(told(view, use=0.5 * held), done)
    assert np.array_equal(deed.use[HOME], held[HOME])
    assert np.array_equal(deed.use[PLANTS], held[PLANTS] * (0.5 if strict else 1.0))


def test_with_its_own_mix_a_plant_meets_its_quota_at_least_cost() -> None:
    """Arrivals of what it asks make the quota under its true recipe, and no cheaper ones do."""
    agents, view, _, done = rows_at_start(DirectedAgents("own_mix", a=0.0, cover=0.0))
    rng = np.random.default_rng(0)
    value = np.exp(rng.normal(0, 0.2, NET.m))
    quota = ECONOMY.output * np.exp(rng.normal(0, 0.1, NET.n))
    deed, _ = agents.act(told(view, value=value, quota=quota), done)
    f, i = view.facts, NET.plants

    def made(arrive):
        x = ces_quantity(
            NET.rows, f.link["share"], f.link["norm"], f.row["sigma"], f.row["eps"], arrive
        )[i]
        z, K, gamma = (f.row[k][i] for k in ("z", "K", "gamma"))
        return z * K * (x / K) ** gamma

    arrive = deed.ask * f.link["kept"]
    assert made(arrive) == pytest.approx(quota[i], rel=1e-9)
    bill = NET.rows.sum(value * deed.ask)[i]
    for _ in range(20):
        other = arrive * np.exp(rng.normal(0, 0.1, NET.m))
        scale = (quota[i] / made(other)) ** (1 / f.row["gamma"][i])
        rival = NET.rows.sum(value * other / f.link["kept"])[i] * scale
        assert np.all(rival >= bill * (1 - 1e-9))


def test_in_shops_final_users_spend_their_incomes_by_their_own_tastes() -> None:
    agents, view, _, done = rows_at_start(DirectedAgents("retail"), tacit=1.0)
    value = np.exp(np.random.default_rng(1).normal(0, 0.2, NET.m))
    deed, _ = agents.act(told(view, value=value), done)
    spent = NET.rows.sum(deed.ask * value)[NET.households]
    assert spent == pytest.approx(ECONOMY.income, rel=1e-12)


def test_shops_at_the_optimums_prices_give_the_optimum() -> None:
    """Second welfare theorem: at the optimum's prices everybody chooses the optimum."""
    agents, view, _, done = rows_at_start(DirectedAgents("retail", a=0.0, cover=0.0))
    best = solve(_truth(view), ECONOMY.income)
    plan = write_directives(
        best, best.price[best.technology.network.seller], "retail", np.ones(NET.n), 0.0
    )
    deed, _ = agents.act(told(view, value=plan.link["value"], quota=best.output), done)
    assert deed.ask == pytest.approx(best.ship, rel=1e-6)


def _truth(view):
    row = {k: view.facts.row[k] for k in ("z", "K", "sigma", "eps", "gamma", "supply")}
    link = {k: view.facts.link[k] for k in ("share", "norm", "kept")}
    return replace(ECONOMY.technology, **row, **link)


def test_a_taut_plan_asks_for_more_of_everything_in_the_same_proportions() -> None:
    best = solve(ECONOMY.technology, ECONOMY.income)
    for delegation in ("in_kind", "own_mix", "retail"):
        loose, taut = (
            write_directives(
                best, best.price[best.technology.network.seller], delegation, np.ones(NET.n), x
            )
            for x in (0.0, 0.1)
        )
        for kind in set(taut.link) & {"ask"}:
            said = ~np.isnan(taut.link[kind])
            assert taut.link[kind][said] == pytest.approx(1.1 * loose.link[kind][said])
        if "quota" in taut.row:
            assert taut.row["quota"][NET.plants] == pytest.approx(1.1 * best.output[NET.plants])
    agents, view, _, done = rows_at_start(DirectedAgents("retail"))
    asked = [
        agents.act(
            told(
                view,
                value=write_directives(
                    best, best.price[best.technology.network.seller], "retail", np.ones(NET.n), x
                ).link["value"],
            ),
            done,
        )
        for x in (0.0, 0.1)
    ]
    loose, taut = (deed.ask[HOME] for deed, _ in asked)
    assert taut == pytest.approx(1.1 * loose)


def test_rows_say_what_they_can_and_no_more() -> None:
    agents, view, said, _ = rows_at_start()
    mail, said = agents.report(view, said)
    assert set(mail.row) == {"supply", "z", "output", "stock", "sigma"}
    assert set(mail.link) == {"share", "asked", "used", "kept"}
    assert np.isnan(mail.link["kept"]).all(), "no loss is new"
    assert np.isnan(mail.link["share"][PLANTS]).all()
    later, _ = agents.report(replace(view, t=CENSUS + 1), said)
    assert np.isnan(later.row["sigma"]).all()
    lost = replace(view, facts=view.facts | Table(link={"kept": 0.8 * view.facts.link["kept"]}))
    mail, said = agents.report(lost, said)
    assert np.isnan(mail.row["z"]).all(), "once a week is enough"
    mail, said = agents.report(replace(lost, t=1), agents.start(view)[0])
    assert np.array_equal(mail.link["kept"], lost.facts.link["kept"])
    mail, _ = agents.report(replace(lost, t=2), said)
    assert np.isnan(mail.link["kept"]).all()
    assert not np.isnan(mail.row["z"][NET.plants]).any()


def test_a_plan_of_the_old_school_hears_flows_alone() -> None:
    agents, view, said, _ = rows_at_start(five_year_plan().agents)
    mail, _ = agents.report(view, said)
    assert (set(mail.row), set(mail.link)) == ({"supply"}, set())


def test_every_kind_that_is_said_or_told_has_a_public_value() -> None:
    agents, view, said, _ = rows_at_start()
    mail, _ = agents.report(view, said)
    public = make_reference(
        Setup(Contract(ECONOMY, settle=0), Mechanism("planned", agents), 1).public
    )
    best = solve(ECONOMY.technology, ECONOMY.income)
    for delegation in ("in_kind", "own_mix", "retail"):
        for table in (
            mail,
            write_directives(
                best, best.price[best.technology.network.seller], delegation, np.ones(NET.n), 0.1
            ),
        ):
            assert set(table.row) <= set(public.row)
            assert set(table.link) <= set(public.link)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"delegation": "retial"}, "unknown delegation 'retial'. Did you mean 'retail'"),
        ({"a": 2.0}, "directed_agents:a: 2.0 is out of range, expected 0 to 1"),
        ({"cover": -1}, "directed_agents:cover: -1 is out of range, expected 0 to 52"),
    ],
)
def test_settings_out_of_range_are_refused(settings, text) -> None:
    with pytest.raises(InputError, match=text.replace(".", r"\.")):
        DirectedAgents(**settings)


def test_where_directives_arrive_exact_they_are_obeyed_in_full() -> None:
    """Rounding errs alike from week to week, and errors of reports are not theirs."""
    agents, view, _, done = rows_at_start(DirectedAgents("in_kind", weight=0.25), measuring=0.05)
    assert (view.noise > 0.05, view.jitter) == (True, 0.0)
    _, done = agents.act(told(view, ask=ECONOMY.flow), done)
    deed, _ = agents.act(told(view, ask=1.00001 * ECONOMY.flow), done)
    assert np.array_equal(deed.ask, 1.00001 * ECONOMY.flow)
