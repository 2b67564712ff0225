"""Tariffs in a run: whom they reach, whom they do not, and who is told."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, Tariff, us15
from catallax.domains.production.knowledge import ChannelLaw, LineLaw
from catallax.domains.production.mechanisms import five_year_plan, market
from catallax.domains.production.run import (
    Contract,
    Recording,
    Setup,
    StaticOptimum,
    begin,
    draw_truths,
    simulate,
)

WEEKS = 30


@pytest.fixture(scope="module")
def calm() -> Contract:
    return Contract(us15(), weeks=WEEKS, settle=0)


def under(calm: Contract, kind: str, week: int = 6, rate: float = 0.5, announced: bool = False):
    return replace(calm, shocks=(Tariff(kind, week, rate, announced),))


@pytest.mark.parametrize("institution", [five_year_plan, StaticOptimum])
def test_who_uses_no_prices_does_not_feel_a_wedge(calm, institution):
    runs = [simulate(c, institution(), 3) for c in (calm, under(calm, "domestic"))]
    for name, path in runs[0].series.items():
        assert np.array_equal(path, runs[1].series[name]), name
    assert runs[0].meter == runs[1].meter
    assert runs[0].completed


def test_under_the_market_a_domestic_tariff_turns_buyers_away_from_imports(calm):
    e, at = calm.economy, slice(-5, None)
    recording = Recording(goods=tuple(g for g in e.network.products))
    runs = [simulate(c, market(), 3, recording=recording) for c in (calm, under(calm, "domestic"))]
    used = [r.series["use"][at].mean(axis=0) for r in runs]
    abroad = e.imports[runs[0].links]
    ratio = used[1][abroad].sum() / used[0][abroad].sum()
    # Elasticity 4 between suppliers: what is abroad becomes 50 % dearer, its price falls a bit.
    assert 0.2 < ratio < 0.75
    assert 0.97 < used[1][~abroad].sum() / used[0][~abroad].sum() < 1.1


@pytest.mark.parametrize("kind", ["foreign", "domestic"])
def test_nothing_differs_before_the_tariff_and_something_after(calm, kind):
    runs = [simulate(c, market(), 3) for c in (calm, under(calm, kind))]
    same = [np.array_equal(*(r.series["utility"][t] for r in runs)) for t in range(WEEKS)]
    assert all(same[:6])
    assert not any(same[8:])


def test_a_foreign_tariff_lowers_what_everybody_can_have(calm):
    runs = [simulate(c, StaticOptimum(), 3) for c in (calm, under(calm, "foreign"))]
    # Exports are worth a third less; imports are a tenth of what final users buy.
    ratio = runs[1].series["utility"][-1] / runs[0].series["utility"][-1]
    assert np.all((ratio > 0.9) & (ratio < 0.999))


def test_the_present_market_does_not_look_ahead(calm):
    """Announced or not, posted prices follow stocks and orders: the runs are the same."""
    both = [under(calm, "foreign", announced=a) for a in (True, False)]
    told, untold = (simulate(contract, market(), 1) for contract in both)
    assert told.bits == untold.bits
    assert told.contract.hash != untold.contract.hash


def test_everybody_knows_the_delay_of_the_line_and_is_told_what_is_announced(calm):
    shocks = (Tariff("foreign", 9, 0.25, announced=True), Shock("deposit 21", 3, 0.5))
    channel = ChannelLaw(2, LineLaw(), LineLaw(delay=3.5), measuring=0.0)
    setup = Setup(replace(calm, shocks=shocks, channel=channel), market(), 0)
    assert setup.public.delay == 3.5
    assert setup.public.announced == ()
    ((event,),) = setup.announced
    assert event.week == 9
    np.testing.assert_array_equal(event.supply, np.ones(calm.economy.network.n))
    assert Setup(calm, market(), 0).announced == ((),)


@pytest.mark.parametrize("kind", ["foreign", "domestic"])
def test_a_run_may_begin_under_a_tariff(calm, kind):
    """It begins from the first best of its facts, which a wedge does not move."""
    contract = under(calm, kind, week=0)
    world, free = (begin(Setup(c, market(), 2)) for c in (contract, calm))
    moved = not np.allclose(world.state.held, free.state.held, rtol=1e-6)
    assert moved == (kind == "foreign")
    first = next(iter(draw_truths(contract, 2))).whole
    fresh = calm.economy.network.rows.perishable
    arrived = world.state.last.shipped * first.kept
    np.testing.assert_allclose(world.state.held[~fresh], arrived[~fresh], rtol=1e-12)


def test_agents_see_the_tariff_on_their_own_links(calm):
    contract, seen = under(calm, "domestic", week=3, rate=0.2), []
    honest = market()

    class Looking(type(honest.agents)):
        def act(self, view, done):
            seen.append(view.facts.link["tariff"].copy())
            return super().act(view, done)

    simulate(replace(contract, weeks=5), replace(honest, agents=Looking()), 0)
    rates = [float(s[contract.economy.imports].mean()) for s in seen]
    assert rates == pytest.approx([0, 0, 0, 0.2, 0.2])
    assert not any(s[~contract.economy.imports].any() for s in seen)
