"""Banks of structural models: what they learn of speed, season and breaks; how sure they are."""

import numpy as np
import pytest

from catallax import InputError
from catallax.learning import Ewma, Structural

NOISE = 0.05


def follow(rule, heard):
    track, fresh = rule.start(np.zeros(heard.shape[1])), np.ones(heard.shape[1], dtype=bool)
    error = np.full(heard.shape[1], NOISE)
    for x in heard:
        track = rule.update(track, x, fresh, error)
    return track


def walk(periods, series, step, seed=0):
    r = np.random.default_rng(seed)
    truth = 0.1 * r.standard_normal(series) + np.cumsum(
        step * r.standard_normal((periods, series)), axis=0
    )
    return truth, truth + NOISE * r.standard_normal((periods, series))


def season(periods, series, height, seed=0):
    r = np.random.default_rng(seed)
    angle = 2 * np.pi * (np.arange(periods)[:, None] / 52 + r.random(series))
    truth = 0.1 * r.standard_normal(series) + height * np.sin(angle)
    return truth, truth + NOISE * r.standard_normal(truth.shape)


@pytest.mark.parametrize(("step", "fastest"), [(0.001, 0), (0.02, 2)])
def test_it_finds_the_speed_at_which_series_move(step, fastest) -> None:
    bank = follow(Structural(), walk(80, 60, step)[1])
    speeds = bank.weight.reshape(2, 3).sum(axis=0)
    assert speeds.argmax() == fastest
    assert bank.weight[3:].sum() < 0.01, "there is no season"


def test_it_finds_a_season_and_looks_ahead_by_it() -> None:
    truth, heard = season(104 + 13, 60, 0.3)
    bank = follow(Structural(), heard[:104])
    assert bank.weight[3:].sum() > 0.99
    off = Structural().ahead(bank, 13.0) - truth[104 + 12]
    naive = truth[103] - truth[104 + 12]
    assert np.sqrt(np.mean(off**2)) < 0.1 * np.sqrt(np.mean(naive**2))


def test_it_forecasts_walks_as_well_as_the_best_weight_does() -> None:
    truth, heard = walk(200, 80, 0.01, seed=3)
    bank, muth = follow(Structural(), heard), follow(Ewma(), heard)
    off, best = (np.sqrt(np.mean((t.level - truth[-1]) ** 2)) for t in (bank, muth))
    assert off < 1.1 * best


def test_its_stated_error_is_its_error() -> None:
    """Kalman's variance, mixed over models, against what was missed: 500 walks of a known law."""
    truth, heard = walk(60, 500, 0.006, seed=4)
    bank = follow(Structural(), heard)
    missed = np.mean((bank.level - truth[-1]) ** 2)
    assert missed == pytest.approx(bank.error[0], rel=0.2)


def test_little_evidence_moves_it_little() -> None:
    """One report with noise as wide as the prior is believed by half (James & Stein 1961)."""
    rule = Structural(walks=(1e-9,), prior=NOISE, season=1e-9)
    bank = follow(rule, np.full((1, 3), 1e-3))
    assert bank.level == pytest.approx(np.full(3, 0.5e-3), rel=1e-6)


def test_a_break_is_believed_at_once() -> None:
    _, heard = walk(60, 20, 0.002)
    heard[-1, 0] += 1.0
    bank = follow(Structural(), heard)
    assert bank.level[0] == pytest.approx(heard[-1, 0], abs=1e-12)
    assert bank.count.tolist() == [1.0, *[60.0] * 19]


def test_what_was_never_heard_is_never_sure() -> None:
    rule = Structural()
    track, fresh = rule.start(np.array([0.3, 0.3])), np.array([True, False])
    track = rule.update(track, np.array([0.5, 9.0]), fresh, np.full(2, NOISE))
    assert track.level[1] == pytest.approx(0.3)
    assert np.isinf(track.error[1])
    assert np.isfinite(track.error[0])
    silent = rule.update(track, np.zeros(2), np.zeros(2, dtype=bool), np.full(2, NOISE))
    assert silent.error[0] > track.error[0]


@pytest.mark.parametrize(
    "settings",
    [
        {"walks": ()},
        {"walks": (0.0,)},
        {"prior": 0.0},
        {"season": -1.0},
        {"period": 1},
        {"memory": 2},
    ],
)
def test_settings_out_of_range_are_refused(settings) -> None:
    with pytest.raises(InputError, match="structural:"):
        Structural(**settings)
