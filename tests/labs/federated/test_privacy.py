"""Clipping, noise of the right size and who it is added by; what epsilon is known to be."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from catallax import InputError, MissingExtra
from catallax.labs.federated import (
    FedAvg,
    Linear,
    Local,
    NoiseSource,
    Participation,
    Plain,
    Private,
    SecureSum,
    Training,
    TrainingLine,
    Updates,
    advance,
    find_epsilon,
)
from catallax.labs.federated.privacy import clip_updates, find_sampled_epsilon
from catallax.streams import Streams
from tests.labs.federated.conftest import drawn


@given(st.integers(0, 100), st.floats(0.01, 10))
def test_clipping_keeps_directions_and_shortens_only_the_long(seed, clip):
    change = np.random.default_rng(seed).normal(size=(6, 4))
    change[0] = 0.0
    short = clip_updates(change, clip)
    before, after = (np.sqrt((x**2).sum(axis=1)) for x in (change, short))
    assert after == pytest.approx(np.minimum(before, clip), rel=1e-12)
    assert short == pytest.approx(change * (after / np.maximum(before, 1e-300))[:, None], abs=1e-12)


def moved(private, seed, sizes=(4, 6, 5, 5), line=None):
    """The model after one round, and what of each client was heard."""
    way = Training(FedAvg(), 1, local=Local(0.2), aggregation=private, line=line or TrainingLine())
    done = advance(way, Linear(), drawn(0, sizes), np.zeros(3), Streams(seed), 0)
    return done.model, done.heard


def test_without_noise_it_is_the_mean_of_clipped_updates():
    heard = moved(Plain(), 0)[1]
    expected = clip_updates(heard, 0.3).mean(axis=0)
    assert moved(Private(0.3, 0.0), 0)[0] == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize(
    ("place", "scale"), [(NoiseSource.CENTRE, 1.0), (NoiseSource.CLIENT, np.sqrt(4))]
)
def test_noise_in_the_sum_has_the_size_that_was_asked_for(place, scale):
    """S.d. over 1,000 seeds and 3 numbers, 5 standard errors."""
    calm = moved(Private(0.3, 0.0), 0)[0]
    off = np.array([moved(Private(0.3, 2.0, place), s)[0] - calm for s in range(1000)]) * 4
    assert off.std() == pytest.approx(scale * 2.0 * 0.3, rel=5 / np.sqrt(2 * off.size))
    assert abs(off.mean()) < 5 * off.std() / np.sqrt(off.size)


def test_noise_shared_out_is_enough_if_only_the_fewest_survive():
    """Each of 3 adds a part; least are 2, so that all three's is sqrt(3/2) of what is promised."""
    private = Private(0.3, 2.0, NoiseSource.SHARED, SecureSum(bits=48, fraction=30))
    everybody = Participation().draw(3, 1, Streams(0), 0)
    silent = Updates(
        np.zeros((3, 2000)), np.ones(3), np.ones(3, dtype=bool), everybody, TrainingLine()
    )
    total = 3 * private.combine(silent, Streams(0), 0).update
    assert total.std() == pytest.approx(np.sqrt(3 / 2) * 0.6, rel=5 / np.sqrt(2 * 2000))


def test_a_client_s_own_noise_hides_it_from_the_centre_and_the_centre_s_does_not():
    plain = clip_updates(moved(Plain(), 3)[1], 0.3)
    assert moved(Private(0.3, 2.0), 3)[1] == pytest.approx(plain, abs=1e-14)
    heard = np.array(
        [moved(Private(0.3, 2.0, NoiseSource.CLIENT), s)[1] - plain for s in range(300)]
    )
    assert heard.std() == pytest.approx(0.6, rel=5 / np.sqrt(2 * heard.size))


def test_noise_of_the_line_makes_no_update_longer_than_the_clip():
    heard = moved(Private(0.01, 0.0), 1, line=TrainingLine(noise=0.5))[1]
    assert np.sqrt((heard**2).sum(axis=1)) == pytest.approx(np.full(4, 0.01), rel=1e-12)
    # Far from the clip the noise of the line is what it is without it.
    loose, plain = (
        moved(p, 1, line=TrainingLine(noise=0.5))[1] for p in (Private(50.0, 0.0), Plain())
    )
    assert loose == pytest.approx(plain, rel=1e-12)
    assert np.abs(loose - moved(Plain(), 1)[1]).max() > 0.01


