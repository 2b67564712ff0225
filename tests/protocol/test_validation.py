"""Rows of validation: what passes, what fails, and that no row ends the others."""

from dataclasses import replace

import pytest

from catallax.errors import CatallaxError, InputError, MissingExtra
from catallax.protocol import Reproduced, ValidationRow, validate

ROW = ValidationRow(
    id="half",
    domain="arithmetic",
    claimed=0.5,
    tolerance=0.01,
    unit="of one",
    definition="one over two",
    source="Euclid",
    compute=lambda: Reproduced(0.5),
)


def gives(value: float | None, tolerance: float | None = None, reason: str = "", **changes):
    """The result of the row above where its computation gives this."""
    found = Reproduced(value, tolerance, reason)
    (result,) = validate([replace(ROW, compute=lambda: found, **changes)])
    return result


@pytest.mark.parametrize("ours", [0.4901, 0.5, 0.5099])
def test_within_the_tolerance_a_row_passes(ours):
    result = gives(ours)
    assert result.passed
    assert not result.is_failure
    assert (result.ours, result.tolerance, result.reason) == (ours, 0.01, "")


@pytest.mark.parametrize("ours", [0.4899, 0.5101, -0.5, 1e300])
def test_beyond_it_fails_and_says_by_how_much(ours):
    result = gives(ours)
    assert not result.passed
    assert result.is_failure
    assert result.reason == f"off by {abs(ours - 0.5):.3g}, more than 0.01"


def test_a_relative_tolerance_is_a_share_of_the_size_of_what_is_claimed():
    assert gives(-0.504, claimed=-0.5, relative=True).passed
    assert gives(-0.504, claimed=-0.5, relative=True).tolerance == pytest.approx(0.005)
    assert not gives(-0.506, claimed=-0.5, relative=True).passed


def test_a_simulation_brings_its_own_tolerance():
    assert gives(0.52, 0.03).passed
    assert gives(0.52, 0.03).tolerance == 0.03
    assert not gives(0.505, 0.004).passed
    assert gives(0.52, 0.03, relative=True).tolerance == 0.03


@pytest.mark.parametrize(
    ("value", "tolerance", "reason", "says"),
    [
        (None, None, "the run stopped", "the run stopped"),
        (None, None, "", "no number was found"),
        (float("nan"), None, "", "ours is nan"),
        (float("inf"), None, "", "ours is inf"),
        (0.5, float("nan"), "", "tolerance nan"),
        (0.5, float("inf"), "", "tolerance inf"),
    ],
)
def test_what_is_no_number_fails(value, tolerance, reason, says):
    result = gives(value, tolerance, reason)
    assert result.is_failure
    assert result.ours is None
    assert result.tolerance == 0.01
    assert says in result.reason


@pytest.mark.parametrize(
    "error",
    [InputError("no such plant"), MissingExtra("the bound", "bound"), CatallaxError("no optimum")],
)
def test_a_row_that_raises_fails_alone(error):
    def broken() -> Reproduced:
        raise error

    first, second = validate([replace(ROW, id="broken", compute=broken), ROW])
    assert (first.ours, first.reason) == (None, str(error))
    assert first.is_failure
    assert second.passed


def test_a_fault_of_ours_is_not_taken_for_a_failed_row():
    def broken() -> Reproduced:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        validate([replace(ROW, compute=broken)])


def test_a_held_out_row_fails_in_plain_sight_and_fails_nothing():
    result = gives(0.9, held_out=True)
    assert not result.passed
    assert not result.is_failure
    assert result.to_dict()["held_out"] is True


def test_the_farthest_value_stands_for_all():
    assert Reproduced.farthest([1.0, 0.98, 1.01], 1.0) == Reproduced(0.98)
    assert Reproduced.farthest([0.1, -0.3, 0.2], 0.0) == Reproduced(-0.3)
    assert Reproduced.farthest([], 1.0).value is None
    broken = Reproduced.farthest([1.0, float("nan"), 1.0], 1.0)
    assert broken.value is None
    assert broken.reason == "1 of 3 values are not finite numbers"


def test_progress_is_told_of_every_row():
    told = []
    validate([ROW, replace(ROW, id="other")], progress=lambda *said: told.append(said))
    assert told == [(1, 2, "half"), (2, 2, "other")]


def test_a_result_as_plain_values():
    assert gives(0.6).to_dict() == {
        "id": "half",
        "domain": "arithmetic",
        "claimed": 0.5,
        "tolerance": 0.01,
        "ours": 0.6,
        "passed": False,
        "held_out": False,
        "source": "Euclid",
        "definition": "one over two",
        "unit": "of one",
        "reason": "off by 0.1, more than 0.01",
    }
