"""The optimum reproduces the balanced table, from any prices, at any lead time and loss."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from catallax.domains.production.economy import Economy, calibrate, from_table, generate, us15, us71
from catallax.domains.production.economy.real import WEEKS
from catallax.domains.production.economy.tables import InputOutputTable, load_table
from catallax.domains.production.optimum import Optimum, solve
from catallax.errors import InputError

TABLES = ("us15", "us71")
SETTINGS: dict[str, Any] = {"default": {}, "late": {"lead": 2, "decay": 0.03}}
REAL = [(table, setting) for table in TABLES for setting in SETTINGS]


@cache
def real(table: str, setting: str) -> Economy:
    if setting == "default":
        return {"us15": us15, "us71": us71}[table]()
    return from_table(load_table(table), **SETTINGS[setting])


@cache
def found(table: str, setting: str, seed: int = 0) -> Optimum:
    """The optimum from prices wrong by exp(N(0, 0.5))."""
    e = real(table, setting)
    wrong = np.exp(0.5 * np.random.default_rng(seed).standard_normal(e.network.n))
    return solve(e.technology, e.income, start=wrong, tol=1e-12)


def lossy(e: Economy, seed: int) -> Economy:
    """The same economy, calibrated with an iceberg loss on every link."""
    net, t = e.network, e.technology
    ice = np.random.default_rng(seed).uniform(0.7, 1.0, net.m)
    return calibrate(
        e.name,
        net,
        share=t.share,
        gamma=t.gamma,
        spending=net.rows.sum(e.flow)[net.households],
        sigma=t.sigma,
        eps=t.eps,
        decay=e.decay,
        lead=e.lead,
        iceberg=ice,
    )


@pytest.mark.parametrize(("table", "setting"), REAL)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_optimum_from_wrong_prices_is_the_base_year(table, setting, seed):
    e, best = real(table, setting), found(table, setting, seed)
    assert np.max(np.abs(np.log(best.price))) < 1e-8
    np.testing.assert_allclose(best.ship, e.flow, rtol=1e-8)
    np.testing.assert_allclose(best.sales[e.network.sellers], e.output[e.network.sellers], 1e-8)
    np.testing.assert_allclose(best.utility, e.income, rtol=1e-8)


@pytest.mark.parametrize(("table", "setting"), REAL)
def test_a_lead_time_and_spoilage_are_lost_between_shipment_and_arrival(table, setting):
    e, best = real(table, setting), found(table, setting)
    lead, decay = (0, 0.02) if setting == "default" else (2, 0.03)
    kept = np.where(e.network.rows.perishable, 1.0, (1 - decay) ** lead)
    np.testing.assert_allclose(best.arrive, e.flow * kept, rtol=1e-8)


def test_goods_are_on_the_way_for_their_lead_and_work_is_there_at_once():
    """Labour does not spoil, so that no balance would show a week that it takes to arrive."""
    e = real("us15", "late")
    perishable = e.network.rows.perishable
    assert perishable.any()
    np.testing.assert_array_equal(e.lead, np.where(perishable, 0, 2))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("lead", [0, 3])
def test_generated_economies_rest_at_prices_of_1(seed, lead):
    made = generate(seed, products=8, lead=lead, decay=0.1)
    wrong = np.exp(0.5 * np.random.default_rng(seed).standard_normal(made.network.n))
    for e in (made, lossy(made, seed)):
        best = solve(e.technology, e.income, start=wrong, tol=1e-12)
        assert np.max(np.abs(np.log(best.price))) < 1e-8
        np.testing.assert_allclose(best.ship, e.flow, rtol=1e-8)
        np.testing.assert_allclose(best.arrive, e.flow * e.technology.kept, rtol=1e-8)


def year(table: str, setting: str) -> tuple[InputOutputTable, Economy, np.ndarray]:
    """A table, its economy and the optimum's shipments in a year."""
    return load_table(table), real(table, setting), found(table, setting).ship * WEEKS


def cells(e: Economy, ship: np.ndarray) -> np.ndarray:
    """(n, n) what each buyer (column) gets from each seller (row)."""
    net = e.network
    out = np.zeros((net.n, net.n))
    np.add.at(out, (net.seller, net.buyer), ship)
    return out


def close(actual, expected) -> None:
    """To 1e-8 of each cell; cells that are zero are zero."""
    np.testing.assert_allclose(actual, expected, rtol=1e-8, atol=0)


