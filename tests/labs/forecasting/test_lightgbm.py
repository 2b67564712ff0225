"""LightGBM as one global model."""

import sys

import numpy as np
import pytest

from catallax.errors import InputError, MissingExtra
from catallax.labs.forecasting import LEVELS, Last, forecast, roll_forecasts
from catallax.labs.forecasting.lightgbm import LightGbm


def panel(seed: int = 0) -> np.ndarray:
    """Rows that return to their level: half of what is off is gone a period later."""
    r = np.random.default_rng(seed)
    off = np.zeros((40, 60))
    for t in range(1, 60):
        off[:, t] = 0.5 * off[:, t - 1] + r.normal(size=40)
    return (off + 20.0) * r.lognormal(size=(40, 1))


def quick(**settings) -> LightGbm:
    return LightGbm(52, rounds=60, **settings)


def test_it_learns_across_rows_what_no_row_shows_alone() -> None:
    pytest.importorskip("lightgbm")
    series, size = panel(), np.abs(np.diff(panel(), axis=1)).mean(axis=1)
    found = {}
    for rule in (quick(), Last()):
        points = forecast(series[:, :56], 4, rule).point
        found[rule.name] = (np.abs(points - series[:, 56:]) / size[:, None]).mean()
    assert found["lightgbm"] < 0.9 * found["last"]


def test_it_has_the_same_bits_each_time_and_never_sees_what_comes() -> None:
    pytest.importorskip("lightgbm")
    series, at = panel(), [50, 52]
    before = roll_forecasts(series, quick(), 4, at, LEVELS)
    series[:, 50:] += 9.0
    after = roll_forecasts(series, quick(), 4, at, LEVELS)
    assert before[0].tobytes() == after[0].tobytes()
    assert not np.array_equal(before[1], after[1])
    assert np.all(np.diff(before, axis=3) >= 0)


def test_intervals_cover_what_they_claim_even_if_trees_learn_their_rows_by_heart() -> None:
    """They are of errors on what the trees have not seen; those on what they have are a third."""
    pytest.importorskip("lightgbm")
    series = np.concatenate([panel(seed) for seed in range(3)])
    found = forecast(series[:, :56], 4, LightGbm(52, rounds=100, leaves=127, rate=0.3))
    came = series[:, 56:]
    inside = (came >= found.at(0.1)) & (came <= found.at(0.9))
    assert inside.mean() == pytest.approx(0.8, abs=0.05)


def test_units_do_not_matter_to_the_bit() -> None:
    pytest.importorskip("lightgbm")
    one = forecast(panel(), 3, quick()).values
    other = forecast(8.0 * panel(), 3, quick()).values
    assert np.array_equal(other, 8.0 * one)


def test_gaps_constants_and_the_shortest_history_are_borne() -> None:
    pytest.importorskip("lightgbm")
    series = panel()
    series[3, ::9] = np.nan
    series[4] = 5.0
    found = forecast(series, 4, quick())
    assert np.isfinite(found.values).all()
    assert found.values[4] == pytest.approx(np.full((4, len(LEVELS)), 5.0), abs=3.0)
    least = quick().least(4)
    assert np.isfinite(forecast(series[5:, :least], 4, quick()).values).all()


def test_wrong_settings_are_refused_and_the_extra_is_named(monkeypatch) -> None:
    with pytest.raises(InputError, match="lightgbm: lags is 0, expected at least 1"):
        LightGbm(52, lags=0)
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[forecast\]"'):
        forecast(panel(), 4, quick())
