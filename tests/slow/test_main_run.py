"""The main run with its defaults. Minutes."""

import numpy as np
import pytest

from catallax import Comparison, compare, tin, us71
from catallax.domains.production.experiments import experiment
from scripts.make_results import read_record

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def main_run() -> Comparison:
    return compare("tin", tin(us71()), experiment("tin").mechanisms, range(8))


def test_the_record_of_the_first_table_is_what_the_code_gives(main_run: Comparison) -> None:
    record = read_record("headline")
    assert record is not None
    (section,) = record["sections"].values()
    assert section["contract"] == main_run.contract.hash
    for name in main_run.outcomes:
        found = [o.measures["score"].value for o in main_run.outcomes[name]]
        assert found == pytest.approx(section["values"][name]["score"], rel=1e-6), name


@pytest.mark.parametrize("name", ["market", "ai_planner"])
def test_the_shock_can_be_told_from_chance(main_run: Comparison, name: str) -> None:
    assert main_run.detectable(name, "response")


@pytest.mark.parametrize("name", ["market", "ai_planner"])
def test_users_cut_as_the_optimum_would_have_them(main_run: Comparison, name: str) -> None:
    """Over plants, a mechanism's cuts against the oracle's: on the line, to a few points."""
    cuts = {
        who: np.mean([o.trace.vectors["cut"] for o in outcomes], axis=0)
        for who, outcomes in main_run.outcomes.items()
    }
    best = cuts["static_optimum"]
    assert np.median(np.abs(cuts[name] - best)) < 0.02
    assert np.corrcoef(cuts[name], best)[0, 1] > 0.99


def test_habit_cuts_blindly(main_run: Comparison) -> None:
    found = main_run.summary("habit", "cut_match").mean
    assert found is not None
    assert found < 0.8


def test_the_market_finds_the_price_within_a_year(main_run: Comparison) -> None:
    lags = [o.measures["price_lag"].value for o in main_run.outcomes["market"]]
    assert all(lag is not None and lag <= 52 for lag in lags)
