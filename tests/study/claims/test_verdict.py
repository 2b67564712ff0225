"""The rules of verdicts on samples made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.study.claims import Part, Sample, figures_disagree, judge_part, registry
from catallax.study.claims.verdict import find_crossing, interval

RULES = registry().rules
PART = Part("a less b", "difference", 1, measure="score", first="market", second="ai_planner")
LIMIT = Part(
    "a less b", "difference", tolerance=0.01, measure="score", first="market", second="ai_planner"
)
OFF = (-0.001, 0.0, 0.001, 0.0)


def sample(mean, weight, lost=(), off=OFF, **point):
    return Sample(point, weight, {k: mean + x for k, x in enumerate(off)}, lost)


@pytest.mark.parametrize(
    ("sure", "verdict"),
    [(0.9, "supported"), (0.89, "depends"), (0.11, "depends"), (0.1, "contradicted")],
)
def test_a_direction_needs_nine_tenths_of_the_map(sure, verdict):
    found = judge_part(PART, [sample(1.0, sure, x=0), sample(-1.0, 1 - sure, x=1)], RULES)
    assert found.verdict == verdict
    assert (found.supports, found.against) == (pytest.approx(sure), pytest.approx(1 - sure))
    assert found.estimate == pytest.approx(2 * sure - 1)


def test_the_claim_may_say_below_0():
    below = Part("a", "level", -1, measure="score", first="market")
    assert judge_part(below, [sample(-1.0, 1.0)], RULES).verdict == "supported"
    assert judge_part(below, [sample(1.0, 1.0)], RULES).verdict == "contradicted"


def test_a_place_whose_interval_holds_0_is_undecided():
    found = judge_part(PART, [sample(0.0005, 0.2, x=0), sample(1.0, 0.8, x=1)], RULES)
    assert [s.holds for s in found.spots] == [0, 1]
    assert found.verdict == "depends"
    assert found.border == ("none within the map, of which 20 % is undecided",)


def test_a_place_with_a_missing_seed_is_undecided_and_says_why():
    found = judge_part(PART, [sample(1.0, 1.0, lost=("seed 4: it came down",))], RULES)
    assert found.verdict == "depends"
    assert found.spots[0].lost == ("seed 4: it came down",)


def test_one_seed_is_never_sure():
    found = judge_part(PART, [sample(1.0, 1.0, off=(0.0,))], RULES)
    assert (found.verdict, found.ci) == ("depends", None)


def test_without_any_number_it_is_not_testable_and_says_why():
    found = judge_part(PART, [Sample({}, 1.0, {}, ("seed 0: stopped",))], RULES)
    assert (found.verdict, found.estimate, found.reason) == (
        "not testable here", None, "seed 0: stopped",
    )  # fmt: skip


def test_the_border_is_where_the_mean_changes_its_sign():
    points = [(0.1, 0.2), (0.2, 0.1), (0.3, -0.1), (0.4, -0.4)]
    found = judge_part(
        PART, [sample(m, 0.125, tacit=x, delay=d) for x, m in points for d in (0, 1)], RULES
    )
    assert found.border == ("over tacit the mean changes from above 0 to below 0 at 0.25",)


def test_the_border_weighs_the_other_axes_by_the_prior():
    """At x = 1 the mean is 0.75 * 2 - 0.25 * 2 = 1, at x = 2 it is 0.75 * -4 + 0.25 * 0 = -3."""
    values = {(1, 0): 2.0, (1, 1): -2.0, (2, 0): -4.0, (2, 1): 0.0}
    weight = {0: 0.375, 1: 0.125}
    made = [sample(m, weight[y], tacit=x, delay=y) for (x, y), m in values.items()]
    assert (
        "over tacit the mean changes from above 0 to below 0 at 1.25"
        in judge_part(PART, made, RULES).border
    )


def test_a_border_over_an_axis_in_logs_is_found_in_logs():
    assert find_crossing((1.0, 1.0), (100.0, -1.0), in_logs=True) == pytest.approx(10.0)
    assert find_crossing((1.0, 1.0), (100.0, -1.0), in_logs=False) == pytest.approx(50.5)
    made = [sample(m, 0.5, interval=x) for x, m in ((1.0, 1.0), (100.0, -1.0))]
    for logs, at in ((("interval",), "10"), (("reprice",), "50.5")):
        (said,) = judge_part(PART, made, RULES, in_logs=logs).border
        assert said == f"over interval the mean changes from above 0 to below 0 at {at}"


def test_contracts_are_told_by_name():
    made = [sample(1.0, 0.5, contract="tin"), sample(-1.0, 0.5, contract="oil")]
    assert judge_part(PART, made, RULES).border == ("above 0 on average in tin, below in oil",)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.099, "contradicted"), (0.1, "supported"), (0.5, "supported"), (0.9, "supported"),
     (0.901, "contradicted")],
)  # fmt: skip
def test_a_figure_must_lie_in_the_central_four_fifths(value, verdict):
    made = [Sample({}, 1.0, {k: k / 1000 for k in range(1, 1001)})]
    found = judge_part(PART, made, RULES, value)
    assert found.central == (pytest.approx(0.1), pytest.approx(0.9))
    assert found.verdict == verdict


def test_the_distribution_weighs_places_by_the_prior_whatever_their_seeds():
    made = [
        Sample({"x": 0}, 0.85, {0: 0.0, 1: 0.0}),
        Sample({"x": 1}, 0.15, dict.fromkeys(range(50), 1.0)),
    ]
    assert judge_part(PART, made, RULES).central == (0.0, 1.0)
    made = [Sample({"x": 0}, 0.95, {0: 0.0}), Sample({"x": 1}, 0.05, dict.fromkeys(range(50), 1.0))]
    assert judge_part(PART, made, RULES).central == (0.0, 0.0)


@pytest.mark.parametrize(
    ("mean", "verdict"), [(0.0, "supported"), (0.01, "depends"), (0.02, "contradicted")]
)
def test_a_limit_holds_within_its_tolerance(mean, verdict):
    assert judge_part(LIMIT, [sample(mean, 1.0)], RULES).verdict == verdict
    assert judge_part(LIMIT, [sample(-mean, 1.0)], RULES).verdict == verdict


def test_the_interval_is_students():
    """Five numbers 1 to 5: 3 +- 2.776 * sqrt(2.5 / 5), t of 4 degrees of freedom from tables."""
    low, high = interval(np.arange(1.0, 6.0), 0.95)
    assert (low, high) == (pytest.approx(3 - 1.963, abs=1e-3), pytest.approx(3 + 1.963, abs=1e-3))


def test_the_estimate_is_the_priors_mean_and_its_interval_is_over_seeds():
    """Seeds move both places alike: the places' own difference is no uncertainty of the mean."""
    made = [sample(1.0, 0.75, x=0), sample(5.0, 0.25, x=1)]
    found = judge_part(PART, made, RULES)
    assert found.estimate == pytest.approx(2.0)
    assert found.ci == pytest.approx(interval(2.0 + np.array(OFF), 0.95))


@pytest.mark.parametrize(
    ("figures", "apart"),
    [
        (((182.5, 182.5), (3.0, 3.0)), True),
        (((0.42, 0.42), (0.2, 0.2)), True),
        (((0.3, 0.3), (2.0, 3.0)), True),
        (((2.5, 2.5), (2.0, 3.0)), False),
        (((1.0, 1.0), (1.1, 1.1)), False),
    ],
)
def test_figures_disagree_where_no_number_is_near_all(figures, apart):
    assert figures_disagree(figures) is apart
    assert figures_disagree(figures[::-1]) is apart


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 1)), min_size=1, max_size=6),
    st.sampled_from([1, -1]),
)
def test_turning_all_signs_turns_the_verdict(made, sign):
    whole = sum(w for _, w in made)
    part = Part("a", "level", sign, measure="score", first="market")
    one = judge_part(part, [sample(m, w / whole, x=k) for k, (m, w) in enumerate(made)], RULES)
    two = judge_part(part, [sample(-m, w / whole, x=k) for k, (m, w) in enumerate(made)], RULES)
    turned = {"supported": "contradicted", "contradicted": "supported", "depends": "depends"}
    assert two.verdict == turned[one.verdict]
    assert one.supports == pytest.approx(two.against)
