"""What an announced event will change, as two optima tell it."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import Contract, Shock, Tariff, solve, us15
from catallax.domains.production.economy import small
from catallax.domains.production.mechanisms import ai_planner
from catallax.domains.production.mechanisms.outlook import REVIEW, Outlook, reviewed
from catallax.domains.production.run import Setup

METAL = "metal, firm 1"
SHORTAGE = Shock("ore", 30, 0.3, announced=True)


def public_of(*shocks, economy=None):
    """What everybody knows of a contract."""
    contract = Contract(economy or small(2), shocks=shocks, weeks=60)
    return Setup(contract, ai_planner(), 1).public


def outlook_of(*shocks, week=10, horizon=104, economy=None):
    """What somebody who believes the public table makes of it."""
    public = public_of(*shocks, economy=economy)
    return reviewed(Outlook.none(public), public, public.base, None, week, horizon)


def test_what_is_made_of_the_scarce_thing_is_worth_storing_and_nothing_else() -> None:
    """Against two optima of the base year, one with less ore."""
    public, outlook = public_of(SHORTAGE), outlook_of(SHORTAGE)
    row, ore, base = public.network.row(METAL), public.network.row("ore"), public.base
    assert np.flatnonzero(outlook.elasticity).tolist() == [row]
    less = replace(base, supply=np.where(np.arange(public.network.n) == ore, 0.3, 1) * base.supply)
    before, after = (solve(t, public.income) for t in (base, less))
    rise = np.log(after.price[row] / before.price[row])
    ratio = after.target[row] / before.target[row]
    assert outlook.rise[row] == pytest.approx(rise, abs=1e-6)
    assert outlook.elasticity[row] == pytest.approx(-np.log(ratio) / rise, rel=1e-5)
    assert outlook.use == pytest.approx(before.target, rel=1e-6)


def test_once_the_event_is_there_the_stock_is_only_drawn_on() -> None:
    outlook = outlook_of(SHORTAGE)
    assert outlook.at(29) is outlook
    later = outlook.at(30)
    assert later.use == pytest.approx(outlook.use * outlook.ratio)
    assert not later.rise.any()
    assert np.array_equal(later.elasticity, outlook.elasticity)
    assert later.at(31) is later


@pytest.mark.parametrize(
    ("shock", "horizon"),
    [
        pytest.param(Shock("ore", 30, 2.0, announced=True), 104, id="plenty"),
        pytest.param(Shock("ore", 30, 0.3), 104, id="untold"),
        pytest.param(Shock("ore", 30, 0.98, announced=True), 104, id="spoilage costs more"),
        pytest.param(SHORTAGE, 19, id="beyond the horizon"),
    ],
)
def test_nothing_is_worth_storing(shock, horizon) -> None:
    outlook = outlook_of(shock, horizon=horizon)
    assert not outlook.rise.any()
    assert not outlook.elasticity.any()


def test_imports_are_worth_storing_before_a_foreign_tariff_but_not_before_our_own() -> None:
    """A foreign tariff wastes what pays for imports; our own is only a price."""
    for kind, some in (("foreign", True), ("domestic", False)):
        outlook = outlook_of(Tariff(kind, 30, 0.25, announced=True), economy=us15())
        assert bool(outlook.rise.any()) is some
    names = np.array(us15().network.names)
    foreign = outlook_of(Tariff("foreign", 30, 0.25, announced=True), economy=us15())
    assert all("import" in name for name in names[foreign.rise > 0])


def test_it_is_looked_at_anew_once_a_quarter_and_for_the_next_event() -> None:
    """An event that already holds is not counted twice."""
    public = public_of(SHORTAGE, Shock("ore", 50, 0.15, announced=True))
    base, row = public.base, public.network.row(METAL)
    first = reviewed(Outlook.none(public), public, base, None, 10, 104)
    assert reviewed(first, public, base, None, 10 + REVIEW - 1, 104) is first
    assert reviewed(first, public, base, None, 10 + REVIEW, 104).seen == 10 + REVIEW
    ore = np.arange(public.network.n) == public.network.row("ore")
    scarce = replace(base, supply=np.where(ore, 0.3, 1.0) * base.supply)
    second = reviewed(first, public, scarce, None, 30, 104)
    assert second.event == 50
    halved = solve(replace(base, supply=np.where(ore, 0.15, 1.0) * base.supply), public.income)
    held = solve(scarce, public.income)
    assert second.rise[row] == pytest.approx(np.log(halved.price / held.price)[row], abs=1e-6)


def test_of_events_that_are_over_the_last_one_is_the_present() -> None:
    """Ore at 0.6 from week 10, at 0.3 from week 20; at 0.15 from week 50 it halves once more."""
    levels = {10: 0.6, 20: 0.3, 50: 0.15}
    public = public_of(*(Shock("ore", t, k, announced=True) for t, k in levels.items()))
    base, row = public.base, public.network.row(METAL)
    ore = np.arange(public.network.n) == public.network.row("ore")
    held, halved = (replace(base, supply=np.where(ore, k, 1) * base.supply) for k in (0.3, 0.15))
    outlook = reviewed(Outlook.none(public), public, held, None, 30, 104)
    assert outlook.event == 50
    price = [solve(t, public.income).price[row] for t in (halved, held)]
    assert outlook.rise[row] == pytest.approx(np.log(price[0] / price[1]), abs=1e-6)
