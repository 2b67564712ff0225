"""Every published number is reproduced, and no row passes when the laboratory is wrong.

Each row was seen to fail on a package in which one line was broken; `BROKEN` says which.
"""

import math

import pytest

from catallax.labs.validation import ROWS
from catallax.protocol import ValidationResult, validate

BY_ID = {row.id: row for row in ROWS}

# Row -> the line, what was put in its place, and what the row then said. Where a kernel does the
# same work as the plain version that is named, CATALLAX_PLAIN=1 was set.
BROKEN = {
    "leontief": "linear_programming/recipes.py, make_recipes: per = .../(t.z * 1.00001); 0.99997",
    "duality": "linear_programming/leontief.py, _make_plan: worth=1.0001 * f.price[n:]; 1.00008",
    "muth": "learning/smoothing.py, weigh_newest: 0.9 * weight; 0.431",
}


def muth(q: float) -> float:
    return (math.sqrt(q * q + 4 * q) - q) / 2


# What is claimed, by its formula, to the digits with which it is declared; and how far off ours
# may be: neither moves unless it is meant to.
CLAIMED = {
    "leontief": (1.0, 1e-9),
    "duality": (1.0, 1e-9),
    "muth": (round(muth(0.25), 5), 0.05 * 0.39039),
}


@pytest.fixture(scope="module")
def results() -> dict[str, ValidationResult]:
    """All rows, worked out once."""
    return {result.row.id: result for result in validate(ROWS)}


@pytest.mark.parametrize("name", BY_ID)
def test_the_published_number_is_reproduced(results, name):
    result = results[name]
    assert result.passed, result.reason
    assert result.ours is not None
    assert abs(result.ours - result.row.claimed) <= result.row.allowed


@pytest.mark.parametrize("name", BY_ID)
def test_targets_and_tolerances_are_those_that_were_declared(name):
    claimed, allowed = CLAIMED[name]
    row = BY_ID[name]
    assert row.claimed == pytest.approx(claimed, rel=1e-12, abs=0)
    assert row.allowed == pytest.approx(allowed, rel=1e-12)
    assert row.domain == "production"
    assert not row.held_out


def test_every_row_has_a_target_and_was_broken_once():
    assert list(CLAIMED) == list(BY_ID)
    assert list(BROKEN) == list(BY_ID)
