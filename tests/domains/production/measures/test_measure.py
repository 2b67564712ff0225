"""Every measure by hand, on series small enough to write out."""

from dataclasses import replace

import numpy as np
import pytest

from catallax.domains.production.economy import Shock, generate, us15
from catallax.domains.production.knowledge import KnowledgeLaw, Meter, Traffic
from catallax.domains.production.measures import MEASURES, Assessed, assess, explain, measure_all
from catallax.domains.production.measures.values import compute_gini
from catallax.domains.production.mechanisms import Agents, Mechanism, five_year_plan, market
from catallax.domains.production.network import Act, Table
from catallax.domains.production.run import Contract, Recording, StaticOptimum, Stop, simulate
from catallax.errors import InputError
from catallax.protocol import Measured

# ---------------------------------------------------------------- Gini


@pytest.mark.parametrize(
    ("x", "weight", "value"),
    [
        ([1, 1, 1], [1, 1, 1], 0),
        ([5], [3], 0),
        ([0, 0, 0, 1], [1, 1, 1, 1], 3 / 4),
        # Mean difference |1-3| over twice the mean: (2 * 2 / 4) / (2 * 2) = 1/4.
        ([1, 3], [1, 1], 1 / 4),
        # Of 4 persons: mean 1.5, pairs differ by 2 in 6 of 16: (12 / 16) / 3 = 1/4.
        ([1, 3], [3, 1], 1 / 4),
        # Quintiles of 1 to 5: sum over pairs 2 (4 + 3*2 + 2*3 + 4) = 40; / (2 * 25 * 3) = 4/15.
        ([3, 1, 5, 2, 4], [1, 1, 1, 1, 1], 4 / 15),
        ([0, 0], [1, 1], 0),
    ],
)
def test_gini_by_hand(x, weight, value):
    assert compute_gini(np.array(x, float), np.array(weight, float)) == pytest.approx(
        value, abs=1e-15
    )


def test_gini_is_half_the_relative_mean_difference():
    r = np.random.default_rng(1)
    x, w = r.lognormal(0, 1, 9), r.uniform(0.5, 2, 9)
    apart = w @ np.abs(x[:, None] - x) @ w / w.sum() ** 2
    assert compute_gini(x, w) == pytest.approx(apart / (2 * (w @ x) / w.sum()), rel=1e-13)
    order = r.permutation(9)
    assert compute_gini(x[order], w[order]) == pytest.approx(compute_gini(x, w), rel=1e-13)
    assert compute_gini(7 * x, 3 * w) == pytest.approx(compute_gini(x, w), rel=1e-13)
    # A group of two persons is two groups of one.
    twice, ones = np.append(x, x[0]), np.append(w, w[0] / 2)
    ones[0] /= 2
    assert compute_gini(twice, ones) == pytest.approx(compute_gini(x, w), rel=1e-13)


# ---------------------------------------------------------------- a run by hand


@pytest.fixture(scope="module")
def e():
    return generate(2, products=3, firms=1, households=2)


@pytest.fixture(scope="module")
def run(e):
    """60 weeks of a market, all of its series to be replaced."""
    return simulate(Contract(e, KnowledgeLaw(), weeks=60, settle=0), market(), 1)


def by_hand(run, efficiency=1.0, weeks=range(0, 60, 4), price=1.0, **series):
    """The run with other numbers; one number fills a whole series."""
    new = dict(run.series)
    for name, value in series.items():
        new[name] = np.array(np.broadcast_to(value, new[name].shape), dtype=float)
    weeks = np.array(weeks)
    path = np.array(np.broadcast_to(efficiency, weeks.shape), dtype=float)
    prices = np.broadcast_to(price, (len(weeks), run.contract.economy.network.n))
    return Assessed(replace(run, series=new), weeks, path, prices)


def measured(name, assessed, twin=None):
    found = measure_all(assessed, twin)[name]
    assert (found.value is None) == bool(found.reason)
    assert found.value is None or np.isfinite(found.value)
    return found.value if found.value is not None else found.reason


