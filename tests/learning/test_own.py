"""What a row learns of its own series: the best weight of a noisy value, and how buyers answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax.learning.own import Level, Noise, Response, columns, remembered


def followed(step, noise, weeks=2000, k=50, seed=0):
    """The weight that a row learns from its k links together, and its last errors."""
    r = np.random.default_rng(seed)
    truth = np.cumsum(step * r.standard_normal((weeks, k)), axis=0)
    heard = truth + noise * r.standard_normal((weeks, k))
    level, about = Level.of(heard[0]), Noise.of(0.05, 1)
    for t, x in enumerate(heard[1:]):
        last, level = level, level.moved(x, about.gain)
        square, lagged = level.change**2, level.change * last.change
        about = about.seen(square.mean(), lagged.mean(), 1 / (t + 20))
    return about.gain[0], level.level - truth[-1]


@pytest.mark.parametrize(("step", "noise"), [(0.01, 0.05), (0.05, 0.05), (0.05, 0.01)])
def test_the_weight_it_learns_is_the_best_for_a_noisy_walk(step, noise) -> None:
    ratio = (step / noise) ** 2
    best = (np.sqrt(ratio**2 + 4 * ratio) - ratio) / 2
    gain, _ = followed(step, noise)
    assert gain == pytest.approx(best, rel=0.2)


def test_a_series_heard_without_noise_is_believed() -> None:
    gain, off = followed(0.02, 0.0)
    assert gain > 0.8
    assert np.abs(off).max() < 0.02


@given(st.floats(0.0, 1.0), st.floats(-0.5, 0.5))
def test_weights_stay_within_their_bounds(square, lagged) -> None:
    gain = Noise(np.array([square]), np.array([lagged])).gain
    assert 0.05 <= gain[0] <= 1.0


def test_a_seller_learns_how_steeply_its_buyers_answer() -> None:
    r, steep, noise = np.random.default_rng(1), 0.3, 0.02
    answer = Response.none(1)
    for _ in range(400):
        moved = answer.moved.copy()
        change = -steep * moved + noise * r.standard_normal(1)
        answer = answer.seen(change, 0.0).posted(0.05 * r.standard_normal(1), 1.0)
    assert answer.elasticity(np.array([noise**2]), 1.0, 0.5)[0] == pytest.approx(steep, abs=0.05)


def test_while_prices_hardly_moved_the_prior_stands() -> None:
    answer = Response.none(1).posted(np.array([1e-6]), 1.0).seen(np.array([1.0]), 0.0)
    assert answer.elasticity(np.array([0.01]), 1.0, 0.5)[0] == pytest.approx(1.0, rel=1e-3)


def test_without_doubt_nothing_is_learned() -> None:
    answer = Response.none(1).posted(np.array([1.0]), 1.0).seen(np.array([-0.1]), 0.0)
    assert answer.elasticity(np.array([0.01]), 1.0, 0.0)[0] == pytest.approx(1.0)


def test_what_is_remembered_is_what_was_kept() -> None:
    kept = Noise(np.array([1.0]), np.array([2.0]))
    again = remembered(Noise, "orders", columns("orders", kept))
    assert (again.square[0], again.lagged[0]) == (1.0, 2.0)
