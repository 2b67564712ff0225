"""The share of the way from null to optimum: by hand, its interval, and where there is none."""

import json

import numpy as np
import pytest

from catallax import compare, tin, us15
from catallax.protocol import Measured, domains
from catallax.study.statistics import estimate_ratio
from catallax.study.way import find_share_of_way
from tests.show.toy import toy


def test_the_share_is_that_of_means_paired_on_seeds():
    found = find_share_of_way([0.95, 0.97, 0.96], [0.90, 0.94, 0.92], [1.0, 1.0, 1.0])
    assert found.mean == pytest.approx((0.05 + 0.03 + 0.04) / (0.10 + 0.06 + 0.08), rel=1e-12)


def test_null_is_0_and_the_optimum_1_without_doubt():
    null, best = [0.90, 0.92, 0.91], [0.99, 1.0, 1.01]
    assert find_share_of_way(null, null, best).ci95 == pytest.approx((0, 0), abs=1e-9)
    assert find_share_of_way(best, null, best).ci95 == pytest.approx((1, 1), abs=1e-9)


def test_fewer_is_as_good_where_less_is_better():
    found = find_share_of_way([2.0, 2.1, 2.2], [4.0, 4.1, 4.2], [0.0, 0.1, 0.2], "lower")
    assert found.mean == pytest.approx(0.5, rel=1e-12)
    wrong = find_share_of_way([2.0, 2.1, 2.2], [4.0, 4.1, 4.2], [0.0, 0.1, 0.2], "higher")
    assert (wrong.mean, wrong.reason) == (None, "the null is ahead of the optimum")


@pytest.mark.parametrize(
    ("optimum", "reason"),
    [
        ([0.8, 0.7, 0.9], "null and optimum do not differ"),
        ([0.8, 0.8, 0.9], "null and optimum differ by less than 3 seeds can tell"),
    ],
)
def test_there_is_none_where_the_ends_do_not_differ(optimum, reason):
    found = find_share_of_way([0.85, 0.8, 0.75], [0.9, 0.8, 0.7], optimum)
    assert (found.mean, found.ci95, found.reason) == (None, None, reason)


def test_one_seed_has_a_share_and_no_interval():
    found = find_share_of_way([0.95], [0.9], [1.0])
    assert found.mean == pytest.approx(0.5)
    assert (found.ci95, found.reason) == (None, "one seed has no interval")


def test_the_interval_holds_exactly_those_ratios_that_students_test_does_not_refuse():
    r = np.random.default_rng(5)
    below = 1.0 + 0.3 * r.normal(size=6)
    above = 0.7 * below + 0.1 * r.normal(size=6)
    found = estimate_ratio(above, below)
    assert found is not None
    for end in found:
        x = above - end * below
        t = abs(x.mean()) / (x.std(ddof=1) / np.sqrt(6))
        assert t == pytest.approx(2.570581835636314, rel=1e-9)  # 5 degrees of freedom, 97.5 %


def test_the_interval_holds_the_true_ratio_as_often_as_it_says():
    """2000 draws of five pairs: 95 % within three standard errors."""
    r, hits = np.random.default_rng(7), 0
    for _ in range(2000):
        below = 1.0 + 0.2 * r.normal(size=5)
        above = 0.6 * below + 0.2 * r.normal(size=5)
        found = estimate_ratio(above, below)
        hits += found is not None and found[0] <= 0.6 <= found[1]
    assert abs(hits / 2000 - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 2000)


# ---------------------------------------------------------------- of comparisons


@pytest.fixture
def found():
    """`adds:amount=a` has a and the luck of its seed; the null 0 and the oracle 1."""

    def draw(chances, amount, weeks):
        return np.full(weeks, amount + chances.normal())

    return toy("ways", draw, mechanisms=["adds:amount=0.25", "adds", "sees"], null="adds")


def test_a_comparison_gives_the_share_of_each_mechanism(found):
    assert (found.null, found.optimum, found.no_way) == ("adds", "sees", "")
    shares = {m: found.share_of_way(m).mean for m in found.outcomes}
    assert shares == pytest.approx({"adds:amount=0.25": 0.25, "adds": 0.0, "sees": 1.0})
    way = found.to_dict()["way"]
    assert (way["from"], way["to"], way["measure"]) == ("adds", "sees", "mean")
    assert way["mechanisms"]["adds:amount=0.25"]["mean"] == pytest.approx(0.25)
    json.dumps(way, allow_nan=False)


def test_a_mechanism_without_the_measure_has_no_share_and_says_why(found, monkeypatch):
    lost = Measured(None, "it stopped")
    monkeypatch.setattr(type(found.outcomes["adds"][1]), "measures", {"mean": lost})
    assert found.share_of_way("adds:amount=0.25").reason == "it stopped (3 of 3 seeds)"


def test_the_ends_must_have_been_compared():
    contract = tin(us15(), weeks=54)
    found = compare("tin", contract, ["market", "habit"], [0], workers=0)
    assert found.no_way == "not compared: static_optimum"
    assert found.share_of_way("market").reason == "not compared: static_optimum"
    assert found.to_dict()["way"]["to"] is None


def test_every_default_comparison_of_a_domain_with_a_null_names_null_and_oracle():
    for domain in (domains()[name] for name in ("production", "prices_quantities")):
        assert domain.null == "habit"
        for experiment in domain.experiments.values():
            assert domain.null in experiment.mechanisms, experiment.name
            assert set(domain.oracles) & set(experiment.mechanisms), experiment.name