def test_means_are_trapezoids_between_samples_from_week_52_on(run):
    """Samples at 52, 53, 59 weigh 1/2, 7/2 and 6/2 of 7 weeks; those before do not count."""
    a = by_hand(run, [9.0, 0.9, 0.8, 0.6], [48, 52, 53, 59], stocks=5.0, output=1.0)
    expected = (0.5 * 0.9 + 3.5 * 0.8 + 3 * 0.6) / 7
    assert measured("efficiency", a) == pytest.approx(expected, rel=1e-14)
    logs = (0.5 * np.log(0.9) + 3.5 * np.log(0.8) + 3 * np.log(0.6)) / 7
    assert measured("score", a) == pytest.approx(np.exp(logs), rel=1e-14)
    assert a.mean(a.efficiency, 0) == pytest.approx(
        ((9.0 + 0.9) / 2 * 4 + (0.9 + 0.8) / 2 + (0.8 + 0.6) / 2 * 6) / 11, rel=1e-14
    )


def test_one_sample_is_its_own_mean(run):
    a = by_hand(run, [0.5, 0.7], [48, 52])
    assert measured("efficiency", a) == 0.7


def test_a_score_is_credited_with_what_stocks_gained(run):
    """Over the 8 weeks 52 to 59 each of n rows makes 2 a week at price 3 and stocks gain 4.

    The credit is 3 * 4 n / (8 * 3 * 2 n) = 1/4 of output, from the end of week 51 to the end.
    """
    n = run.contract.economy.network.n
    stocks = np.zeros((60, n))
    stocks[:51] = 77.0  # long past
    stocks[51], stocks[52:59], stocks[59] = 10.0, -99.0, 14.0
    a = by_hand(run, 0.8, price=3.0, stocks=stocks, output=2.0)
    assert measured("score", a) == pytest.approx(0.8 * 1.25, rel=1e-14)
    eaten = by_hand(run, 0.8, price=3.0, stocks=stocks[::-1] * 0 + 24.0 - stocks, output=2.0)
    assert measured("score", eaten) == pytest.approx(0.8 * 0.75, rel=1e-14)
    # Efficiency itself is not credited.
    assert measured("efficiency", a) == 0.8


def test_the_credit_values_goods_at_the_optimums_prices(run):
    net = run.contract.economy.network
    metal, other = net.plants.start, net.plants.start + 1
    stocks, output = np.zeros((60, net.n)), np.zeros((60, net.n))
    stocks[59, metal] = 6.0
    output[:, [metal, other]] = 1.0
    price = np.ones(net.n)
    price[metal] = 4.0
    a = by_hand(run, 1.0, price=price, stocks=stocks, output=output)
    assert measured("score", a) == pytest.approx(1 + 4 * 6 / (8 * (4 + 1)), rel=1e-14)


def test_at_rest_the_score_is_1_at_the_accuracy_of_efficiency(e):
    law = KnowledgeLaw(dispersion=0, drift=0)
    run = simulate(Contract(e, law, weeks=60, settle=0), StaticOptimum())
    assert measured("score", assess(run)) == pytest.approx(1.0, abs=1e-7)


def test_a_score_is_zero_nowhere_but_undefined(run):
    utility = run.series["utility"].copy()
    utility[57, 0] = 0.0  # between two samples
    assert "had nothing" in measured("score", by_hand(run, utility=utility))
    assert "had nothing" in measured("score", by_hand(run, [0.9, 0.0], [52, 56]))
    utility = run.series["utility"].copy()
    utility[51, 0] = 0.0  # before it counts
    assert isinstance(measured("score", by_hand(run, utility=utility)), float)


@pytest.mark.parametrize("name", ["score", "efficiency", "welfare"])
def test_short_runs_have_no_late_weeks(e, name):
    short = assess(simulate(Contract(e, weeks=52, settle=0), market()))
    assert "no more than 52 weeks" in measured(name, short)
    enough = assess(simulate(Contract(e, weeks=53, settle=0), market()))
    assert isinstance(measured(name, enough), float)


