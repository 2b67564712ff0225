"""Waste and cover by hand, and against the balance of all goods of a run."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, generate, us15
from catallax.domains.production.knowledge import KnowledgeLaw
from catallax.domains.production.measures.unused import find_unused
from catallax.domains.production.mechanisms import habit, market
from catallax.domains.production.run import Contract, Recording, StaticOptimum, simulate

REST = KnowledgeLaw(dispersion=0, drift=0)
WEEKS = 60
NAMES = ("idle", "sold", "output", "spoiled", "stocks", "stock")


@pytest.fixture(scope="module")
def e():
    return generate(2, products=3, firms=1, households=2)


@pytest.fixture(scope="module")
def run(e):
    return simulate(Contract(e, weeks=WEEKS), market(), 1)


def by_hand(run, **series):
    """The run with nothing in any series but what is given, of weeks and rows."""
    n = run.contract.economy.network.n
    new = {name: np.zeros((WEEKS, n)) for name in NAMES}
    for name, entries in series.items():
        for at, value in entries.items():
            new[name][at] = value
    return replace(run, series={**run.series, **new})


def test_waste_by_hand(run, value_of):
    """In weeks 52 to 59 labour flows 8 + 12, 8 of it idle, and two plants make 30.

    Of their goods 3 spoil; stocks of one gain 4, and those of the other are drawn on by 9.
    """
    labour, one = 0, run.contract.economy.network.plants.start
    two = one + 1
    found = by_hand(
        run,
        idle={(52, labour): 8.0, (51, labour): 99.0, (55, one): 50.0},
        sold={(53, labour): 12.0, (3, labour): 99.0, (58, one): 20.0},
        output={(54, one): 10.0, (59, two): 20.0, (51, two): 99.0},
        spoiled={(52, one): 1.0, (59, two): 2.0, (40, one): 99.0},
        stocks={(51, one): 5.0, (59, one): 9.0, (51, two): 10.0, (59, two): 1.0},
    )
    assert value_of("waste", found) == pytest.approx((8 + 3 + 4) / (20 + 30), rel=1e-14)


def test_where_nothing_is_available_there_is_no_waste(run, value_of):
    assert value_of("waste", by_hand(run)) == "nothing was available"


def test_cover_by_hand(run, value_of):
    """A plant has 10 and sells 4, its buyers hold 5 unused; another sells 6 of 6."""
    labour, one = 0, run.contract.economy.network.plants.start
    two = one + 1
    found = by_hand(
        run,
        stock={(52, one): 10.0, (53, two): 6.0, (51, one): 99.0},
        sold={(52, one): 4.0, (53, two): 6.0, (54, labour): 99.0, (51, one): 5.0},
        idle={(57, one): 5.0, (57, labour): 99.0, (51, two): 99.0},
    )
    assert value_of("cover", found) == pytest.approx((6 + 5) / (4 + 6), rel=1e-14)
    assert value_of("cover", by_hand(run)) == "nothing was sold"


def test_runs_of_a_year_and_few_rows_say_why_there_is_none(e, value_of):
    short = simulate(Contract(e, weeks=52), market())
    few = simulate(Contract(e, weeks=54), market(), recording=Recording(rows=2))
    for name in ("waste", "cover"):
        assert "no more than 52 weeks" in value_of(name, short)
        assert "raise Recording.rows" in value_of(name, few)


def test_at_rest_nothing_is_wasted_and_nothing_stands_still(e, value_of):
    run = simulate(Contract(e, REST, weeks=WEEKS), StaticOptimum())
    assert value_of("waste", run) == pytest.approx(0, abs=1e-7)
    assert value_of("cover", run) == pytest.approx(0, abs=1e-7)


def test_goods_on_the_way_spoil_into_waste(value_of):
    """2 weeks on the way at 10 % lose 19 % of what is shipped, and all output is shipped."""
    e = generate(2, products=3, firms=1, households=2, lead=2, decay=0.1)
    run = simulate(Contract(e, REST, weeks=WEEKS), StaticOptimum())
    output, flow = e.output[e.network.plants].sum(), e.output[e.network.endowments].sum()
    assert value_of("waste", run) == pytest.approx(0.19 * output / (output + flow), rel=1e-6)


def test_half_of_an_endowment_that_nobody_asks_for_is_idle():
    """Twice the ore, and habit asks for no more than before: half of it is idle every week."""
    e = us15()
    resource = e.network.names[e.network.endowments][-1]
    contract = Contract(e, REST, shocks=(Shock(resource, 10, 2.0),), weeks=WEEKS)
    run = simulate(contract, habit())
    flow = e.output[e.network.row(resource)]
    np.testing.assert_allclose(run.row(resource, "idle")[10:], flow, rtol=1e-6)
    np.testing.assert_allclose(run.row(resource, "idle")[:10], 0.0, atol=1e-6 * flow)


@pytest.mark.parametrize("make", [habit, market])
def test_what_is_used_and_what_is_not_are_all_there_is(make):
    """Flows and output are what was used, idle, spoiled or laid up, where nothing is lost."""
    e = us15()
    assert e.is_lossless(e.iceberg)
    goods = tuple(e.network.products)
    contract = Contract(e, shocks=(Shock(e.network.names[1], 20, 0.7),), weeks=WEEKS)
    run = simulate(contract, make(), 2, recording=Recording(goods=goods))
    used = run.series["use"][52:] / e.technology.kept[run.links]
    labour = run.series["sold"][52:, e.network.endowments].sum()
    goods_used = used[:, ~e.network.rows.perishable[run.links]].sum()
    found = find_unused(run, 52)
    there = found.available - found.idle - found.spoiled - found.gained.sum()
    assert found.spoiled > 0
    assert there == pytest.approx(labour + goods_used, rel=1e-9)
    assert run.series["idle"][52:, e.network.plants].sum() > 0
