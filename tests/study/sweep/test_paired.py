"""Differences on the same seeds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from catallax.domains.production.experiments.questions import FREE
from catallax.errors import InputError
from catallax.study.sweep import Base
from catallax.study.sweep.paired import (
    PairedDifference,
    check_graded,
    check_there,
    compare_places,
    values_at,
)
from tests.domains.production.experiments.laws import MadeUp

BASE = Base(FREE, {"economy": "small:0", "weeks": 60}, ("market", "ai_planner"))
SEEDS = (3, 5, 8)


def gathered(law):
    return MadeUp(law)([BASE.at({})], SEEDS)


def test_values_are_paired_on_seeds_and_failures_count_as_nothing():
    rows = gathered(lambda p, m, s: (None if s == 5 else 0.5) if m == "market" else s / 100)
    both = compare_places(rows, ({}, "market"), ({}, "ai_planner"), "score", SEEDS)
    np.testing.assert_allclose(both.values, [0.47, -0.05, 0.42])
    assert both.failed == 1
    assert np.isnan(values_at(rows, ({}, "market"), "score", SEEDS)).tolist() == [
        False,
        True,
        False,
    ]


def test_a_missing_run_is_no_failure():
    rows = gathered(lambda p, m, s: 0.5)
    with pytest.raises(InputError, match=r"market at \{\}: no run on seed 9"):
        values_at(rows, ({}, "market"), "score", (3, 9))


def test_a_question_without_an_answer_is_refused():
    check_there(gathered(lambda p, m, s: None if s == 3 else 1.0), "score")
    with pytest.raises(InputError, match="score: no run has it \\(a final user"):
        check_there(gathered(lambda p, m, s: None), "score")
    with pytest.raises(InputError, match="unknown measure of which more is better 'waste'"):
        check_graded("waste")


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30), st.floats(0.6, 0.999))
def test_intervals_are_students(values, level):
    x = np.array(values)
    p, error = PairedDifference(x), x.std(ddof=1) / np.sqrt(len(x))
    low, high = p.ci95
    assert high - p.mean == pytest.approx(t.ppf(0.975, len(x) - 1) * error, abs=1e-12)
    assert low + high == pytest.approx(2 * p.mean, abs=1e-12)
    assert p.beyond(level) == pytest.approx(p.mean + t.ppf(level, len(x) - 1) * error, abs=1e-9)


def test_one_seed_is_never_sure():
    assert PairedDifference(np.array([0.5])).ci95 is None
    assert PairedDifference(np.array([-0.5])).beyond(0.9) == np.inf
