"""What a listener could tell: by hand, at the ends of the scale, and what does not matter."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.domains.production.economy import calibrate, disaggregate, generate, us15
from catallax.domains.production.knowledge import ChannelLaw, KnowledgeLaw, LineLaw
from catallax.domains.production.measures import explain
from catallax.domains.production.measures.listener import infer_taste, infer_z
from catallax.domains.production.mechanisms import five_year_plan, market
from catallax.domains.production.network import Network
from catallax.domains.production.run import Contract, StaticOptimum, simulate

EXACT = LineLaw(delay=1.0, noise=0.0, resolution=0)
NONE = np.full(5, np.nan)


@pytest.fixture(scope="module")
def e():
    return generate(2, products=8, households=3)


@pytest.fixture(scope="module")
def little():
    """Labour 0; the mine 1 uses labour, the bakery 2 labour and coal, half each; Ann 3, Bob 4."""
    links = [(1, 0, 0), (2, 0, 0), (2, 1, 1), (3, 1, 1), (3, 2, 2), (4, 1, 1), (4, 2, 2)]
    names = ["labour", "coal mine", "bakery", "Ann", "Bob"]
    net = Network.build([0, 1, 1, 2, 2], [0, 1, 2, -1, -1], links, names, ["work", "coal", "bread"])
    return calibrate(
        "little",
        net,
        share=np.array([1.0, 0.5, 0.5, 0.5, 0.5, 0.2, 0.8]),
        gamma=np.array([1.0, 0.8, 0.6, 1.0, 1.0]),
        spending=np.array([60.0, 40.0]),
        sigma=np.full(5, 0.5),
        eps=np.full(5, 2.0),
        decay=np.zeros(5),
        lead=np.zeros(7, dtype=np.int64),
    )


# ---------------------------------------------------------------- productivity


def test_productivity_is_inferred_from_prices_and_costs(little):
    """Quotes of 0.3, 0 and -0.3 logs: cost of the mine 0.3, of the bakery (0.3 + 0) / 2."""
    price = np.array([0.3, 0.0, -0.3, np.nan, np.nan])
    found = infer_z(little.technology, NONE, price)
    np.testing.assert_allclose(found[1:3], [0.8 * 0.3 - 0.0, 0.6 * 0.15 + 0.3], rtol=1e-14)
    np.testing.assert_array_equal(found[3:], 0)


def test_what_firms_of_a_plant_report_tells_of_their_own_productivity(tellers, value_of):
    """Their differences are private though nothing is drawn by the law of knowledge."""
    clear, e = ChannelLaw(1, EXACT, EXACT, measuring=0.0), disaggregate(us15(), firms=30)
    told = simulate(Contract(e, KnowledgeLaw(0.0, 0.0), clear, weeks=3, settle=0), tellers())
    assert value_of("leak_z", told) == pytest.approx(1, abs=1e-12)


def test_what_is_reported_is_believed_and_of_others_the_public_value(little):
    base = np.log(little.technology.z)
    reported = np.array([np.nan, base[1] + 0.2, np.nan, np.nan, np.nan])
    price = np.array([np.nan, 0.5, np.nan, np.nan, np.nan])
    found = infer_z(little.technology, reported, price)
    np.testing.assert_allclose(found, [0, 0.2, 0, 0, 0], atol=1e-15)


@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4), st.floats(-3, 3))
def test_inflation_tells_nothing(prices, level):
    e = generate(2, products=3, firms=1, households=2)
    n = e.network.n
    price = np.full(n, np.nan)
    price[: len(prices)] = prices
    found = infer_z(e.technology, np.full(n, np.nan), price)
    again = infer_z(e.technology, np.full(n, np.nan), price + level)
    np.testing.assert_allclose(again, found, atol=1e-12)


def test_all_is_told_of_articulable_productivity_on_a_clear_line(e, tellers, value_of):
    clear = ChannelLaw(1, EXACT, EXACT, measuring=0.0)
    told = simulate(Contract(e, KnowledgeLaw(0.0), clear, weeks=60, settle=0), tellers())
    assert value_of("leak_z", told) == pytest.approx(1, abs=1e-12)
    # Of the tacit part nothing is told, and a report of the rest is all there is to believe.
    tacit = simulate(Contract(e, KnowledgeLaw(1.0), clear, weeks=60, settle=0), tellers())
    assert value_of("leak_z", tacit) == "nothing was said that tells of productivity"


def test_half_of_the_variance_told_is_a_correlation_of_its_root(tellers, value_of):
    """Over some hundred plants."""
    many = generate(3, products=60, firms=3, households=2, inputs=4)
    clear = ChannelLaw(1, EXACT, EXACT, measuring=0.0)
    run = simulate(Contract(many, KnowledgeLaw(0.5), clear, weeks=4, settle=0), tellers())
    assert value_of("leak_z", run) == pytest.approx(0.5**0.5, abs=0.15)


def test_prices_tell_even_what_cannot_be_said(e, value_of):
    run = simulate(Contract(e, KnowledgeLaw(1.0), weeks=104, settle=0), market())
    assert value_of("leak_z", run) > 0.8


def test_a_plan_that_hears_of_flows_only_gives_no_productivity_away(e, value_of):
    contract = Contract(e, weeks=60, settle=0)
    assert value_of("leak_z", simulate(contract, five_year_plan())) == (
        "nothing was said that tells of productivity"
    )
    for name in ("leak_z", "leak_taste"):
        assert value_of(name, simulate(contract, StaticOptimum())) == "an oracle sends no messages"


def test_where_rows_do_not_differ_there_is_nothing_to_tell(e, value_of):
    run = simulate(Contract(e, KnowledgeLaw(dispersion=0, drift=0), weeks=60, settle=0), market())
    assert value_of("leak_z", run) == "productivity does not differ between rows"
    assert value_of("leak_taste", run) == "taste does not differ between rows"


def test_the_leak_is_the_correlation_over_plants(e, value_of):
    run = simulate(Contract(e, weeks=60, settle=0), market())
    plants = e.network.plants
    r = np.random.default_rng(0)
    z = {k: r.normal(0, 1, e.network.n) for k in ("heard_z", "true_z")}
    a, b = z["heard_z"] - np.log(e.technology.z), z["true_z"]
    found = value_of("leak_z", replace(run, sampled={**run.sampled, **z}))
    expected = np.cov(a[plants], b[plants])[0, 1] / a[plants].std(ddof=1) / b[plants].std(ddof=1)
    assert found == pytest.approx(expected, rel=1e-12)


# ---------------------------------------------------------------- tastes


def heard(run, **other):
    return replace(run, sampled={**run.sampled, **other})


@pytest.fixture(scope="module")
def run(little):
    return simulate(Contract(little, weeks=4, settle=0), market())


def test_tastes_are_inferred_from_expenditure_at_quoted_prices(little, run):
    """Ann spends 1 of 4 on coal, not half; Bob, who asks for nothing, is as in the table."""
    price = np.log([1.0, 0.5, 3.0, np.nan, np.nan])
    ask = np.array([2.0, 1.0, 0.0, 0.0])
    silent = np.full(4, np.nan)
    found = infer_taste(
        little.technology, heard(run, heard_price=price, heard_ask=ask, heard_share=silent)
    )
    np.testing.assert_allclose(found, np.log([0.25 / 0.5, 0.75 / 0.5, 1, 1]), atol=1e-15)
    plain = heard(run, heard_price=NONE, heard_ask=ask, heard_share=silent)
    found = infer_taste(little.technology, plain)
    np.testing.assert_allclose(found[:2], np.log([2 / 3 / 0.5, 1 / 3 / 0.5]), rtol=1e-14)


def test_reported_tastes_are_believed(little, run):
    share = np.array([0.4, 0.6, np.nan, np.nan])
    ask = np.array([1.0, 1.0, 10.0, 30.0])
    found = infer_taste(
        little.technology, heard(run, heard_price=NONE, heard_ask=ask, heard_share=share)
    )
    np.testing.assert_allclose(found, np.log([0.8, 1.2, 0.25 / 0.2, 0.75 / 0.8]), rtol=1e-14)


def test_all_is_told_of_articulable_tastes_on_a_clear_line(e, tellers, value_of):
    clear = ChannelLaw(1, EXACT, EXACT, measuring=0.0)
    law = KnowledgeLaw(0.0, drift=0.0)
    assert value_of(
        "leak_taste", simulate(Contract(e, law, clear, weeks=60, settle=0), tellers())
    ) == (pytest.approx(1, abs=1e-9))
    tacit = Contract(e, KnowledgeLaw(1.0), clear, weeks=60, settle=0)
    assert value_of("leak_taste", simulate(tacit, tellers())) == (
        "nothing was said that tells of taste"
    )


def test_purchases_tell_tastes_that_cannot_be_said(e, value_of):
    run = simulate(Contract(e, KnowledgeLaw(1.0), weeks=104, settle=0), market())
    assert value_of("leak_taste", run) > 0.8


@given(st.floats(0.1, 10), st.floats(0.1, 10), st.floats(-3, 3))
def test_tastes_know_no_riches_and_no_inflation(rich, poor, level):
    e = generate(2, products=3, firms=1, households=2)
    net, r = e.network, np.random.default_rng(1)
    run = simulate(Contract(e, weeks=1, settle=0), market())
    price = r.normal(0, 0.3, net.n)
    ask, silent = np.exp(r.normal(0, 1, net.final.m)), np.full(net.final.m, np.nan)
    first = heard(run, heard_price=price, heard_ask=ask, heard_share=silent)
    scale = np.array([rich, poor])[net.final.row_of]
    other = heard(run, heard_price=price + level, heard_ask=ask * scale, heard_share=silent)
    found = infer_taste(e.technology, first)
    np.testing.assert_allclose(infer_taste(e.technology, other), found, atol=1e-12)


def test_what_is_said_of_the_listener_is_how_it_hears():
    """See test_overheard: reports and quotes are blurred, asks are not."""
    assert "asks exactly as they are made" in explain("leak_taste").text
    assert not any("oth lines" in explain(name).text for name in ("leak_z", "leak_taste"))