@pytest.mark.parametrize(("table", "setting"), REAL)
def test_flows_are_those_of_the_shipped_table(table, setting):
    t, e, ship = year(table, setting)
    net, count = e.network, len(t)
    ends = net.endowments.stop
    sold = cells(e, ship)
    home = slice(ends, ends + count)
    abroad = np.zeros((count, net.n))
    for row in range(home.stop, net.plants.stop):
        abroad[net.product[row] - ends] += sold[row]
    both = sold[home] + abroad
    users = both[:, net.households]
    close(both[:, home], t.flow)
    close(users[:, :5].sum(axis=1), t.final[:, t.users.index("consumption")])
    close(users[:, 5], t.final[:, t.users.index("government")])
    close(users[:, 6], t.final[:, t.users.index("investment")])
    close(sold[home, home.stop : net.plants.stop].sum(axis=1), t.exports)
    close(abroad.sum(axis=1), t.imports)
    close(sold[home].sum(axis=1), t.output)
    factors = sold[: net.endowments.stop, home].sum(axis=0)
    capital = t.output * (1 - e.technology.gamma[home])
    close(factors + capital, t.value_added)


@pytest.mark.parametrize(("table", "setting"), REAL)
def test_users_at_home_buy_every_product_from_abroad_in_one_proportion(table, setting):
    t, e, ship = year(table, setting)
    net, ends = e.network, e.network.endowments.stop
    sold = cells(e, ship)
    at_home = [*range(ends, ends + len(t)), *range(net.households.start, net.n)]
    for row in range(ends + len(t), net.plants.stop):
        i = net.product[row] - ends
        part = t.imports[i] / (t.supply[i] - t.exports[i])
        close(sold[row, at_home], part * (sold[row, at_home] + sold[ends + i, at_home]))


@pytest.mark.parametrize(("table", "setting"), REAL)
@pytest.mark.parametrize("gamma", [0.85, 0.95])
def test_identities_of_the_rest_of_the_world(table, setting, gamma):
    t = load_table(table)
    e = from_table(t, gamma_import=gamma, **SETTINGS[setting])
    net = e.network
    imports, exports = t.imports.sum(), t.exports.sum()
    credit = net.row("foreign credit")
    plants = np.arange(net.endowments.stop + len(t), net.plants.stop)
    assert e.technology.supply[credit] * WEEKS == pytest.approx(
        (imports - exports) - (1 - gamma) * imports, rel=1e-8
    )
    np.testing.assert_allclose(e.technology.gamma[plants], gamma, rtol=1e-12)
    # What import plants pay is gamma of what they sell; the rest is rent, and it stays at home.
    bill = net.rows.sum(e.flow)[plants] * WEEKS
    close(bill, gamma * e.output[plants] * WEEKS)
    rent = ((1 - gamma) * e.output[plants]).sum() * WEEKS
    assert rent + e.technology.supply[credit] * WEEKS == pytest.approx(imports - exports, rel=1e-8)
    # Value added and what is borrowed abroad pay for all final use.
    assert e.scale * WEEKS == pytest.approx(t.gdp + imports - exports, rel=1e-8)
    assert e.scale * WEEKS == pytest.approx(t.final.sum(), rel=1e-8)


@pytest.mark.parametrize("table", TABLES)
def test_negative_foreign_credit_is_refused_with_the_least_gamma(table):
    t = load_table(table)
    least = t.exports.sum() / t.imports.sum()
    with pytest.raises(InputError, match=f"gamma_import.*{least:.4g}"):
        from_table(t, gamma_import=least - 1e-3)
    assert from_table(t, gamma_import=least + 1e-3).technology.supply[1] > 0


def test_a_table_without_value_added_for_labour_is_refused_with_its_product():
    t = load_table("us15")
    bare = replace(t, compensation=t.compensation * (np.arange(len(t)) != 3))
    bare = replace(bare, taxes=np.where(np.arange(len(t)) == 3, -t.surplus, t.taxes))
    with pytest.raises(InputError, match=f"us15, product {t.codes[3]}: no value added"):
        from_table(bare)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"decay": 1.0}, "decay"),
        ({"decay": -0.1}, "decay"),
        ({"decay": float("nan")}, "decay"),
        ({"lead": -1}, "lead"),
    ],
)
def test_impossible_physics_is_refused_by_name(wrong, name):
    with pytest.raises(InputError, match=f"^{name}: "):
        from_table(load_table("us15"), **wrong)