@pytest.mark.parametrize("name", ["score", "efficiency"])
def test_without_a_late_sample_there_is_no_late_mean(run, name):
    for weeks in ([], [0, 51]):
        assert "no week from 52 on" in measured(name, by_hand(run, 1.0, weeks))


def test_welfare_is_a_weighted_geometric_mean_of_the_base_years_utility(e):
    run = simulate(Contract(us15(), weeks=60, settle=0), market())
    economy = run.contract.economy
    utility = np.tile(economy.income, (60, 1))
    utility[:52] *= 9.0  # does not count
    utility[52:56] *= 0.5
    utility[:, 5:] = 0.0  # government and investment have no persons
    assert measured("welfare", by_hand(run, utility=utility)) == pytest.approx(0.5**0.5, rel=1e-13)
    utility[52:, 0] *= 0.25  # one of five quintiles
    expected = 0.5**0.5 * 0.25 ** (1 / 5)
    assert measured("welfare", by_hand(run, utility=utility)) == pytest.approx(expected, rel=1e-13)
    utility[59, 0] = 0.0
    assert "had nothing" in measured("welfare", by_hand(run, utility=utility))


def test_a_run_in_which_nothing_is_made_has_no_score(run):
    assert measured("score", by_hand(run, output=0.0)) == "nothing was made from week 52 on"


def test_fill_rate_is_what_was_shipped_over_what_was_asked(run):
    asked, shipped = np.arange(60.0), np.arange(60.0) / 4
    assert measured("fill_rate", by_hand(run, asked=asked, shipped=shipped)) == 0.25
    assert measured("fill_rate", by_hand(run, asked=0.0, shipped=0.0)) == "asked is zero"


class Insistent(Agents):
    """From week 52 on all that is wanted is asked for, and nothing is ever used: orders wait."""

    def start(self, view):
        return Table(), Table()

    def report(self, view, said):
        return Table(), said

    def act(self, view, done):
        want = 3.0 * (view.t >= 52) * view.inbox.value.link["ask"]
        return Act(want, use=np.zeros(view.rows.m)), done


def test_an_order_that_waits_is_not_asked_for_again_in_the_fill_rate(e):
    """Thrice of everything is wanted every week; goods come once, from the stocks there are."""
    e = replace(e, decay=np.zeros_like(e.decay))  # so that stocks are still there in week 52
    contract = Contract(e, KnowledgeLaw(dispersion=0, drift=0), weeks=60, backlog=True, settle=0)
    run = simulate(contract, Mechanism("insistent", Insistent()))
    net = e.network
    perishable = 3 * e.flow[net.rows.perishable].sum()
    goods = e.flow[~net.rows.perishable].sum()
    # Labour serves a third every week. Of goods a third comes in the first, and is ordered anew in
    # the second; after that all that is asked for waits already.
    assert run.series["asked"].sum() == pytest.approx(8 * (perishable + 3 * goods), rel=1e-6)
    ordered = 8 * perishable + 4 * goods
    filled = 8 * perishable / 3 + goods
    found = measured("fill_rate", assess(run, [0]))
    assert found == pytest.approx(filled / ordered, rel=1e-6)


def test_messages_and_bits_are_deliveries_a_week(run):
    meter = Meter({"ask": Traffic(1, 60, 2, 600), "quote": Traffic(5, 120, 7, 30)})
    a = by_hand(replace(run, meter=meter))
    assert measured("messages", a) == 3.0
    assert measured("bits", a) == 10.5
    assert measured("bits", by_hand(replace(run, meter=Meter()))) == 0.0
    for name in ("messages", "bits"):
        assert measured(name, by_hand(replace(run, oracle=True))) == "an oracle sends no messages"


