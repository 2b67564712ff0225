"""Weeks until a price tells that something is scarce, on paths made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from catallax import Contract, Shock, assess, habit, market, simulate, us15
from catallax.domains.production.measures import MEASURES
from catallax.domains.production.measures.price_discovery import find_price_ratio

SCARCE = Shock("deposit 21", 20, 0.5)


@pytest.fixture(scope="module")
def halved():
    return assess(simulate(Contract(us15(), shocks=SCARCE, weeks=60, settle=0), market(), 1))


def lag_of(run):
    found = MEASURES["price_lag"].function(run, None)
    return found.reason if found.value is None else found.value


def priced(run, ratio):
    """The run with a scarce thing's price that stands so over the optimum's from its shock on."""
    series = {k: np.array(v) for k, v in run.run.series.items()}
    row = list(run.run.rows).index(run.run.contract.economy.network.row(SCARCE.resource))
    series["price"][:, row] *= np.concatenate([np.ones(20), ratio]) / find_price_ratio(
        run, SCARCE.resource
    )
    return replace(run, run=replace(run.run, series=series))


def test_the_first_week_near_the_optimum_counts(halved):
    path = np.full(40, 0.5)
    path[13:] = 0.91
    assert lag_of(priced(halved, path)) == 13
    path[9] = 1.09
    assert lag_of(priced(halved, path)) == 9
    assert lag_of(priced(halved, np.ones(40))) == 0


def test_a_price_that_never_comes_near_has_no_lag(halved):
    assert lag_of(priced(halved, np.full(40, 0.89))) == "it was never within 10% of the optimum's"


def test_a_market_finds_the_price_of_what_is_scarce(halved):
    ratio = find_price_ratio(halved, SCARCE.resource)
    assert ratio[20] < 0.7 * ratio[16]  # the optimum's price leaps at once
    assert ratio[-1] > 1.3 * ratio[20]


def test_there_is_no_lag_without_a_shock_or_without_prices(halved):
    calm = simulate(Contract(us15(), weeks=4, settle=0), market())
    assert lag_of(assess(calm)) == "nothing becomes scarce: there is no shock"
    silent = simulate(replace(halved.run.contract, weeks=30), habit())
    assert lag_of(assess(silent)) == "no prices are posted"