def by_integral(eps, mu):
    """Delta by its definition: mass by which one Gaussian exceeds e^eps times the other."""
    edge = mu / 2 + eps / mu
    found, _ = quad(lambda x: norm.pdf(x - mu) - np.exp(eps) * norm.pdf(x), edge, edge + 40)
    return found


@pytest.mark.parametrize(
    ("multiplier", "rounds"), [(1.0, 1), (4.0, 20), (0.7, 3), (10.0, 1), (30.0, 100)]
)
def test_epsilon_is_where_the_definition_gives_delta(multiplier, rounds):
    eps = find_epsilon(multiplier, rounds, 1e-5)
    assert by_integral(eps, np.sqrt(rounds) / multiplier) == pytest.approx(1e-5, rel=1e-4)


def test_epsilon_is_below_renyi_s_bound_and_near_it():
    """Mironov (2017): T/(2 s^2) + sqrt(2 T log(1/delta))/s."""
    for s, rounds in ((1.0, 1), (4.0, 20), (2.0, 100)):
        bound = rounds / (2 * s * s) + np.sqrt(2 * rounds * np.log(1e5)) / s
        assert 0.8 * bound < find_epsilon(s, rounds, 1e-5) < bound


@given(st.floats(0.2, 20), st.floats(1.01, 3), st.integers(1, 100), st.floats(1e-9, 1e-2))
def test_more_noise_fewer_rounds_or_a_larger_delta_give_less_away(noise, more, rounds, delta):
    base = find_epsilon(noise, rounds, delta)
    assert find_epsilon(noise * more, rounds, delta) < base
    assert find_epsilon(noise, rounds + 1, delta) > base
    assert find_epsilon(noise, rounds, delta * more) < base
    assert find_epsilon(noise * np.sqrt(2), 2 * rounds, delta) == pytest.approx(base, rel=1e-9)


def test_the_ends_of_epsilon():
    assert find_epsilon(1.0, 0, 1e-5) == 0.0
    assert find_epsilon(0.0, 1, 1e-5) == np.inf
    assert find_epsilon(1e6, 1, 1e-5) == 0.0


def test_a_client_s_own_noise_counts_half_because_an_update_can_turn_round():
    assert Private(1.0, 4.0, NoiseSource.CLIENT).epsilon(5, 1e-5) == Private(1.0, 2.0).epsilon(
        5, 1e-5
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Private(0.0, 1.0), "clip: 0.0 is out of range"),
        (lambda: Private(1.0, -1.0), "noise: -1.0 is out of range"),
        (lambda: Private(1.0, 1.0, NoiseSource.SHARED), "inner=SecureSum"),
        (lambda: find_epsilon(1.0, 1, 0.0), "delta is 0"),
        (lambda: find_epsilon(-1.0, 1, 0.1), "multiplier is -1"),
    ],
)
def test_bad_settings_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_without_the_library_of_accounting_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "dp_accounting", None)
    with pytest.raises(MissingExtra, match=r'pip install "catallax\[privacy\]"'):
        find_sampled_epsilon(1.0, 0.5, 1, 1e-5)


@pytest.mark.parametrize("bad", [(0.0, 0.5, 1, 0.1), (1.0, 0.0, 1, 0.1), (1.0, 1.0, 0, 0.1)])
def test_bad_values_are_refused(bad):
    with pytest.raises(InputError, match="privacy: multiplier"):
        find_sampled_epsilon(*bad)


def test_the_library_agrees_with_the_exact_formula():
    library = pytest.importorskip("dp_accounting", reason="the extra `privacy` is not installed")
    pld = pytest.importorskip("dp_accounting.pld")
    for noise, rounds in ((4.0, 20), (2.0, 3)):
        exact = find_epsilon(noise, rounds, 1e-5)
        accountant = pld.PLDAccountant()
        accountant.compose(library.GaussianDpEvent(noise), rounds)
        assert accountant.get_epsilon(1e-5) == pytest.approx(exact, rel=1e-6)
        assert exact < find_sampled_epsilon(noise, 1.0, rounds, 1e-5) < 1.15 * exact
        assert find_sampled_epsilon(noise, 0.2, rounds, 1e-5) < 0.5 * exact