def test_gini_is_the_mean_over_weeks_and_its_change_is_from_the_base_year(run, e):
    """Two households of equal weight: utilities 1 and 3 in half of the weeks, else equal.

    Weeks before 52 do not count.
    """
    utility = np.ones((60, 2))
    utility[:56, 1] = 3.0
    utility[:52, 1] = 9.0
    a = by_hand(run, utility=utility)
    assert measured("gini", a) == pytest.approx(0.25 / 2, rel=1e-14)
    poor, rich = np.sort(e.income)
    base = (rich - poor) / (2 * (rich + poor))
    assert measured("gini_change", a) == pytest.approx(0.125 - base, rel=1e-12)
    at_base = by_hand(run, utility=e.income)
    assert measured("gini_change", at_base) == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("name", ["gini", "gini_change"])
def test_without_two_groups_or_without_anything_there_is_no_inequality(run, name):
    alone = simulate(
        Contract(generate(2, products=3, firms=1, households=1), weeks=53, settle=0), market()
    )
    assert "fewer than two household groups" in measured(name, assess(alone, [52]))
    utility = np.ones((60, 2))
    utility[55] = 0.0
    assert "no household had anything" in measured(name, by_hand(run, utility=utility))


def test_gini_leaves_out_final_users_without_persons():
    run = simulate(Contract(us15(), weeks=60, settle=0), market())
    utility = np.ones(7)
    utility[5:] = 1e9
    assert measured("gini", by_hand(run, utility=utility)) == pytest.approx(0, abs=1e-14)


def test_destitute_counts_final_users_below_a_hundredth_of_their_base_year(run, e):
    utility = np.tile(e.income, (60, 1))
    utility[:55, 0] *= 0.0099
    utility[:58, 1] *= 0.0101
    assert measured("destitute", by_hand(run, utility=utility)) == 3 / 8  # from week 52 on


# ---------------------------------------------------------------- all of them


def test_a_stopped_run_has_no_measures_and_says_why(e):
    run = simulate(Contract(e, weeks=60, settle=0), StaticOptimum(tol=1e-300, limit=1))
    assert run.stop is Stop.UNSOLVED
    found = measure_all(assess(run), None)
    assert set(found) == set(MEASURES)
    for value in found.values():
        assert value == Measured(None, f"unsolved: {run.reason}")


@pytest.mark.parametrize("weeks", [1, 2, 53, 60])
@pytest.mark.parametrize("make", [market, five_year_plan, StaticOptimum])
def test_what_is_undefined_is_none_with_a_reason_and_never_nan(e, weeks, make):
    contract = Contract(e, shocks=(Shock("ore", weeks - 1, 0.5),), weeks=weeks, settle=0)
    run, twin = (simulate(c, make()) for c in (contract, replace(contract, shocks=())))
    path, calm = assess(run), assess(twin)
    for other in (None, calm):
        found = measure_all(path, other)
        assert set(found) == set(MEASURES)
        for name, value in found.items():
            assert (value.value is None) == bool(value.reason), name
            assert value.value is None or np.isfinite(value.value), name


def test_few_recorded_rows_change_no_measure_and_leave_out_those_of_all_goods(e):
    contract = Contract(e, weeks=60, settle=0)
    whole = simulate(contract, market())
    few = simulate(contract, market(), recording=Recording(rows=2))
    assert len(few.rows) < len(whole.rows)
    expected = measure_all(assess(whole), None)
    for name, value in measure_all(assess(few), None).items():
        if name in ("score", "waste", "cover", "gdp", "price_dispersion", "hhi"):
            assert value.value is None
            assert "raise Recording.rows" in value.reason
        else:
            assert value == expected[name]


def test_every_measure_says_what_it_is():
    for name, measure in MEASURES.items():
        assert explain(name) is measure
        assert measure.name == name
        assert measure.better in ("higher", "lower", "neither")
        for text in (measure.unit, measure.text, measure.source):
            assert text


def test_an_unknown_measure_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"unknown measure 'ginni'. Did you mean 'gini'"):
        explain("ginni")
