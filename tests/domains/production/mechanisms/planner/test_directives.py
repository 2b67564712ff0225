"""What a plan says to rows beyond its proportions: audits by lot, and stocks that are shipped."""

import numpy as np
import pytest

from catallax import generate, solve
from catallax.domains.production.mechanisms.planner import (
    join_directives,
    order_audits,
    scale_to_stocks,
)
from catallax.domains.production.mechanisms.planner.lots import AUDIT, PROBE, open_lot
from catallax.domains.production.mechanisms.planner.storage import plan_orders
from catallax.domains.production.network import Inbox, Table

ECONOMY = generate(3)
NET = ECONOMY.network


def test_the_lot_falls_on_plants_alone_as_often_as_it_should() -> None:
    drawn = np.zeros(NET.n)
    for week in range(400):
        order = order_audits(NET, 0.1, 7, week)
        assert order is not None
        drawn += ~np.isnan(order.row["audit"])
    assert not drawn[NET.endowments].any()
    assert not drawn[NET.households].any()
    share = drawn[NET.plants].mean() / 400
    plants = NET.plants.stop - NET.plants.start
    assert abs(share - 0.1) < 4 * np.sqrt(0.09 / (400 * plants))
    assert order_audits(NET, 0.0, 7, 0) is None


def test_who_holds_more_than_is_planned_ships_all_of_it_and_who_is_silent_the_plan() -> None:
    best = solve(ECONOMY.technology, ECONOMY.income)
    ship = NET.orders(best.ship)
    stock = np.where(np.arange(NET.n) % 2, 3.0, 0.5) * ship
    age = np.where(np.arange(NET.n) % 3, 1.0, np.inf)
    heard = Inbox(Table({"stock": stock}), Table({"stock": age}))
    one = np.ones(NET.n)
    found = scale_to_stocks(best, heard, 0.0, one, 0.1)
    told = np.isfinite(age) & (ship > 0)
    assert found == pytest.approx(np.where(told & (stock > ship), 3.0, 1.0), rel=1e-12)
    hidden = scale_to_stocks(best, heard, np.log(0.5), one, 0.1)
    assert hidden == pytest.approx(np.where(told & (stock > ship), 6.0, 1.0), rel=1e-12)


def test_who_lays_up_a_stock_is_ordered_what_it_is_to_sell() -> None:
    best = solve(ECONOMY.technology, ECONOMY.income)
    heard = Inbox(Table({"stock": 9.0 * NET.orders(best.ship)}), Table({"stock": np.ones(NET.n)}))
    share = np.full(NET.n, 0.8)
    assert np.array_equal(scale_to_stocks(best, heard, 0.0, share, 0.1), plan_orders(share, 0.1))


def test_plan_and_audits_are_one_message() -> None:
    plan, audits = Table({"quota": np.ones(3)}), Table({"audit": np.ones(3)})
    assert join_directives(None, None) is None
    assert join_directives(plan, None) is plan
    assert join_directives(None, audits) is audits
    both = join_directives(plan, audits)
    assert both is not None
    assert set(both.row) == {"quota", "audit"}


def test_every_week_has_a_lot_of_its_own_also_below_0() -> None:
    drawn = [
        open_lot(7, lot, t).random(3).tobytes() for lot in (AUDIT, PROBE) for t in range(-30, 31)
    ]
    assert len(set(drawn)) == 2 * 61
    order = order_audits(NET, 0.5, 7, -3)
    assert order is not None
    assert np.isfinite(order.row["audit"]).any()
