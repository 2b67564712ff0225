"""Shocks: what they change, and when they are refused."""

import numpy as np
import pytest

from catallax.economy import Shock, generate, supply_at
from catallax.errors import InputError


@pytest.fixture(scope="module")
def e():
    return generate(1, products=4, households=2)


def test_a_shock_changes_one_flow_from_its_week_on(e):
    shock, ore, base = Shock("ore", 5, 0.25), e.network.row("ore"), e.technology.supply
    for t in range(10):
        supply = supply_at(e, [shock], t)
        assert supply[ore] == base[ore] * (0.25 if t >= 5 else 1.0)
        np.testing.assert_array_equal(np.delete(supply, ore), np.delete(base, ore))


def test_without_shocks_the_flow_is_the_base_years(e):
    np.testing.assert_array_equal(supply_at(e, [], 7), e.technology.supply)


def test_the_economy_itself_is_not_changed(e):
    before = e.technology.supply.copy()
    supply_at(e, [Shock("ore", 0, 0.5)], 0)
    np.testing.assert_array_equal(e.technology.supply, before)


def test_shocks_to_two_resources_stand_side_by_side(e):
    shocks, base = [Shock("ore", 2, 0.5), Shock("labour", 3, 2.0)], e.technology.supply
    supply = supply_at(e, shocks, 3)
    assert supply[e.network.row("ore")] == base[e.network.row("ore")] * 0.5
    assert supply[e.network.row("labour")] == base[e.network.row("labour")] * 2.0


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_a_factor_is_of_the_base_years_flow_so_a_later_shock_can_end_an_earlier_one(e, order):
    shocks = [Shock("ore", 2, 0.5), Shock("ore", 4, 0.8), Shock("ore", 6, 1.0)][order]
    ore = e.network.row("ore")
    path = [supply_at(e, shocks, t)[ore] / e.technology.supply[ore] for t in range(8)]
    assert path == [1.0, 1.0, 0.5, 0.5, 0.8, 0.8, 1.0, 1.0]


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        (Shock("oar", 1, 0.5), "unknown row 'oar'. Did you mean 'ore'"),
        (Shock("metal, firm 1", 1, 0.5), "not an endowment; the endowments are labour, ore"),
        (Shock("ore", 12, 0.5), "week 12, but the run has weeks 0 to 11"),
        (Shock("ore", -1, 0.5), "week -1"),
        (Shock("ore", 1, 0.0), "factor 0.0"),
        (Shock("ore", 1, -1.0), "factor -1.0"),
        (Shock("ore", 1, float("inf")), "factor inf"),
        (Shock("ore", 1, float("nan")), "factor nan"),
    ],
)
def test_what_is_wrong_with_a_shock_is_said(e, shock, message):
    with pytest.raises(InputError) as caught:
        shock.check(e, 12)
    assert message in str(caught.value)


def test_a_shock_in_the_last_week_is_accepted(e):
    Shock("ore", 11, 0.5).check(e, 12)
