"""Ranges, and the settings that are tried in them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import InputError
from catallax.study.tuning import TunedChoice, TunedSpan, candidates, read_declaration
from catallax.study.tuning.tune import list_nearby

DECLARED = read_declaration()
share = st.floats(0, 1, exclude_max=True)


@given(
    share, st.floats(1e-6, 1e3), st.floats(1.01, 1e6), st.sampled_from(["linear", "log", "root"])
)
def test_points_lie_in_the_range(u, low, ratio, scale):
    span = TunedSpan(low, low * ratio, low, "", scale)
    assert low <= span.at(u, float) <= low * ratio


def test_a_range_is_filled_evenly_on_its_scale():
    shares = (np.arange(1000) + 0.5) / 1000
    span = TunedSpan(0.01, 1.0, 0.1, "", "log")
    logs = np.log10([span.at(u, float) for u in shares])
    assert np.mean(logs < -1) == pytest.approx(0.5, abs=0.002)
    roots = np.sqrt([TunedSpan(0.0, 0.36, 0.1, "", "root").at(u, float) for u in shares])
    assert np.allclose(roots, 0.6 * shares, atol=2e-3)
    whole = TunedSpan(1, 4, 1, "")
    _, counts = np.unique([whole.at(u, int) for u in shares], return_counts=True)
    assert counts.tolist() == [250, 250, 250, 250]
    choice = TunedChoice(("a", "b"), "a", "")
    assert [choice.at(u, str) for u in (0, 0.49, 0.5, 0.999)] == ["a", "a", "b", "b"]


def test_the_ends_of_a_range_are_told():
    span = TunedSpan(0.01, 1.0, 0.1, "", "log")
    assert [span.ends(x) for x in (0.01, 0.012, 0.013, 0.1, 0.79, 0.81)] == [
        *(True, True, False),
        *(False, False, True),
    ]
    assert not TunedChoice(("a", "b"), "a", "").ends("a")


@pytest.mark.parametrize(
    ("span", "says"),
    [
        ((1.0, 1.0, 1.0, ""), "is not a linear range"),
        ((2.0, 1.0, 1.5, ""), "is not a linear range"),
        ((0.0, 1.0, 0.5, "", "log"), "above 0 for log"),
        ((0.0, 1.0, 2.0, ""), "start: 2.0 is not between"),
        ((-1.0, 1.0, 0.5, "", "root"), "is not a root range"),
        ((0.0, 1.0, 0.5, "", "cube"), "scale: 'cube' is not one of linear, log, root"),
    ],
)
def test_a_range_that_is_none_is_refused(span, says):
    with pytest.raises(InputError, match=says):
        TunedSpan(*span)


@pytest.mark.parametrize("name", DECLARED.ranges)
def test_the_starting_values_come_first_and_nothing_twice(name):
    tried, ranges = candidates(DECLARED, name), DECLARED.ranges[name]
    assert tried[0] == {key: r.start for key, r in ranges.items()}
    assert all(a != b for k, a in enumerate(tried) for b in tried[:k])
    for settings in tried:
        assert all(
            r.low <= settings[k] <= r.high for k, r in ranges.items() if isinstance(r, TunedSpan)
        )
    assert tried == candidates(DECLARED, name)


@pytest.mark.parametrize("name", DECLARED.ranges)
def test_everybody_gets_the_whole_budget(name):
    """Unless the ranges hold fewer values: then all of them."""
    ranges = DECLARED.ranges[name].values()
    numbers = any(isinstance(r, TunedSpan) for r in ranges)
    values = np.prod([1, *(len(r.choices) for r in ranges if isinstance(r, TunedChoice))])
    anywhere = DECLARED.budget - DECLARED.closer
    tried = candidates(DECLARED, name)
    assert len(tried) == (anywhere if numbers else min(values, anywhere))
    near = list_nearby(DECLARED, name, tried, tried[0])
    assert len(near) == (DECLARED.closer if numbers else 0)
    assert all(settings not in tried for settings in near)


@pytest.mark.parametrize("scale", ["linear", "log", "root"])
def test_a_point_near_another_stays_in_the_range_and_near_it(scale):
    span = TunedSpan(0.01, 1.0, 0.1, "", scale)
    for value in (0.01, 0.02, 0.3, 1.0):
        assert span.at(span.share(value), float) == pytest.approx(value, rel=0.01)
        ends = [span.near(value, u, 0.5, float) for u in (0.0, 1.0)]
        assert 0.01 <= ends[0] <= value <= ends[1] <= 1.0
        assert span.share(ends[1]) - span.share(ends[0]) <= 0.51
    assert TunedChoice(("a", "b"), "a", "").near("b", 0.0, 0.5, str) == "b"


def test_a_smaller_budget_tries_the_first_of_a_larger_one():
    some, most = (replace(DECLARED, budget=b, near=0.0) for b in (5, 40))
    assert candidates(some, "market") == candidates(most, "market")[:5]


def test_another_search_tries_other_settings():
    other = replace(DECLARED, search=DECLARED.search + 1)
    assert candidates(other, "market")[0] == candidates(DECLARED, "market")[0]
    assert candidates(other, "market")[1] != candidates(DECLARED, "market")[1]


def test_few_choices_are_tried_once_each_and_no_settings_once():
    period = TunedChoice((26, 52, 104), 52, "")
    few = replace(DECLARED, ranges={"five_year_plan": {"period": period}, "market": {}})
    tried = candidates(few, "five_year_plan")
    assert tried[0] == {"period": 52}
    assert sorted(c["period"] for c in tried) == [26, 52, 104]
    assert candidates(few, "market") == [{}]
