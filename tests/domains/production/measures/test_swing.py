"""The measure of swings: what it sees of a path, and when it says nothing."""

from types import SimpleNamespace

import numpy as np
import pytest

from catallax.domains.production.measures.dynamics import measure_swing, measure_trend

INCOME = np.array([3.0, 1.0])


def of(utility, measure=measure_swing):
    contract = SimpleNamespace(economy=SimpleNamespace(income=INCOME))
    run = SimpleNamespace(series={"utility": utility}, contract=contract)
    return measure(SimpleNamespace(run=run), None)


def path(log):
    return np.exp(np.stack([log, log], axis=1))


def test_steady_growth_is_no_swing_and_a_wave_has_its_own_height():
    weeks = np.arange(104.0)
    assert of(path(0.01 * weeks)).value == pytest.approx(0.0, abs=1e-12)
    wave = 0.1 * np.cos(np.pi * weeks)  # up and down every week
    assert of(path(0.01 * weeks + wave)).value == pytest.approx(0.1, rel=0.05)
    assert of(path(np.where(weeks < 52, wave, 0.0))).value == pytest.approx(0.0, abs=1e-12)


def test_it_is_the_standard_error_of_a_line_through_52_weeks():
    """Against NumPy's least squares; a line takes 2 of 52 degrees of freedom."""
    log = np.random.default_rng(1).normal(0.0, 0.1, 104).cumsum()
    _, squares, *_ = np.polyfit(np.arange(52.0), log[-52:], 1, full=True)
    assert of(path(log)).value == pytest.approx(np.sqrt(squares[0] / 50), rel=1e-12)


def test_users_weigh_by_their_incomes():
    weeks = np.arange(52.0)
    utility = np.exp(np.stack([0.0 * weeks, 0.1 * np.cos(np.pi * weeks)], axis=1))
    assert of(utility).value == pytest.approx(0.1 / 4, rel=0.05)


def test_it_says_why_there_is_none():
    assert of(np.ones((51, 2))).reason == "the run has fewer than 52 weeks"
    assert of(np.zeros((60, 2))).reason == "a final user had nothing in some week"
    assert of(np.ones((51, 2)), measure_trend).reason == "the run has fewer than 52 weeks"


def test_the_trend_is_that_of_the_last_year_alone():
    weeks = np.arange(104.0)
    falls = np.where(weeks < 52, 0.0, -0.002 * (weeks - 52))
    assert of(path(falls), measure_trend).value == pytest.approx(-0.002 * 52)
    assert of(path(0.1 * np.cos(np.pi * weeks)), measure_trend).value == pytest.approx(
        0.0, abs=0.02
    )
