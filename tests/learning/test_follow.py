"""Forecasts against what is known of each rule: weights, limits, breaks, missing values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import InputError
from catallax.learning import FORECASTERS, Ewma, HoltWinters, LastValue, forecaster


def follow(rule, heard, noise=0.0, fresh=None):
    """The track after `heard` (periods, k), all with one `noise`."""
    track = rule.start(np.zeros(heard.shape[1]))
    error = np.full(heard.shape[1], noise)
    seen = np.ones_like(heard, dtype=bool) if fresh is None else fresh
    for x, ok in zip(heard, seen, strict=True):
        track = rule.update(track, np.where(ok, x, np.nan_to_num(x)), ok, error)
    return track


def walk(periods, series, step, noise, seed=0):
    rng = np.random.default_rng(seed)
    truth = np.cumsum(step * rng.standard_normal((periods, series)), axis=0)
    return truth, truth + noise * rng.standard_normal((periods, series))


@pytest.mark.parametrize("name", FORECASTERS)
def test_without_noise_a_constant_is_known_at_once(name) -> None:
    rule = forecaster(name)
    track = follow(rule, np.full((3, 4), 0.7))
    assert track.level == pytest.approx(np.full(4, 0.7), abs=1e-12)
    if name != "structural":  # which cannot know after three weeks that there is no season
        assert rule.ahead(track, 5.0) == pytest.approx(np.full(4, 0.7), abs=1e-12)


def test_without_noise_smoothing_is_the_last_value() -> None:
    _, heard = walk(60, 5, 0.1, 0.0)
    assert np.array_equal(follow(Ewma(), heard).level, heard[-1])
    assert np.array_equal(follow(LastValue(), heard).level, heard[-1])


def test_a_constant_heard_with_noise_is_averaged() -> None:
    """The mean of 200 values errs by a fourteenth of one's error; what is claimed is no less."""
    _, heard = walk(200, 400, 0.0, 0.05)
    track = follow(Ewma(), heard, 0.05)
    error = np.sqrt((track.level**2).mean())
    assert error < 2.5 * 0.05 / np.sqrt(200)
    assert error < np.sqrt(track.error.mean()) < 0.25 * 0.05


@pytest.mark.parametrize("step", [0.01, 0.05])
def test_smoothing_finds_nearly_the_best_weight(step) -> None:
    """No fixed weight on a grid is more than 5 % better than the one that it finds itself."""
    truth, heard = walk(300, 300, step, 0.05)

    def error(rule):
        track, total = rule.start(np.zeros(300)), 0.0
        for x, y in zip(heard, truth, strict=True):
            track = rule.update(track, x, np.ones(300, dtype=bool), np.full(300, 0.05))
            total += ((track.level - y) ** 2).mean()
        return total

    best = min(error(Ewma(w)) for w in np.linspace(0.05, 1.0, 20))
    assert error(Ewma()) < 1.05 * best


@pytest.mark.parametrize("step", [0.01, 0.03])
def test_the_walk_behind_noisy_reports_is_measured(step) -> None:
    _, heard = walk(400, 500, step, 0.05)
    assert np.sqrt(follow(Ewma(), heard, 0.05).walk) == pytest.approx(step, rel=0.05)


def test_a_break_is_believed_at_once_and_then_averaged_anew() -> None:
    _, heard = walk(80, 50, 0.0, 0.05)
    heard[60:, 0] -= 0.7
    track = follow(Ewma(), heard[:61], 0.05)
    assert track.level[0] == heard[60, 0]
    assert track.count[0] == 1
    later = follow(Ewma(), heard, 0.05)
    assert later.level[0] == pytest.approx(-0.7, abs=0.05)
    assert later.count[1] == 80


def test_what_is_not_fresh_changes_nothing() -> None:
    for rule in (Ewma(), LastValue()):
        _, heard = walk(20, 3, 0.1, 0.05)
        fresh = np.ones_like(heard, dtype=bool)
        fresh[10:, 1] = False
        heard[10:, 1] = 99.0
        part, short = follow(rule, heard, 0.05, fresh), follow(rule, heard[:10], 0.05)
        assert part.level[1] == short.level[1]
        assert part.count.tolist() == [20, 10, 20]


def test_holt_winters_goes_on_with_a_trend() -> None:
    rule = HoltWinters(level=0.5, slope=0.3, season=0.0)
    track = follow(rule, np.arange(1.0, 200.0)[:, None] * [0.01, -0.02])
    ahead = rule.ahead(track, 10.0)
    assert ahead == pytest.approx([2.09, -4.18], abs=1e-3)


def test_holt_winters_learns_a_season() -> None:
    """After six years of a pure season its forecast misses by a tenth of what the mean does."""
    t = np.arange(52 * 6)
    wave = np.sin(2 * np.pi * (t[:, None] + [0, 13, 30]) / 52)
    rule = HoltWinters(level=0.05, slope=0.0, season=0.5)
    track = follow(rule, wave)
    for h in (1, 13, 40):
        ahead = rule.ahead(track, float(h))
        expected = np.sin(2 * np.pi * (t[-1] + h + np.array([0, 13, 30])) / 52)
        assert ahead == pytest.approx(expected, abs=0.1)


@given(st.integers(0, 10_000), st.sampled_from(sorted(FORECASTERS)))
def test_levels_stay_within_what_was_heard(seed, name) -> None:
    if name == "holt_winters":
        return
    rng = np.random.default_rng(seed)
    heard = rng.normal(size=(12, 3))
    track = follow(forecaster(name), heard, 0.1)
    assert np.all(track.level <= heard.max(axis=0) + 1e-12)
    assert np.all(track.level >= heard.min(axis=0) - 1e-12)


def test_wrong_names_and_weights_are_refused() -> None:
    with pytest.raises(InputError, match=r"unknown forecast 'ewna'\. Did you mean 'ewma'"):
        forecaster("ewna")
    with pytest.raises(InputError, match="ewma:smoothing: 2 is out of range, expected 1e-06 to 1"):
        Ewma(2)
    with pytest.raises(InputError, match="holt_winters:slope: -1 is out of range"):
        HoltWinters(slope=-1)
    with pytest.raises(InputError, match="holt_winters:period: 0 is out of range, expected 1"):
        HoltWinters(period=0)
