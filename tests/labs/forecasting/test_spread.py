"""Quantiles around points: the panel's and a row's own."""

import numpy as np
import pytest

from catallax.errors import InputError
from catallax.labs.forecasting import spread_around
from catallax.labs.forecasting.spread import OWN, _find_own_quantiles

LEVELS = (0.1, 0.5, 0.9)


def test_a_row_with_few_errors_has_the_panels_shape_at_its_own_scale() -> None:
    r = np.random.default_rng(0)
    errors = r.normal(size=(500, 1, 60))
    errors[0, 0, 1:] = np.nan
    errors[0, 0, 0] = 8.0
    wide = spread_around(np.zeros((500, 1)), errors, LEVELS)[0, 0]
    pool = np.quantile(errors[1:] / np.abs(errors[1:]).mean(axis=2, keepdims=True), LEVELS)
    own = 1.0 / (1.0 + OWN)
    assert wide == pytest.approx((1 - own) * 8.0 * (pool - pool[1]), rel=0.01)


def test_a_row_of_its_own_kind_is_believed_as_far_as_its_errors_go() -> None:
    """One row errs by -1 or 1 alone, all others normally: between the two, by their number."""
    errors = np.random.default_rng(0).normal(size=(400, 1, 80))
    errors[0, 0] = np.tile([-1.0, 1.0], 40)
    errors[0, 0, :2] = 0.0  # a median of nothing
    found = spread_around(np.zeros((400, 1)), errors, LEVELS)[0, 0]
    scale = np.abs(errors[0, 0]).mean()
    pool = np.quantile(errors / np.abs(errors).mean(axis=2, keepdims=True), LEVELS)
    weight = 80 / (80 + OWN)
    middle = weight * np.array([-1, 0, 1]) + (1 - weight) * scale * pool
    assert found == pytest.approx(middle - middle[1], rel=1e-9)


def test_errors_of_long_steps_count_as_often_as_they_do_not_overlap() -> None:
    errors = np.random.default_rng(0).normal(size=(400, 4, 80))
    errors[0] = np.tile([-1.0, 1.0], 40)
    width = spread_around(np.zeros((400, 4)), errors, LEVELS)[0, :, 2]
    pool = np.quantile(errors / np.abs(errors[:, :1]).mean(axis=2, keepdims=True), 0.9, axis=(0, 2))
    separate = 80 / np.arange(1.0, 5.0)
    weight = separate / (separate + OWN)
    assert width == pytest.approx(weight + (1 - weight) * pool, rel=0.02)


def test_few_errors_of_a_row_cover_one_more_as_often_as_claimed() -> None:
    """Rows that are all alike, 19 errors each: a twentieth error lies as often as it should."""
    errors = np.random.default_rng(0).normal(size=(4000, 1, 20))
    own, count = _find_own_quantiles(errors[:, :, :19], (0.1, 0.5, 0.9))
    inside = (errors[:, 0, 19] >= own[:, 0, 0]) & (errors[:, 0, 19] <= own[:, 0, 2])
    assert inside.mean() == pytest.approx(0.8, abs=0.02)
    assert count.tolist() == [[19.0]] * 4000


def test_errors_are_taken_about_their_median() -> None:
    errors = 5.0 + np.random.default_rng(0).normal(size=(20, 2, 50))
    assert np.array_equal(
        spread_around(np.ones((20, 2)), errors, LEVELS)[:, :, 1], np.ones((20, 2))
    )


def test_a_row_without_errors_is_refused() -> None:
    errors = np.zeros((2, 1, 3))
    errors[1] = np.nan
    with pytest.raises(InputError, match=r"no forecast of row 1 .* too few of its last 3 values"):
        spread_around(np.zeros((2, 1)), errors, LEVELS)
