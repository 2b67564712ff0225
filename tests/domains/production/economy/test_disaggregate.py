"""Many firms and households in place of one: the same sectors, still at prices of 1."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array

from catallax import Contract, market, simulate
from catallax.domains.production.economy import disaggregate, from_table, generate, us15, us71
from catallax.domains.production.economy.suppliers import Successors
from catallax.domains.production.economy.tables import InputOutputTable, load_table
from catallax.domains.production.economy.tables.sources import INCOME_SPREAD, QUINTILE_SHARES
from catallax.domains.production.network import HOUSEHOLD
from catallax.domains.production.optimum import solve
from catallax.errors import InputError


def parents(whole: Any, fine: Any) -> np.ndarray:
    """(N,) the row of `whole` that each row of `fine` is part of, by its name."""
    at = {name: k for k, name in enumerate(whole.network.names)}
    return np.array([at[n if n in at else n.rpartition(", ")[0]] for n in fine.network.names])


def summed(whole: Any, fine: Any) -> np.ndarray:
    """(n, n) flows of `fine` between the rows of `whole`."""
    net, p = fine.network, parents(whole, fine)
    out = np.zeros((whole.network.n,) * 2)
    np.add.at(out, (p[net.seller], p[net.buyer]), fine.flow)
    return out


def flows(e: Any) -> np.ndarray:
    out = np.zeros((e.network.n,) * 2)
    np.add.at(out, (e.network.seller, e.network.buyer), e.flow)
    return out


CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "us71 firms": (us71, {"firms": 400}),
    "us15 both": (us15, {"firms": 200, "households": 60, "seed": 3}),
    "us15 households": (us15, {"households": 23}),
    "us15 one supplier": (us15, {"firms": 120, "suppliers": 1}),
    "us15 many suppliers": (us15, {"firms": 90, "suppliers": 9, "dispersion": 0.0}),
    "made": (lambda: generate(2), {"firms": 150, "households": 40}),
    "made small firms": (lambda: generate(3), {"firms": 900, "households": 10, "suppliers": 1}),
    "late": (lambda: from_table(load_table("us15"), lead=2, decay=0.03), {"firms": 60}),
}


@cache
def split(case: str) -> tuple[Any, Any]:
    source, settings = CASES[case]
    whole = source()
    return whole, disaggregate(whole, **settings)


@pytest.mark.parametrize("case", CASES)
def test_sectors_trade_what_they_did(case):
    whole, fine = split(case)
    np.testing.assert_allclose(summed(whole, fine), flows(whole), rtol=1e-10, atol=0)


@pytest.mark.parametrize("case", CASES)
def test_the_optimum_from_wrong_prices_is_the_base_year(case):
    _, e = split(case)
    wrong = np.exp(0.5 * np.random.default_rng(0).standard_normal(e.network.n))
    best = solve(e.technology, e.income, start=wrong, tol=1e-12)
    assert np.max(np.abs(np.log(best.price))) < 1e-8
    np.testing.assert_allclose(best.ship, e.flow, rtol=1e-8)
    np.testing.assert_allclose(best.utility, e.income, rtol=1e-8)


@pytest.mark.parametrize("case", CASES)
def test_counts_buyers_and_suppliers(case):
    whole, e = split(case)
    net, given = e.network, CASES[case][1]
    plants = np.arange(net.n)[net.plants]
    if "firms" in given:
        assert (~e.abroad[plants]).sum() == given["firms"]
    if "households" in given:
        assert sum(group == "consumption" for group in e.group) == given["households"]
    buyers = [set() for _ in range(net.n)]
    for b, s in zip(net.buyer.tolist(), net.seller.tolist(), strict=True):
        buyers[s].add(b)
    many = [r for r in plants.tolist() if ", firm " in net.names[r]]
    assert not any(r in buyers[r] for r in many)
    assert all(buyers[r] for r in plants)
    assert serves(net).all()
    if not many:
        return
    p = parents(whole, e)
    few = [
        (b, p[s])
        for b, s in zip(net.buyer.tolist(), net.seller.tolist(), strict=True)
        if b in set(many)
    ]
    most = max(few.count(pair) for pair in set(few[:2000]))
    assert (
        most <= given.get("suppliers", 2) + 1
    )  # one more, where a firm without buyers was given one


def serves(net: Any) -> np.ndarray:
    """(n,) who sells to a final user, or to somebody who does, and so on: powers of a matrix."""
    sells = coo_array((np.ones(net.m), (net.seller, net.buyer)), shape=(net.n, net.n)).tocsr()
    found = np.where(net.kind == HOUSEHOLD, 1.0, 0.0)
    for _ in range(60):
        found = np.minimum(found + sells @ found, 1.0)
    return found > 0


@pytest.mark.parametrize("case", ["us71 firms", "us15 both"])
def test_imports_stay_suppliers_and_whole(case):
    whole, e = split(case)
    abroad, before = e.abroad, whole.abroad
    assert abroad.sum() == before.sum() > 0
    names = [n for n, far in zip(e.network.names, abroad, strict=True) if far]
    assert all(name.startswith("import ") for name in names)
    firms = [k for k, n in enumerate(e.network.names) if ", firm " in n]
    bought = abroad[e.network.seller]
    p = parents(whole, e)
    buys = set(whole.network.buyer[before[whole.network.seller]].tolist())
    from_abroad = set(e.network.buyer[bought].tolist())
    assert all((k in from_abroad) == (p[k] in buys) for k in firms)


def test_sizes_are_zipf_and_counts_follow_sales():
    kids = Successors(np.array([4, 1]))
    np.testing.assert_allclose(kids.size, [12 / 25, 6 / 25, 4 / 25, 3 / 25, 1.0])
    whole, e = split("us71 firms")
    p = parents(whole, e)
    count = np.bincount(p, minlength=whole.network.n)
    home = np.flatnonzero((count > 0) & (whole.network.kind == 1) & ~whole.abroad)
    expected = 1 + (400 - len(home)) * whole.output[home] / whole.output[home].sum()
    assert np.abs(count[home] - expected).max() < 1.0


def test_suppliers_are_drawn_by_size():
    kids = Successors(np.array([3, 5, 2]))
    u = np.random.default_rng(0).random(200_000)
    drawn = kids.draw(np.ones(len(u), dtype=np.int64), u)
    share = np.bincount(drawn, minlength=10) / len(u)
    np.testing.assert_allclose(share[3:8], kids.size[3:8], atol=0.004)
    assert share[:3].sum() + share[8:].sum() == 0.0


def test_log_normal_productivity_is_met_by_capital():
    whole, e = split("us71 firms")
    p, t = parents(whole, e), e.technology
    firms = np.array([", firm " in n for n in e.network.names])
    log_z = np.log(t.z / whole.technology.z[p])
    assert np.std(log_z[firms]) == pytest.approx(0.1, abs=0.01)
    assert abs(np.mean(log_z[firms])) < 0.015
    assert np.all(log_z[~firms] == 0.0)
    scale = t.z * t.K ** (1 - t.gamma)
    expected = whole.technology.z[p] * e.output ** (1 - t.gamma)
    np.testing.assert_allclose(scale[firms], expected[firms], rtol=1e-12)


def test_incomes_are_log_normal_inside_quintiles_which_keep_theirs():
    whole = us15()
    e = disaggregate(whole, households=5000)
    p = parents(whole, e)[e.network.households] - whole.network.households.start
    np.testing.assert_allclose(np.bincount(p, e.income), whole.income, rtol=1e-12)
    np.testing.assert_allclose(np.bincount(p, e.weight), whole.weight, rtol=1e-12)
    for quintile in range(5):
        spread = np.log(e.income[p == quintile]).std()
        assert spread == pytest.approx(INCOME_SPREAD.value, rel=0.06)


def test_the_spread_inside_quintiles_is_that_of_a_log_normal():
    """Drawn at random: a log-normal with s.d. 0.52 has the shares, to one in a hundred of all."""
    x = np.sort(np.exp(0.5235 * np.random.default_rng(1).standard_normal(1_000_000)))
    classes = x.reshape(5, -1)
    np.testing.assert_allclose(classes.sum(axis=1) / x.sum(), QUINTILE_SHARES, atol=0.01)
    within = np.sqrt(np.mean(np.var(np.log(classes), axis=1)))
    assert within == pytest.approx(INCOME_SPREAD.value, rel=0.02)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=10)
def test_the_same_seed_the_same_economy_another_seed_another(seed):
    a, b = (disaggregate(us15(), firms=60, households=10, seed=seed) for _ in range(2))
    assert a.digest == b.digest
    assert a.digest != disaggregate(us15(), firms=60, households=10, seed=seed + 1).digest


def test_split_into_as_many_as_there_are_is_the_same():
    whole = us15()
    same = disaggregate(whole, firms=15, households=5)
    assert same.network.names == whole.network.names
    np.testing.assert_array_equal(same.flow, whole.flow)
    np.testing.assert_allclose(same.income, whole.income, rtol=1e-14)


def test_a_table_may_be_given():
    assert (
        disaggregate(load_table("us15"), firms=40).digest == disaggregate(us15(), firms=40).digest
    )


@pytest.mark.parametrize(
    "firms", [1_000, pytest.param(10_000, marks=pytest.mark.slow)], ids=["1000", "10000"]
)
def test_thousands_of_firms_can_be_run(firms):
    e = disaggregate(us71(), firms=firms)
    wrong = np.exp(0.5 * np.random.default_rng(0).standard_normal(e.network.n))
    best = solve(e.technology, e.income, start=wrong, tol=1e-12)
    np.testing.assert_allclose(best.ship, e.flow, rtol=1e-8)
    run = simulate(Contract(e, weeks=4), market())
    assert run.completed
    assert e.network.m > 100 * firms


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"firms": 14}, "firms is 14, but there are 15 rows to split; expected at least 15"),
        ({"households": 4}, "households is 4, but there are 5 rows to split"),
        ({"firms": 900_000_000}, "links, at most 30,000,000 can be run; ask for fewer"),
        ({"firms": 30, "suppliers": 0}, "suppliers is 0, expected at least 1"),
        ({"firms": 30, "dispersion": -1.0}, "dispersion is -1.0, expected a finite number"),
        ({"firms": 30, "seed": -1}, "seed: -1 is negative"),
    ],
)
def test_impossible_numbers_are_refused(wrong, says):
    with pytest.raises(InputError) as e:
        disaggregate(us15(), **wrong)
    assert says in str(e.value)


def handmade(*output: float) -> InputOutputTable:
    """Products that are made by work alone, and all consumed."""
    made, none, count = np.array(output), np.zeros(len(output)), len(output)
    codes = tuple("abc"[:count])
    flow, half = np.zeros((count, count)), 0.5 * made
    table = InputOutputTable(
        "hand", codes, codes, flow, made[:, None], none, none, half, none, half, ("consumption",)
    )
    table.check()
    return table


@pytest.mark.parametrize(
    ("firms", "counts"), [(9, [4, 3, 2]), (10, [5, 3, 2]), (11, [5, 3, 3]), (3, [1, 1, 1])]
)
def test_firms_that_do_not_divide_go_to_the_largest_remainders(firms, counts):
    """Sales 5, 3, 2: beyond one each, 6 firms are 3, 1.8, 1.2; 7: 3.5, 2.1, 1.4; 8: 4, 2.4, 1.6."""
    names = disaggregate(from_table(handmade(5.0, 3.0, 2.0)), firms=firms).network.names
    assert [sum(n.partition(", ")[0] == code for n in names) for code in "abc"] == counts
