"""Shocks: what they change, and when they are refused."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import (
    Shock,
    Tariff,
    find_rate,
    find_supply,
    find_technology,
    from_table,
    generate,
    list_announcements,
    us15,
)
from catallax.domains.production.economy.tables import load_table
from catallax.errors import InputError


@pytest.fixture(scope="module")
def e():
    return generate(1, products=4, households=2)


def test_a_shock_changes_one_flow_from_its_week_on(e):
    shock, ore, base = Shock("ore", 5, 0.25), e.network.row("ore"), e.technology.supply
    for t in range(10):
        supply = find_supply(e, [shock], t)
        assert supply[ore] == base[ore] * (0.25 if t >= 5 else 1.0)
        np.testing.assert_array_equal(np.delete(supply, ore), np.delete(base, ore))


def test_without_shocks_the_flow_is_the_base_years(e):
    np.testing.assert_array_equal(find_supply(e, [], 7), e.technology.supply)


def test_the_economy_itself_is_not_changed(e):
    before = e.technology.supply.copy()
    find_supply(e, [Shock("ore", 0, 0.5)], 0)
    np.testing.assert_array_equal(e.technology.supply, before)


def test_shocks_to_two_resources_stand_side_by_side(e):
    shocks, base = [Shock("ore", 2, 0.5), Shock("labour", 3, 2.0)], e.technology.supply
    supply = find_supply(e, shocks, 3)
    assert supply[e.network.row("ore")] == base[e.network.row("ore")] * 0.5
    assert supply[e.network.row("labour")] == base[e.network.row("labour")] * 2.0


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_a_factor_is_of_the_base_years_flow_so_a_later_shock_can_end_an_earlier_one(e, order):
    shocks = [Shock("ore", 2, 0.5), Shock("ore", 4, 0.8), Shock("ore", 6, 1.0)][order]
    ore = e.network.row("ore")
    path = [find_supply(e, shocks, t)[ore] / e.technology.supply[ore] for t in range(8)]
    assert path == [1.0, 1.0, 0.5, 0.5, 0.8, 0.8, 1.0, 1.0]


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        (("oar", 1, 0.5), "unknown row 'oar'. Did you mean 'ore'"),
        (("metal, firm 1", 1, 0.5), "not an endowment; the endowments are labour, ore"),
        (("ore", 12, 0.5), "week 12, but the run has weeks 0 to 11"),
        (("ore", -1, 0.5), "shock.week: -1 is out of range, expected 0 or more"),
        (("ore", 1, 0.0), "shock.factor: 0.0 is out of range, expected above 0"),
        (("ore", 1, -1.0), "shock.factor: -1.0"),
        (("ore", 1, float("inf")), "shock.factor: inf"),
        (("ore", 1, float("nan")), "shock.factor: nan"),
    ],
)
def test_what_is_wrong_with_a_shock_is_said(e, shock, message):
    with pytest.raises(InputError) as caught:
        Shock(*shock).check(e, 12)
    assert message in str(caught.value)


def test_a_shock_in_the_last_week_is_accepted(e):
    Shock("ore", 11, 0.5).check(e, 12)


# ---------------------------------------------------------------- tariffs


@pytest.fixture(scope="module")
def us():
    return us15()


def test_the_rest_of_the_world_is_found_on_the_map(us):
    net = us.network
    abroad = {net.names[i] for i in np.flatnonzero(us.abroad)}
    assert abroad == {name for name in net.names if name.startswith("import ")}
    buyers = {net.names[i] for i in np.unique(net.buyer[us.exports])}
    sellers = {net.names[i] for i in np.unique(net.seller[us.exports])}
    assert buyers == abroad
    assert not sellers & (abroad | set(net.names[net.endowments]))
    assert {net.names[i] for i in np.unique(net.seller[us.imports])} == abroad


def test_a_country_that_lends_has_a_rest_of_the_world_too():
    """us15 with its exports doubled at the expense of final use earns more than imports cost."""
    table = load_table("us15")
    home, used = table.final.sum(axis=1), table.exports > 0
    more = np.where(used, np.minimum(table.exports, 0.5 * home), 0.0)
    final = table.final * (1.0 - more / np.where(home > 0, home, 1.0))[:, None]
    e = from_table(replace(table, final=final, exports=table.exports + more), lending=True)
    net = e.network
    assert "foreign credit" not in net.names
    abroad = {net.names[i] for i in np.flatnonzero(e.abroad)}
    assert abroad == {name for name in net.names if name.startswith("import ")} != set()
    buyers = {net.names[i] for i in np.unique(net.buyer[e.exports])}
    assert buyers == abroad | {"lending abroad"}
    assert 52 * e.flow[e.exports].sum() == pytest.approx((table.exports + more).sum())
    assert 52 * e.flow[e.imports].sum() == pytest.approx(table.imports.sum())
    Tariff("foreign", 1, 0.2).check(e, 12)
    Tariff("domestic", 1, 0.2).check(e, 12)


def test_base_year_trade_is_that_of_the_accounts(us):
    """BEA 2021: imports of some 3.0 and exports of some 2.3 trillion dollars (PROVENANCE.md)."""
    year = 52 * np.array([us.flow[us.imports].sum(), us.flow[us.exports].sum()]) / 1e6
    assert 2.9 < year[0] < 3.2
    assert 2.0 < year[1] < year[0]


def test_a_foreign_tariff_makes_exports_worth_less_from_its_week_on(us):
    tariff, base = Tariff("foreign", 5, 0.25), us.technology
    before, then = find_technology(us, [tariff], 4), find_technology(us, [tariff], 5)
    np.testing.assert_array_equal(before.kept, base.kept)
    np.testing.assert_allclose(then.kept[us.exports], base.kept[us.exports] / 1.25, rtol=1e-15)
    np.testing.assert_array_equal(then.kept[~us.exports], base.kept[~us.exports])
    np.testing.assert_array_equal(then.supply, base.supply)
    assert not then.taxed


def test_a_domestic_tariff_is_a_wedge_on_imports_alone(us):
    then = find_technology(us, [Tariff("domestic", 5, 0.25)], 5)
    np.testing.assert_array_equal(then.tariff, np.where(us.imports, 0.25, 0.0))
    np.testing.assert_array_equal(then.kept, us.technology.kept)
    assert then.taxed
    assert not find_technology(us, [Tariff("domestic", 5, 0.25)], 4).taxed


def test_a_later_tariff_of_the_same_kind_takes_the_place_of_the_earlier_one():
    shocks = [Tariff("foreign", 6, 0.0), Tariff("foreign", 2, 0.5), Tariff("domestic", 4, 0.1)]
    assert [find_rate(shocks, "foreign", t) for t in (1, 2, 5, 6)] == [0.0, 0.5, 0.5, 0.0]
    assert [find_rate(shocks, "domestic", t) for t in (3, 4)] == [0.0, 0.1]


def test_what_is_announced_and_nothing_else_is_public(us):
    shocks = [
        Shock("deposit 21", 9, 0.5),
        Shock("labour", 5, 0.8, announced=True),
        Tariff("domestic", 7, 0.3, announced=True),
        Tariff("foreign", 7, 0.25, announced=True),
        Tariff("foreign", 8, 1.0),
    ]
    first, second = list_announcements(us, shocks)
    labour = us.network.row("labour")
    assert (first.week, second.week) == (5, 7)
    for event in (first, second):
        np.testing.assert_array_equal(
            event.supply, np.where(np.arange(us.network.n) == labour, 0.8, 1)
        )
    assert not first.tariff.any()
    np.testing.assert_array_equal(first.kept, np.ones(us.network.m))
    np.testing.assert_array_equal(second.tariff, np.where(us.imports, 0.3, 0.0))
    np.testing.assert_allclose(second.kept, np.where(us.exports, 0.8, 1.0), rtol=1e-15)
    assert not second.kept.flags.writeable
    assert list_announcements(us, shocks[:1]) == ()


def test_what_spoils_on_the_way_is_no_part_of_an_announcement():
    """On links of two weeks 0.98^2 arrives in the base year; a tariff of 0.25 leaves 1/1.25 of it.

    An event says what is left of the base year's share, so the tariff's part alone.
    """
    slow = from_table(load_table("us15"), lead=2)
    lossy = slow.exports & (slow.technology.kept < 0.97)
    assert lossy.any()
    (event,) = list_announcements(slow, [Tariff("foreign", 3, 0.25, announced=True)])
    np.testing.assert_allclose(event.kept, np.where(slow.exports, 0.8, 1.0), rtol=1e-15)


@pytest.mark.parametrize(
    ("tariff", "message"),
    [
        (("foreigner", 1, 0.2), "shock.kind: unknown kind 'foreigner'. Did you mean 'foreign'?"),
        (("foreign", 12, 0.2), "week 12, but the run has weeks 0 to 11"),
        (("foreign", -1, 0.2), "shock.week: -1 is out of range, expected 0 or more"),
        (("foreign", 1, -0.1), "shock.rate: -0.1 is out of range, expected 0 to 100"),
        (("domestic", 1, float("nan")), "shock.rate: nan is out of range"),
        (("domestic", 1, 101), "shock.rate: 101.0 is out of range"),
    ],
)
def test_what_is_wrong_with_a_tariff_is_said(us, tariff, message):
    with pytest.raises(InputError) as caught:
        Tariff(*tariff).check(us, 12)
    assert message in str(caught.value)


@pytest.mark.parametrize("kind", ["foreign", "domestic"])
def test_an_economy_without_trade_can_have_no_tariff(e, kind):
    with pytest.raises(InputError, match=r"'synthetic:1' has no rest of the world.*with imports"):
        Tariff(kind, 1, 0.2).check(e, 12)
