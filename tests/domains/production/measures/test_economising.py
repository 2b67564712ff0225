"""Who cuts the use of what became scarce, and the weeks around a shock, by hand and by theory."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import Contract, KnowledgeLaw, Shock, us15
from catallax.domains.production.measures import MEASURES, Assessed, assess, measure_all
from catallax.domains.production.measures.scarcity import find_cuts, list_scarce_goods
from catallax.domains.production.mechanisms import five_year_plan, habit, market
from catallax.domains.production.run import Recording, StaticOptimum, simulate

SCARCE = Shock("deposit 21", 20, 0.5)


@pytest.fixture(scope="module")
def pair():
    """(mechanism) -> the shocked run and its twin, assessed."""
    still = KnowledgeLaw(drift=0.0)
    contract = Contract(us15(), still, shocks=(SCARCE,), weeks=60, settle=0)
    keep = Recording(goods=list_scarce_goods(contract))

    def made(mechanism):
        both = (contract, replace(contract, shocks=()))
        return tuple(assess(simulate(c, mechanism, recording=keep)) for c in both)

    return made


def value(name, run, twin):
    return MEASURES[name].function(run, twin)


def test_the_optimum_makes_all_of_the_efficient_cut(pair):
    """The oracle allocates at base-year incomes: its cuts are the efficient ones, user by user."""
    run, twin = pair(StaticOptimum())
    assert len(find_cuts(run.run, twin.run).users) > 5
    assert value("cut_share", run, twin).value == pytest.approx(1.0, abs=1e-3)
    assert value("cut_match", run, twin).value == pytest.approx(1.0, abs=1e-3)


def test_a_plan_that_does_not_know_yet_cuts_otherwise(pair):
    run, twin = pair(five_year_plan())
    found = value("cut_share", run, twin).value
    assert found is not None
    assert abs(found - 1.0) > 0.05


def test_with_habit_supply_alone_cuts_and_the_wrong_users_cut(pair):
    """What `cut_share` passes nobody has answered; `cut_match` tells it from the optimum."""
    run, twin = pair(habit())
    share, match = (value(name, run, twin).value for name in ("cut_share", "cut_match"))
    best = value("cut_match", *pair(StaticOptimum())).value
    assert share is not None
    assert match is not None
    assert best is not None
    assert share > 0.5
    assert match < best - 0.2


def test_half_of_every_efficient_cut_is_a_share_of_a_half(pair, monkeypatch):
    run, twin = pair(StaticOptimum())
    found = find_cuts(run.run, twin.run)
    halved = replace(found, cut=found.cut / 2)
    monkeypatch.setattr(
        "catallax.domains.production.measures.scarcity.find_cuts", lambda *_: halved
    )
    assert value("cut_share", run, twin).value == pytest.approx(0.5, abs=1e-3)
    assert value("cut_match", run, twin).value == pytest.approx(1.0, abs=1e-3)
    monkeypatch.setattr(
        "catallax.domains.production.measures.scarcity.find_cuts",
        lambda *_: replace(found, cut=-found.cut),
    )
    assert value("cut_match", run, twin).value == pytest.approx(-1.0, abs=1e-3)


def by_hand(assessed, efficiency):
    return Assessed(assessed.run, assessed.weeks, efficiency, assessed.price)


def test_the_weeks_around_a_shock_are_13_before_and_26_after(pair):
    """A loss of 0.1 in logs in weeks 7 to 46 alone counts whole, outside them it counts nothing."""
    run, twin = pair(StaticOptimum())
    near = (run.weeks >= 20 - 13) & (run.weeks <= 20 + 26)
    ones = np.ones(len(twin.weeks))
    inside = by_hand(run, np.where(near, np.exp(-0.1), 1.0))
    outside = by_hand(run, np.where(near, 1.0, np.exp(-0.1)))
    assert value("around", inside, by_hand(twin, ones)).value == pytest.approx(-0.1, rel=1e-12)
    assert value("around", outside, by_hand(twin, ones)).value == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("name", ["cut_share", "cut_match", "around"])
def test_without_a_shock_or_a_record_there_is_none_and_it_says_why(pair, name):
    run, twin = pair(market())
    assert "no shock" in value(name, twin, twin).reason
    assert "no shock" in value(name, run, None).reason
    if name != "around":
        silent = assess(simulate(run.run.contract, market()))
        assert "Recording.goods" in measure_all(silent, twin)[name].reason


def test_users_count_by_what_they_used_in_the_base_year(pair, monkeypatch):
    """Whoever leaves its use alone takes from the share as much as its use and its cut weigh."""
    run, twin = pair(StaticOptimum())
    found, economy = find_cuts(run.run, twin.run), run.run.contract.economy
    links = [[k for k in run.run.links if economy.network.buyer[k] == user] for user in found.users]
    part = np.array([economy.flow[at].sum() for at in links]) * found.cut**2
    lazy = replace(found, cut=np.where(part == part.max(), 0.0, found.cut))
    monkeypatch.setattr("catallax.domains.production.measures.scarcity.find_cuts", lambda *_: lazy)
    left = 1.0 - part.max() / part.sum()
    assert value("cut_share", run, twin).value == pytest.approx(left, abs=2e-3)
