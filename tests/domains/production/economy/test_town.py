"""Towns: large sparse economies, made in whole arrays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catallax import economy_named, solve, town
from catallax.domains.production.economy.town import draw_distinct
from catallax.errors import InputError


def parts(**counts):
    e = town(**counts)
    return e, e.network, e.technology


@settings(max_examples=25)
@given(st.integers(10, 60), st.integers(0, 300), st.integers(0, 200), st.integers(0, 3))
def test_everybody_sells_and_buys_what_a_town_buys(goods, more_firms, more_homes, seed):
    e, net, t = parts(
        households=goods + more_homes, firms=goods + more_firms, goods=goods, seed=seed
    )
    assert net.households.stop - net.households.start == goods + more_homes
    made = np.bincount(net.product[net.plants], minlength=goods + 4)[4:]
    assert made.sum() == goods + more_firms
    assert made.max() - made.min() <= 1
    assert np.all(e.output[net.sellers] > 0)
    bought = np.bincount(net.rows.good_row, minlength=net.n)
    assert set(bought[net.households]) == {10}
    firms = slice(net.plants.start, net.plants.stop)
    perishable = net.rows.sum(net.rows.perishable.astype(float))
    land = (net.product - 4) % 10 == 0
    np.testing.assert_array_equal(perishable[firms], np.where(land, 3, 2)[firms])
    inputs = bought[firms] - perishable[firms]
    assert inputs.min() >= 7
    assert inputs.max() <= 8
    assert np.all(net.product[net.buyer] != net.good)
    np.testing.assert_allclose(net.rows.sum(t.share)[net.plants.start :], 1.0, rtol=1e-12)
    assert len(set(net.names)) == net.n


def test_the_base_year_is_the_optimum():
    for counts in ({"households": 400}, {"households": 20, "firms": 900, "goods": 20}):
        e, net, _ = parts(**counts)
        wrong = np.exp(0.5 * np.random.default_rng(0).standard_normal(net.n))
        best = solve(e.technology, e.income, start=wrong, tol=1e-12)
        np.testing.assert_allclose(best.ship, e.flow, rtol=1e-8)
        np.testing.assert_allclose(best.price, 1.0, rtol=1e-8)


def test_who_would_be_idle_serves_households_beside():
    """1,000 firms a good and 2 households that surely buy it: most firms need the way out."""
    e, net, t = parts(households=20, firms=10_000, goods=10)
    direct = np.bincount(net.seller[net.buyer >= net.households.start], minlength=net.n)
    assert np.all(e.output[net.sellers] > 0)
    assert direct[net.plants].sum() > 400
    # Firms of one good that sell to one household share in it by size, 1/rank.
    nest = (net.buyer == net.households.start) & (net.good == 4)
    rank = net.seller[nest] - net.plants.start + 1
    assert nest.sum() > 50
    np.testing.assert_allclose(t.share[nest] * rank, t.share[nest][0] * rank[0], rtol=1e-12)


def test_sizes_fall_as_one_over_rank():
    """Sales of rank r over rank 1, mean over 50 goods; a household buys from one firm a good."""
    e, net, _ = parts(households=50_000, firms=5_000, goods=50)
    sales = e.output[net.plants].reshape(50, 100)
    mean = (sales / sales.sum(axis=1)[:, None]).mean(axis=0)
    zipf = 1.0 / np.arange(1, 101)
    np.testing.assert_allclose(mean[:10], (zipf / zipf.sum())[:10], rtol=0.1)


def test_names_and_counts_follow_the_households():
    counts = {300: (30, 20), 4_000: (400, 40), 20_000: (2_000, 200), 120_000: (12_000, 1_000)}
    for households, (firms, goods) in counts.items():
        net = town(households).network
        assert (net.plants.stop - net.plants.start, len(net.products) - 4) == (firms, goods)
    net = town(300).network
    assert net.names[:6] == (
        "labour 1",
        "labour 2",
        "labour 3",
        "land",
        "good 1, firm 1",
        "good 1, firm 2",
    )
    assert net.names[-1] == "household 300"
    assert net.names[net.row("good 20, firm 1")] == "good 20, firm 1"
    assert net.products[:5] == ("labour 1", "labour 2", "labour 3", "land", "good 1")


def test_equal_arguments_give_equal_bits_and_others_do_not():
    made = [town(300), town(310), town(300, seed=1), town(300, firms=31), town(300, goods=21)]
    assert len({e.digest for e in made}) == len(made)
    assert len({e.flow[:1000].tobytes() for e in made}) == len(made)
    assert economy_named("town:300").digest == made[0].digest
    assert economy_named("town:300").name == "town:300"


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"households": 19}, "households is 19, expected a whole number of at least 20, one for"),
        ({"households": 50, "goods": 9}, "goods is 9, expected a whole number of at least 10"),
        ({"households": 50, "firms": 19}, "firms is 19, .* 20, one for each good"),
        ({"households": 50, "seed": -1}, "seed is -1"),
        ({"households": 10**9}, "1000000000 households .* at most 60,000,000"),
    ],
)
def test_counts_out_of_range_are_refused_by_name(counts, message):
    with pytest.raises(InputError, match=f"^town: {message}"):
        town(**counts)


@given(st.integers(1, 9), st.integers(0, 20))
def test_distinct_draws_differ(count, spare):
    drawn = draw_distinct(np.random.default_rng(0), 50, count, count + spare)
    assert all(len(set(row)) == count for row in drawn.tolist())
    assert drawn.min() >= 0
    assert drawn.max() < count + spare


def test_distinct_sets_are_equally_likely():
    drawn = np.sort(draw_distinct(np.random.default_rng(1), 60_000, 2, 4), axis=1)
    _, count = np.unique(drawn, axis=0, return_counts=True)
    assert len(count) == 6
    chi2 = ((count - 10_000) ** 2 / 10_000).sum()
    assert chi2 < 20.5  # 0.999 quantile of chi-square with 5 degrees of freedom
