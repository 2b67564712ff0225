"""What charts draw of several seeds: means and their intervals, geometric where prices are."""

import numpy as np
import pytest

from catallax.show.charts import average_paths

WEEKS = np.array([0.0, 4.0])
TWELVE = 12.706204736432095  # Student's t at 0.975 with one degree of freedom, from tables


def test_two_seeds_have_students_interval() -> None:
    """1 and 3: mean 2 with a standard error of 1."""
    found = average_paths(WEEKS, np.array([[1.0, 5.0], [3.0, 5.0]]))
    assert found.mean.tolist() == [2.0, 5.0]
    assert found.low == pytest.approx([2.0 - TWELVE, 5.0], rel=1e-9)
    assert found.high == pytest.approx([2.0 + TWELVE, 5.0], rel=1e-9)


def test_prices_have_it_in_logs() -> None:
    """1/e and e: mean 1 with a standard error of one log."""
    found = average_paths(WEEKS, np.array([[np.exp(-1.0), 2.0], [np.exp(1.0), 2.0]]), logs=True)
    assert found.mean == pytest.approx([1.0, 2.0], rel=1e-12)
    assert found.low == pytest.approx([np.exp(-TWELVE), 2.0], rel=1e-9)
    assert found.high == pytest.approx([np.exp(TWELVE), 2.0], rel=1e-9)


def test_one_seed_has_no_interval() -> None:
    found = average_paths(WEEKS, np.array([[1.0, 2.0]]), logs=True)
    assert found.mean == pytest.approx([1.0, 2.0])
    assert found.low is found.high is None


def test_a_part_is_cut_from_all_that_is_drawn() -> None:
    found = average_paths(WEEKS, np.array([[1.0, 5.0], [3.0, 5.0]])).part(1.0, 9.0)
    assert found.weeks.tolist() == [4.0]
    assert found.values.tolist() == [5.0, 5.0, 5.0]
