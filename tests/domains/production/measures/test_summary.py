"""Measures over seeds: mean, interval, or why there is none."""

import numpy as np
import pytest

from catallax.protocol import Measured
from catallax.study.statistics import Summary, summarise


def test_the_interval_is_students_t():
    """Mean 3, s.d. sqrt(2.5) of 5 values, t(4, 0.975) = 2.776445: half 1.96324."""
    found = summarise([Measured(float(v)) for v in (1, 2, 3, 4, 5)], "weeks")
    half = 2.776445105198 * np.sqrt(2.5 / 5)
    assert found.mean == 3.0
    assert found.ci95 == pytest.approx((3 - half, 3 + half), rel=1e-11)
    assert (found.unit, found.reason) == ("weeks", "")
    assert found.to_dict() == {"mean": 3.0, "ci95": list(found.ci95), "unit": "weeks"}


def test_two_seeds_have_a_wide_interval():
    """t(1, 0.975) = tan(0.475 pi) = 12.7062; s.d. sqrt(2), over sqrt(2) seeds."""
    found = summarise([Measured(1.0), Measured(3.0)], "")
    half = np.tan(0.475 * np.pi)  # scipy 1.13 has the quantile to 2e-11
    assert found.ci95 == pytest.approx((2 - half, 2 + half), rel=1e-10)


def test_equal_values_have_an_interval_of_no_width():
    assert summarise([Measured(0.5)] * 3, "").ci95 == (0.5, 0.5)


def test_one_seed_has_a_mean_and_no_interval():
    found = summarise([Measured(0.5)], "share")
    assert found == Summary(0.5, None, "share", "one seed has no interval")
    assert found.to_dict()["ci95"] is None


def test_a_missing_value_leaves_no_mean_and_its_reason():
    values = [Measured(1.0), Measured(None, "censored"), Measured(None, "other"), Measured(2.0)]
    found = summarise(values, "weeks")
    assert found == Summary(None, None, "weeks", "censored (2 of 4 seeds)")
    assert found.to_dict() == {
        "mean": None,
        "ci95": None,
        "unit": "weeks",
        "reason": "censored (2 of 4 seeds)",
    }
