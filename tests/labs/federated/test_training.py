"""Federated averaging against what is known of it: descent, limits, stragglers, the line."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catallax import InputError
from catallax.labs.federated import (
    FedAvg,
    FedProx,
    Linear,
    Local,
    Model,
    Participation,
    Plain,
    Training,
    TrainingEnd,
    TrainingLine,
    train,
    train_alone,
    train_pooled,
)
from catallax.streams import Streams
from tests.labs.federated.conftest import drawn

SIZES = st.lists(st.integers(1, 30), min_size=1, max_size=6)
S = Streams(5)


@given(st.integers(0, 30), SIZES, st.floats(0.01, 0.3))
def test_one_full_step_a_round_is_descent_on_the_pooled_loss(seed, sizes, rate):
    clients = drawn(seed, sizes)
    way = Training(FedAvg(), rounds=15, local=Local(rate, 1))
    together = train(way, Linear(), clients, S).models
    assert together == pytest.approx(train_pooled(way, Linear(), clients, S), abs=1e-12)


def test_many_rounds_of_one_step_end_at_least_squares():
    clients = drawn(1, (12, 30, 7))
    way = Training(FedAvg(), rounds=5000, tol=1e-13, local=Local(0.3, 1))
    found = train(way, Linear(), clients, S)
    best = np.linalg.lstsq(clients.features, clients.targets, rcond=None)[0]
    assert found.stop is TrainingEnd.SETTLED
    assert found.model == pytest.approx(best, abs=1e-10)


def test_many_steps_of_unlike_clients_end_elsewhere():
    """Client drift (Li et al. 2020): each round ends near the mean of clients' own optima."""
    clients = drawn(1, (12, 30, 7))
    best = np.linalg.lstsq(clients.features, clients.targets, rcond=None)[0]
    own = [
        np.linalg.lstsq(c.features, c.targets, rcond=None)[0] for c in map(clients.only, range(3))
    ]
    mean = np.average(own, axis=0, weights=clients.size)
    far = train(Training(FedAvg(), 10, local=Local(0.2, 3000)), Linear(), clients, S).model
    assert far == pytest.approx(mean, abs=1e-6)
    assert np.abs(far - best).max() > 0.05
    # A strong proximal term keeps them together.
    near = train(Training(FedProx(20.0), 600, local=Local(0.03, 20)), Linear(), clients, S).model
    assert np.abs(near - best).max() < 0.1 * np.abs(far - best).max()


@given(st.integers(0, 30), SIZES, st.sampled_from([None, 3]))
def test_fedprox_without_its_term_is_fedavg_to_the_bit(seed, sizes, batch):
    clients = drawn(seed, sizes)
    way = Training(FedAvg(), 5, local=Local(0.1, 4, batch), participation=Participation(0.7))
    free = replace(way, rule=FedProx(0.0))
    a, b = (train(x, Linear(), clients, Streams(seed)).models for x in (way, free))
    assert np.array_equal(a, b)


def test_a_stronger_proximal_term_moves_less():
    clients = drawn(2, (20, 20, 20))
    moved = [
        np.abs(train(Training(FedProx(mu), 1, local=Local(0.05, 20)), Linear(), clients, S).model)
        for mu in (0.0, 1.0, 10.0)
    ]
    assert (moved[0] > moved[1]).all()
    assert (moved[1] > moved[2]).all()


def test_the_proximal_step_is_the_formula():
    """One client, two steps by hand."""
    clients = drawn(3, (6,))
    x, y, w = clients.features, clients.targets, np.zeros(3)
    for _ in range(2):
        w = w - 0.1 * (x.T @ (x @ w - y) / 6 + 0.7 * w)
    found = train(Training(FedProx(0.7), 1, local=Local(0.1, 2)), Linear(), clients, S).model
    assert found == pytest.approx(w, abs=1e-13)


def test_stragglers_are_dropped_by_fedavg_and_taken_by_fedprox():
    clients = drawn(4, (10, 10, 10))
    way = Training(FedAvg(), 1, local=Local(0.1, 5), participation=Participation(stragglers=1.0))
    dropped = train(way, Linear(), clients, S)
    assert dropped.refused == ((0, "nobody's update arrived"),)
    assert np.array_equal(dropped.model, np.zeros(3))
    taken = train(replace(way, rule=FedProx(0.0)), Linear(), clients, S)
    assert taken.refused == ()
    steps = way.participation.draw(3, 5, S, 0).steps
    by_hand = np.mean(
        [
            train_alone(
                Training(FedAvg(), 1, local=Local(0.1, int(k))), Linear(), clients.only(c), S
            )[1, 0]
            for c, k in enumerate(steps)
        ],
        axis=0,
    )
    assert (steps < 5).all()
    assert (steps > 0).all()
    assert taken.model == pytest.approx(by_hand, abs=1e-14)


def test_weights_are_examples_or_alike():
    clients = drawn(6, (1, 9))
    ends = train_alone(Training(FedAvg(), 1), Linear(), clients, S)[1]
    by_examples = train(Training(FedAvg(), 1), Linear(), clients, S).model
    assert by_examples == pytest.approx(0.1 * ends[0] + 0.9 * ends[1], abs=1e-14)
    way = Training(FedAvg(), 1, aggregation=Plain(by_examples=False))
    assert train(way, Linear(), clients, S).model == pytest.approx(ends.mean(axis=0), abs=1e-14)


@pytest.mark.parametrize("batch", [None, 2])
def test_the_same_seed_gives_the_same_bits_and_another_does_not(batch):
    clients = drawn(0, (8, 8, 8))
    way = Training(
        FedProx(0.1), 6, local=Local(0.1, 3, batch), line=TrainingLine(0.05, 12),
        participation=Participation(0.7, stragglers=0.3, dropout=0.2),
    )  # fmt: skip
    a, b, c = (train(way, Linear(), clients, Streams(s)).models for s in (1, 1, 2))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_a_model_that_grows_beyond_all_bounds_is_a_result():
    found = train(Training(FedAvg(), 500, local=Local(50.0, 5)), Linear(), drawn(), S)
    assert found.stop is TrainingEnd.DIVERGED
    assert np.isfinite(found.models).all()
    assert found.rounds < 500


@dataclass(frozen=True)
class Logistic(Model):
    """Something that is not linear."""

    def size(self, width):
        return width

    def loss(self, w, clients):
        z = (w[clients.of_example] * clients.features).sum(axis=1)
        each = np.log1p(np.exp(z)) - clients.targets * z
        return clients.sums(each[:, None])[:, 0] / clients.size

    def gradient(self, w, clients):
        z = (w[clients.of_example] * clients.features).sum(axis=1)
        off = 1 / (1 + np.exp(-z)) - clients.targets
        return clients.sums(off[:, None] * clients.features) / clients.size[:, None]


def test_any_model_with_a_gradient_will_do():
    clients = drawn(0, (200, 300), noise=3.0)
    yes = replace(clients, targets=(clients.targets > 0).astype(float))
    way = Training(FedAvg(), 2000, 1e-12, Local(0.5, 1))
    found = train(way, Logistic(), yes, S)
    together = Logistic().gradient(found.model[None], yes.pooled)
    assert np.abs(together).max() < 1e-10


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Training(FedAvg(), 0), "rounds: 0 is out of range"),
        (lambda: Training(FedAvg(), tol=-1.0), "tol: -1.0 is out of range"),
        (lambda: FedProx(-0.1), "mu: -0.1 is out of range"),
        (lambda: train(Training(FedAvg()), Linear(), drawn(), S, np.zeros(2)), "expected \\(3,\\)"),
    ],
)
def test_bad_settings_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
